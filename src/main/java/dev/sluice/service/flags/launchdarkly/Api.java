package dev.sluice.service.flags.launchdarkly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.config.LaunchDarklyEndpoint;
import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.web.JsonApi;
import dev.sluice.service.web.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Requests to LaunchDarkly, and what its answers mean. */
final class Api {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_SHOWN = 200;

  private final String name;
  private final LaunchDarklyEndpoint config;
  private final InstantSource clock;
  private final JsonApi api;

  Api(Vertx vertx, String name, LaunchDarklyEndpoint config, InstantSource clock, String version) {
    this.name = name;
    this.config = config;
    this.clock = clock;
    this.api =
        new JsonApi(
            vertx,
            config.url(),
            Map.of("Authorization", config.token().value(), "User-Agent", "sluice/" + version),
            new Tls(Optional.empty(), false),
            config.timeout());
  }

  /** What came back. */
  sealed interface Got {
    record Flag(JsonNode json) implements Got {}

    /** Somebody else was faster. */
    record Conflict() implements Got {}

    record Not(Trouble trouble) implements Got {}
  }

  /** "LaunchDarkly 'ld'". */
  String name() {
    return "LaunchDarkly '" + name + "'";
  }

  private static String flag(String project, String key) {
    return "/api/v2/flags/" + escaped(project) + "/" + escaped(key);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Future<Got> get(String project, String key, String environment) {
    return api.send(
            HttpMethod.GET,
            flag(project, key) + "?env=" + escaped(environment),
            Optional.empty(),
            "")
        .map(reply -> got(reply, key));
  }

  /**
   * @param dry only ask whether it would be done
   */
  Future<Got> patch(String project, String key, Patch patch, boolean dry) {
    return api.send(
            HttpMethod.PATCH,
            flag(project, key) + (dry ? "?dryRun=true" : ""),
            Optional.of(Patch.TYPE),
            patch.text())
        .map(reply -> got(reply, key));
  }

  private Got got(Reply reply, String key) {
    return switch (reply) {
      case Reply.None none ->
          new Got.Not(
              Trouble.of(
                  Trouble.Kind.UNAVAILABLE,
                  name() + " " + none.what() + ". Is flags." + name + ".url right?"));
      case Reply.Answered a when a.success() -> read(a.body());
      case Reply.Answered a when a.status() == 409 -> new Got.Conflict();
      case Reply.Answered a -> new Got.Not(trouble(a, key));
    };
  }

  private Got read(String body) {
    Optional<JsonNode> flag = json(body).filter(json -> json.path("variations").isArray());
    return flag.<Got>map(Got.Flag::new)
        .orElseGet(
            () ->
                new Got.Not(
                    Trouble.of(
                        Trouble.Kind.UNAVAILABLE,
                        name()
                            + " sent an answer that is no flag of LaunchDarkly's. Is flags."
                            + name
                            + ".url right?")));
  }

  private static Optional<JsonNode> json(String body) {
    try {
      return Optional.ofNullable(JSON.readTree(body));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private Trouble trouble(Reply.Answered a, String key) {
    String said = name() + " answered " + a.status() + message(a) + ".";
    return switch (a.status()) {
      case 401 ->
          Trouble.of(
              Trouble.Kind.DENIED,
              said + " It does not know our token: put a valid one into flags." + name + ".token.");
      case 403 ->
          Trouble.of(
              Trouble.Kind.DENIED, said + " Our token may not do this: give it a role that may.");
      case 404 ->
          Trouble.of(
              Trouble.Kind.MISSING,
              said + " There is no flag " + key + ", or our token does not see it.");
      case 405 ->
          Trouble.of(
              Trouble.Kind.ASKS,
              said
                  + " Changes in this environment need an approval: request it there for flag "
                  + key
                  + ", or let our token's role go without.");
      case 429 -> new Trouble(Trouble.Kind.BUSY, said, reset(a));
      default ->
          new Trouble(
              a.status() >= 500 || a.redirect() ? Trouble.Kind.UNAVAILABLE : Trouble.Kind.UNFIT,
              said,
              a.after(clock.instant()));
    };
  }

  /** When it may be asked again, in milliseconds since 1970. */
  private Optional<Duration> reset(Reply.Answered a) {
    return Optional.ofNullable(a.headers().get("X-Ratelimit-Reset"))
        .filter(header -> header.matches("[0-9]{1,15}"))
        .map(header -> Instant.ofEpochMilli(Long.parseLong(header)))
        .map(then -> Duration.between(clock.instant(), then))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .or(() -> a.after(clock.instant()));
  }

  private String message(Reply.Answered a) {
    String message =
        json(a.body())
            .map(json -> json.path("message").asText(""))
            .orElse("")
            .replaceAll("[\\p{Cntrl}\\s]+", " ")
            .replace(config.token().value(), "(secret)")
            .strip()
            .replaceFirst("\\.$", "");
    if (message.isEmpty()) {
      return "";
    }
    return ": "
        + (message.length() > MOST_SHOWN ? message.substring(0, MOST_SHOWN) + "…" : message);
  }
}
