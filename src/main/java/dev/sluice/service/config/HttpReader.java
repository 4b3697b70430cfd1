package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Http;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.config.ServerConfig.Token;
import dev.sluice.service.plan.yaml.Field;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads where the server listens and who may use it. */
final class HttpReader {
  static final String HOST = "SLUICE_HTTP_HOST";
  static final String PORT = "SLUICE_HTTP_PORT";

  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9.:_%-]{1,255}");
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1");
  private static final int SHORTEST_SECRET = 16;

  private final References references;

  HttpReader(References references) {
    this.references = references;
  }

  Http read(Field field) {
    String host = host(field.at("host"));
    int port = port(field.at("port"));
    Field url = field.at("publicUrl");
    Optional<URI> publicUrl = Addresses.read(url, references);
    List<Token> tokens =
        field.at("tokens").items().stream().flatMap(item -> token(item).stream()).toList();
    unique(field.at("tokens"));
    AccessReader access = new AccessReader(references);
    Optional<ServerConfig.Oidc> oidc = access.oidc(field.at("oidc"));
    Optional<ServerConfig.ServerTls> tls = access.tls(field.at("tls"));
    access.unique(field);
    boolean nobodyKnown =
        field.at("tokens").items().isEmpty()
            && !field.at("oidc").given()
            && field.at("tls").at("clients").items().isEmpty();
    if (!LOOPBACK.matcher(host).matches() && nobodyKnown) {
      field
          .at("host")
          .problem(
              "others than this machine reach '"
                  + host
                  + "', and there is no token: anybody could"
                  + " promote and roll back",
              "add http.tokens, or bind to 127.0.0.1");
    }
    int perSecond = (int) field.at("requestsPerSecond").whole().orElse(Http.REQUESTS_PER_SECOND);
    return new Http(host, port, publicUrl, tokens, oidc, tls, perSecond);
  }

  private String host(Field field) {
    Optional<String> override = references.override(HOST);
    String host = override.or(field::text).orElse("127.0.0.1");
    if (!HOST_NAME.matcher(host).matches()) {
      String who = override.isPresent() ? HOST + " is" : "the host is";
      field.problem(
          who + " '" + host + "', which is no host name and no address",
          "like 0.0.0.0; the port has its own field");
    }
    return host;
  }

  private int port(Field field) {
    Optional<String> override = references.override(PORT);
    if (override.isEmpty()) {
      return (int) Math.max(0, Math.min(65_535, field.whole().orElse(8080)));
    }
    OptionalInt port = number(override.get());
    if (port.isEmpty()) {
      field.problem(PORT + " is '" + override.get() + "', which is no port", "0 to 65535");
    }
    return port.orElse(0);
  }

  private static OptionalInt number(String text) {
    boolean digits = text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535;
    return digits ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  private Optional<Token> token(Field field) {
    Optional<Secret> secret = references.secret(field.at("secret"));
    if (secret.filter(s -> s.value().length() < SHORTEST_SECRET).isPresent()) {
      field
          .at("secret")
          .problem(
              "the secret is shorter than " + SHORTEST_SECRET + " characters",
              "make one with: openssl rand -hex 32");
    }
    Optional<String> name = field.at("name").text();
    Optional<Role> role = field.at("role").oneOf(Role.class);
    return name.isEmpty() || role.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new Token(name.get(), role.get(), secret.get()));
  }

  /** One name is one person in the audit, and one secret belongs to one name. */
  private void unique(Field tokens) {
    Map<String, Field> names = new HashMap<>();
    Map<String, Field> secrets = new HashMap<>();
    for (Field token : tokens.items()) {
      Field name = token.at("name");
      Optional.ofNullable(
              name.text().isPresent() ? names.putIfAbsent(name.text().get(), name) : null)
          .ifPresent(
              first ->
                  name.problem(
                      "a token of this name stands further up",
                      "in line " + first.line() + "; to rotate, call one of them ci-new"));
      Field secret = token.at("secret");
      Optional<String> raw = secret.text();
      Optional.ofNullable(raw.isPresent() ? secrets.putIfAbsent(raw.get(), secret) : null)
          .ifPresent(
              first ->
                  secret.problem(
                      "this secret belongs to another token already",
                      "in line " + first.line() + "; give each token its own"));
    }
  }
}
