package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Store;
import dev.sluice.service.plan.yaml.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where decisions are kept: a file, or a PostgreSQL database. */
final class StoreReader {
  static final String FILE = "SLUICE_STORE_FILE";

  private static final int PORT = 5432;
  private static final int CONNECTIONS = 8;
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");

  private final References references;

  StoreReader(References references) {
    this.references = references;
  }

  Store read(Field field) {
    Field postgresql = field.at("postgresql");
    if (!postgresql.given()) {
      return new Store.Sqlite(file(field.at("file")));
    }
    if (field.at("file").given()) {
      field
          .at("file")
          .problemOfKey("'file' and 'postgresql' are both given", "take one of them out");
    }
    references
        .override(FILE)
        .ifPresent(
            file ->
                postgresql.problemOfKey(
                    FILE + " names the file " + file + ", and the store is PostgreSQL",
                    "unset it, or take 'postgresql' out"));
    return postgresql(postgresql);
  }

  private Store postgresql(Field field) {
    String host = references.resolve(field.at("host")).orElse("");
    if (field.at("host").given() && !host.isEmpty() && !HOST.matcher(host).matches()) {
      field
          .at("host")
          .problem(
              "this is no host name and no address", "like db.example; the port has its own field");
    }
    return new Store.Postgresql(
        host,
        (int) field.at("port").whole().orElse(PORT),
        references.resolve(field.at("database")).orElse("sluice"),
        references.resolve(field.at("user")).orElse("sluice"),
        references.secret(field.at("password")),
        field.at("schema").text().orElse("sluice"),
        (int) field.at("connections").whole().orElse(CONNECTIONS),
        protection(field.at("tls"), host));
  }

  private Store.Protection protection(Field field, String host) {
    String mode =
        field.at("mode").text().orElse(LOOPBACK.matcher(host).matches() ? "none" : "verify");
    Field caFile = field.at("caFile");
    Optional<Path> path = caFile.text().flatMap(references::path);
    path.ifPresent(p -> Certificates.check(caFile, p));
    if (path.isPresent() && !mode.equals("verify")) {
      caFile.problemOfKey("'caFile' means nothing with mode '" + mode + "'", "write mode: verify");
    }
    return switch (mode) {
      case "none" -> new Store.Protection.Off();
      case "unverified" -> new Store.Protection.Unverified();
      default -> new Store.Protection.Verified(path);
    };
  }

  /** The store's own file need not exist; its folder must, and both must be writable. */
  private Path file(Field field) {
    Optional<String> override = references.override(FILE);
    Path working = Path.of("").toAbsolutePath();
    Optional<Path> path =
        override.isPresent()
            ? new References(working, Map.of()).path(override.get())
            : field.text().isPresent()
                ? references.path(field.text().get())
                : Optional.of(working.resolve("sluice.db"));
    if (path.isEmpty()) {
      field.problem("this is no name of a file", "like /var/lib/sluice/sluice.db");
      return working;
    }
    usable(field, path.get().toAbsolutePath());
    return path.get();
  }

  private static void usable(Field field, Path file) {
    Path folder = file.getParent();
    if (Files.isDirectory(file)) {
      field.problem("the store " + file + " is a folder", "name a file in it");
    } else if (folder == null || !Files.isDirectory(folder)) {
      field.problem("the folder of the store " + file + " does not exist", "create it");
    } else if (!Files.isWritable(folder) || (Files.exists(file) && !Files.isWritable(file))) {
      field.problem("the store " + file + " cannot be written", "let this user write there");
    }
  }
}
