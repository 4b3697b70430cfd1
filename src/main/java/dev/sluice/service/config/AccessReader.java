package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Client;
import dev.sluice.service.config.ServerConfig.Oidc;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.config.ServerConfig.ServerTls;
import dev.sluice.service.plan.yaml.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads who is known otherwise than by our own tokens: by an issuer's, by certificates. */
final class AccessReader {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  private final References references;

  AccessReader(References references) {
    this.references = references;
  }

  Optional<Oidc> oidc(Field field) {
    if (!field.given()) {
      return Optional.empty();
    }
    Optional<URI> issuer = Addresses.read(field.at("issuer"), references);
    issuer
        .filter(url -> "http".equalsIgnoreCase(url.getScheme()))
        .filter(url -> !LOOPBACK.matcher(url.getHost()).matches())
        .ifPresent(
            url ->
                field
                    .at("issuer")
                    .problem(
                        "keys that come over http could be anybody's, and so would be the roles",
                        "use the issuer's https address"));
    Field caFile = field.at("caFile");
    Optional<Path> ca = certificates(caFile);
    Map<String, Role> roles = roles(field.at("roles"));
    Optional<String> audience = field.at("audience").text();
    return issuer.isEmpty() || audience.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Oidc(
                issuer.get(),
                audience.get(),
                field.at("nameClaim").text().orElse("sub"),
                field.at("roleClaim").text().orElse("groups"),
                roles,
                ca));
  }

  private static Map<String, Role> roles(Field field) {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Field item : field.items()) {
      Optional<String> value = item.at("value").text();
      Optional<Role> role = item.at("role").oneOf(Role.class);
      if (value.isPresent() && role.isPresent()) {
        if (roles.putIfAbsent(value.get(), role.get()) != null) {
          item.at("value").problem("this value stands further up already", "take one of them out");
        }
      }
    }
    return roles;
  }

  Optional<ServerTls> tls(Field field) {
    if (!field.given()) {
      return Optional.empty();
    }
    Optional<Path> cert = certificates(field.at("certFile"));
    Optional<Path> key = key(field.at("keyFile"));
    Optional<Path> clientCa = certificates(field.at("clientCaFile"));
    List<Client> clients = new ArrayList<>();
    for (Field item : field.at("clients").items()) {
      client(item).ifPresent(clients::add);
    }
    if (!field.at("clients").items().isEmpty() && !field.at("clientCaFile").given()) {
      field
          .at("clients")
          .problemOfKey(
              "nobody says whose certificates are believed",
              "add clientCaFile: /etc/sluice/ca.pem");
    }
    return cert.isEmpty() || key.isEmpty()
        ? Optional.empty()
        : Optional.of(new ServerTls(cert.get(), key.get(), clientCa, clients));
  }

  private static Optional<Client> client(Field field) {
    Optional<String> certificate = field.at("certificate").text();
    Optional<String> name = field.at("name").text();
    Optional<Role> role = field.at("role").oneOf(Role.class);
    return certificate.isEmpty() || name.isEmpty() || role.isEmpty()
        ? Optional.empty()
        : Optional.of(new Client(certificate.get(), name.get(), role.get()));
  }

  private Optional<Path> certificates(Field field) {
    Optional<Path> path = field.text().flatMap(references::path);
    path.ifPresent(p -> Certificates.check(field, p));
    return path;
  }

  private Optional<Path> key(Field field) {
    Optional<Path> path = field.text().flatMap(references::path);
    path.filter(p -> !Files.isReadable(p))
        .ifPresent(
            p ->
                field.problem(
                    "the file " + p + " cannot be read", "create it, or let this user read it"));
    return path;
  }

  /** A certificate is one person, and a person's name is that of no token. */
  void unique(Field http) {
    Map<String, Field> names = new HashMap<>();
    http.at("tokens")
        .items()
        .forEach(t -> t.at("name").text().ifPresent(n -> names.put(n, t.at("name"))));
    Map<String, Field> certificates = new HashMap<>();
    for (Field client : http.at("tls").at("clients").items()) {
      once(client.at("name"), names, "somebody of this name stands further up");
      once(client.at("certificate"), certificates, "this certificate stands further up");
    }
  }

  private static void once(Field field, Map<String, Field> seen, String problem) {
    Optional<Field> first = field.text().map(text -> seen.putIfAbsent(text, field));
    first.ifPresent(f -> field.problem(problem, "in line " + f.line()));
  }
}
