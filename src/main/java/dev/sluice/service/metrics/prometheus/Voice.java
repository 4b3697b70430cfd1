package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Credentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The sentences about one metrics system: what happened, where, and what would help. Knows the
 * secrets of that system in order to keep them out of what others (the system itself, a proxy, an
 * exception) put into their messages.
 */
final class Voice {
  private static final int SHORTEST_SECRET = 4;

  private final String name;
  private final ServerConfig.Prometheus config;
  private final List<String> secrets = new ArrayList<>();

  Voice(String name, ServerConfig.Prometheus config) {
    this.name = name;
    this.config = config;
    config.headers().values().stream().map(Secret::value).forEach(secrets::add);
    switch (config.credentials()) {
      case Credentials.None c -> {}
      case Credentials.Bearer c -> secrets.add(c.token().value());
      case Credentials.Basic c -> {
        secrets.add(c.password().value());
        secrets.add(basic(c));
      }
    }
    if (config.url().getUserInfo() != null) {
      secrets.add(config.url().getUserInfo());
    }
    // A secret of one letter would turn every message into riddles and protect nothing.
    secrets.removeIf(s -> s.length() < SHORTEST_SECRET);
  }

  static String basic(Credentials.Basic credentials) {
    String pair = credentials.user() + ":" + credentials.password().value();
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** The system by the name people gave it, and where it is. */
  String place() {
    return "Prometheus '" + name + "' at " + address(config.url());
  }

  /** An address without what may be secret in it. */
  private static String address(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getPath() == null || uri.getPath().equals("/") ? "" : uri.getPath();
    return uri.getHost() == null ? path : uri.getScheme() + "://" + uri.getHost() + port + path;
  }

  /** The configuration key that would have to be changed. */
  private String key(String setting) {
    return "prometheus." + name + "." + setting + " in the server configuration";
  }

  private String foreign(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, "(secret)");
    }
    return Trouble.shown(clean);
  }

  private Trouble trouble(Absence why, String what, String remedy) {
    return new Trouble(why, place() + " " + what + ". " + remedy);
  }

  Trouble notReached(String what) {
    return trouble(
        Absence.UNREACHABLE,
        "cannot be reached (" + foreign(what) + ")",
        "Is it up, and is " + key("url") + " right?");
  }

  Trouble notTrusted(String what) {
    return trouble(
        Absence.UNREACHABLE,
        "has a certificate that is not trusted (" + foreign(what) + ")",
        "Name the authority in " + key("tls.caFile") + ".");
  }

  Trouble cut() {
    return trouble(
        Absence.UNREACHABLE,
        "closed the connection before its answer was complete, twice",
        "Look at its log and at what lies between.");
  }

  Trouble late(Duration deadline) {
    return trouble(
        Absence.UNREACHABLE,
        "gave no answer within " + seconds(deadline),
        "If it is only slow, narrow the plan's selectors or raise " + key("deadline") + ".");
  }

  Trouble noSlot(Duration deadline) {
    return trouble(
        Absence.UNREACHABLE,
        "was kept busy by "
            + config.concurrency()
            + " other queries of ours for "
            + seconds(deadline),
        "If it can bear more, raise " + key("concurrency") + ".");
  }

  Trouble tooLarge() {
    return trouble(
        Absence.TOO_LARGE,
        "sent more than " + config.maxBytes() + " bytes for one query; the rest was not read",
        "Narrow the plan's selectors or raise " + key("maxBytes") + ".");
  }

  Trouble unreadable(Unreadable e, String contentType) {
    if (e.why() == Absence.TOO_MANY_SERIES) {
      return trouble(
          e.why(),
          "sent an answer that " + e.getMessage(),
          "Narrow the plan's selectors or raise " + key("maxSeries") + ".");
    }
    return trouble(
        e.why(),
        "sent an answer that " + foreign(String.valueOf(e.getMessage())) + type(contentType),
        contentType.contains("html")
            ? "That is a web page, probably of a login or a proxy: check "
                + key("url")
                + " and the credentials there."
            : "Check " + key("url") + " and what lies between.");
  }

  private String type(String contentType) {
    return contentType.isEmpty() ? "" : " (" + foreign(contentType) + ")";
  }

  Trouble notHttp(String what) {
    return trouble(
        Absence.MALFORMED,
        "does not answer in HTTP (" + foreign(what) + ")",
        "Check scheme and port of " + key("url") + ".");
  }

  Trouble partial(List<String> warnings) {
    return trouble(
        Absence.PARTIAL,
        "says that its answer is not whole: " + foreign(String.join("; ", warnings)),
        "Until it is, nothing is concluded from it.");
  }

  Trouble redirect(int status, String location) {
    return trouble(
        Absence.MALFORMED,
        "redirects (" + status + ") to " + target(location),
        "Redirects are not followed: set "
            + key("url")
            + " to the final address; if that is a login page, check the credentials.");
  }

  private String target(String location) {
    try {
      return foreign(address(URI.create(location)));
    } catch (IllegalArgumentException e) {
      return "an address that cannot be read";
    }
  }

  Trouble credentials(int status) {
    return trouble(
        Absence.UNAUTHORIZED,
        "refuses our credentials (" + status + ")",
        "Check bearer or basic, and headers, of prometheus."
            + name
            + " in the server configuration.");
  }

  Trouble refused(String promql, String message) {
    return trouble(
        Absence.BAD_QUERY,
        "refuses the query " + Trouble.shown(promql) + ": " + foreign(message),
        "Correct it in the plan.");
  }

  Trouble failed(String promql, String type, String message) {
    return trouble(
        Absence.SOURCE_ERROR,
        "could not carry out "
            + Trouble.shown(promql)
            + ": "
            + foreign(message)
            + " ("
            + foreign(type)
            + ")",
        "Its log says more.");
  }

  Trouble status(int status) {
    return switch (status) {
      case 404, 405 ->
          trouble(
              Absence.MALFORMED,
              "has no query API there (" + status + ")",
              "Is " + key("url") + " right? It ends before /api/v1.");
      case 429 ->
          trouble(
              Absence.SOURCE_ERROR,
              "asks for fewer queries (429)",
              "Lower " + key("concurrency") + " or look less often.");
      case 502, 503, 504 ->
          trouble(
              Absence.UNREACHABLE,
              "is not ready, or a proxy in front of it does not reach it (" + status + ")",
              "Is it up?");
      default ->
          trouble(
              Absence.SOURCE_ERROR, "answered with status " + status, "Its log should say why.");
    };
  }

  private static String seconds(Duration d) {
    return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() + " ms";
  }
}
