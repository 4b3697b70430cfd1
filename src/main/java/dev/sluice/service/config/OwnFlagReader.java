package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the flag systems of teams that have none: what we serve, and what routes instead. */
final class OwnFlagReader {
  /** Variables and what stands between them; nothing that could end the word in nginx's file. */
  private static final Pattern SPLIT_BY =
      Pattern.compile("[A-Za-z0-9_$.:/-]*\\$[a-z][a-z0-9_]*[A-Za-z0-9_$.:/-]*");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/-]{1,200}");
  private static final int SHORTEST_TOKEN = 16;
  private static final List<String> TEST = List.of("nginx", "-t", "-q");
  private static final List<String> RELOAD = List.of("nginx", "-s", "reload");

  private final References references;

  OwnFlagReader(References references) {
    this.references = references;
  }

  FlagdEndpoint flagd(Field field, Duration timeout) {
    Optional<Path> file = field.at("file").given() ? file(field.at("file")) : Optional.empty();
    return new FlagdEndpoint(file, token(field.at("token")), timeout);
  }

  private Optional<Secret> token(Field field) {
    Optional<Secret> token = references.secret(field);
    if (token.filter(t -> t.value().length() < SHORTEST_TOKEN).isPresent()) {
      field.problem(
          "the token is shorter than " + SHORTEST_TOKEN + " characters",
          "make one with: openssl rand -hex 32");
    }
    return token;
  }

  /**
   * A file in a folder that is there: a misspelt one must not be found out at the first rollback.
   */
  private Optional<Path> file(Field field) {
    Optional<Path> file = references.resolve(field).flatMap(references::path);
    Optional<Path> folder = file.map(Path::toAbsolutePath).map(Path::getParent);
    if (folder.filter(Files::isDirectory).isEmpty()) {
      field.problem(
          "the folder of '" + field.text().orElse("") + "' is not there",
          "create it, and let this user write to it");
      return Optional.empty();
    }
    return file;
  }

  Optional<NginxEndpoint> nginx(Field field, Duration timeout) {
    Optional<Path> file = file(field.at("file"));
    String splitBy =
        checked(
            field.at("splitBy"),
            "",
            SPLIT_BY,
            "like $cookie_session or $remote_addr$http_user_agent");
    String canary = checked(field.at("canary"), "on", WORD, "like on, or the name of an upstream");
    String baseline =
        checked(field.at("baseline"), "off", WORD, "like off, or the name of an upstream");
    if (canary.equals(baseline)) {
      field
          .at("baseline")
          .problem("canary and baseline are both '" + canary + "'", "they must differ");
    }
    return file.map(
        f ->
            new NginxEndpoint(
                f,
                splitBy,
                canary,
                baseline,
                words(field.at("test"), TEST),
                reload(field),
                timeout));
  }

  private NginxEndpoint.Reload reload(Field field) {
    Field pidFile = field.at("pidFile");
    if (pidFile.given() && field.at("reload").given()) {
      pidFile.problemOfKey("there is 'reload' as well", "nginx is told in one way: take one out");
    }
    return references
        .resolve(pidFile)
        .flatMap(references::path)
        .<NginxEndpoint.Reload>map(NginxEndpoint.Reload.Signal::new)
        .orElseGet(() -> new NginxEndpoint.Reload.Command(words(field.at("reload"), RELOAD)));
  }

  private static List<String> words(Field field, List<String> otherwise) {
    return field.given() ? field.texts() : otherwise;
  }

  private static String checked(Field field, String otherwise, Pattern pattern, String hint) {
    String text = field.text().orElse(otherwise);
    if (!pattern.matcher(text).matches()) {
      field.problem("'" + text + "' cannot be written into nginx's configuration", hint);
    }
    return text;
  }
}
