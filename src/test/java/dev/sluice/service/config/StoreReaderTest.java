package dev.sluice.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.service.config.ServerConfig.Store;
import dev.sluice.service.plan.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where decisions are kept, when that is PostgreSQL. */
class StoreReaderTest {
  private static final String BASE = "prometheus: { main: { url: 'http://127.0.0.1:9090' } }\n";
  private static final Map<String, String> ENVIRONMENT = Map.of("DB_PASSWORD", "s3cret w/ blanks");

  @TempDir Path folder;

  private Store read(String store) {
    ConfigReading reading = ConfigReader.read(BASE + store, folder, ENVIRONMENT);
    if (reading instanceof ConfigReading.Broken broken) {
      throw new AssertionError(broken.problems().toString());
    }
    return ((ConfigReading.Ok) reading).config().store();
  }

  private List<String> said(String store, Map<String, String> environment) {
    return switch (ConfigReader.read(BASE + store, folder, environment)) {
      case ConfigReading.Ok ok -> List.of("nothing");
      case ConfigReading.Broken broken ->
          broken.problems().stream()
              .map(p -> p.at("").replaceFirst("^: ?", "").replace(folder.toString(), "FOLDER"))
              .toList();
    };
  }

  @Test
  void theHostIsAllThatMustBeSaid() {
    assertEquals(
        new Store.Postgresql(
            "db.example",
            5432,
            "sluice",
            "sluice",
            Optional.empty(),
            "sluice",
            8,
            new Store.Protection.Verified(Optional.empty())),
        read("store: { postgresql: { host: db.example } }"));
  }

  @Test
  void everythingCanBeSaid() throws Exception {
    Files.writeString(folder.resolve("ca.pem"), Texts.resource("/config/ca.pem"));
    assertEquals(
        new Store.Postgresql(
            "10.0.0.7",
            6432,
            "deploy",
            "gate",
            Optional.of(new Secret("s3cret w/ blanks")),
            "gates",
            20,
            new Store.Protection.Verified(Optional.of(folder.resolve("ca.pem")))),
        read(
            """
            store:
              postgresql:
                host: 10.0.0.7
                port: 6432
                database: deploy
                user: gate
                password: ${env:DB_PASSWORD}
                schema: gates
                connections: 20
                tls: { mode: verify, caFile: ca.pem }
            """));
  }

  @Test
  void onlyOnThisMachineIsTheConnectionNotEncrypted() {
    Store.Postgresql local = (Store.Postgresql) read("store: { postgresql: { host: 127.0.0.1 } }");
    assertEquals(new Store.Protection.Off(), local.protection());
  }

  @Test
  void thePasswordIsNeverShown() {
    String shown =
        read("store: { postgresql: { host: db, password: '${env:DB_PASSWORD}' } }").toString();
    assertFalse(shown.contains("s3cret"), shown);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertEquals(
        List.of(
            "2:10: 'file' and 'postgresql' are both given (take one of them out)",
            "2:42: this is no host name and no address (like db.example; the port has its own field)",
            "2:69: the environment variable NOWHERE is not set (set it for this process, or use ${file:/path})",
            "2:106: 'caFile' means nothing with mode 'none' (write mode: verify)",
            "2:114: the file FOLDER/ca.pem cannot be read (check its name and its rights)"),
        said(
            "store: { file: a.db, postgresql: { host: 'postgres://db', password: '${env:NOWHERE}',"
                + " tls: { mode: none, caFile: ca.pem } } }",
            Map.of()));
  }

  @Test
  void aFileInTheEnvironmentAndADatabaseInTheConfigurationDoNotGoTogether() {
    assertEquals(
        List.of(
            "2:10: SLUICE_STORE_FILE names the file /data/s.db, and the store is PostgreSQL (unset it, or take 'postgresql' out)"),
        said("store: { postgresql: { host: db } }", Map.of("SLUICE_STORE_FILE", "/data/s.db")));
  }

  @Test
  void aSchemaIsAName() {
    assertEquals(
        1, said("store: { postgresql: { host: db, schema: 'a\"; drop' } }", Map.of()).size());
  }
}
