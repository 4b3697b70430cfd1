package dev.sluice.service.flags.unleash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import dev.sluice.service.web.JsonApi;
import dev.sluice.service.web.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The admin API: questions, writes, and what its answers mean. */
final class UnleashApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_SHOWN = 200;

  private final String name;
  private final FlagEndpoint.Unleash config;
  private final InstantSource clock;
  private final JsonApi api;

  UnleashApi(
      Vertx vertx, String name, FlagEndpoint.Unleash config, InstantSource clock, String version) {
    this.name = name;
    this.config = config;
    this.clock = clock;
    this.api =
        new JsonApi(
            vertx,
            config.url(),
            Map.of("Authorization", config.token().value(), "User-Agent", "sluice/" + version),
            config.tls(),
            config.timeout());
  }

  /** "Unleash 'prod'". */
  String name() {
    return "Unleash '" + name + "'";
  }

  /** Where in the server configuration something would have to be changed. */
  String setting(String field) {
    return "flags." + name + "." + field + " of the server configuration";
  }

  Future<Asked<JsonNode>> get(String path) {
    return api.send(HttpMethod.GET, path, Optional.empty(), "").map(this::asked);
  }

  private Asked<JsonNode> asked(Reply reply) {
    return switch (reply) {
      case Reply.None none -> new Asked.Not<>(unavailable(none.what()));
      case Reply.Answered a -> a.success() ? read(a.body()) : new Asked.Not<>(trouble(a));
    };
  }

  private Asked<JsonNode> read(String body) {
    Optional<JsonNode> json = json(body).filter(node -> node.isObject() || node.isArray());
    return json.<Asked<JsonNode>>map(Asked.Got::new).orElseGet(() -> new Asked.Not<>(nonsense()));
  }

  private static Optional<JsonNode> json(String body) {
    try {
      return Optional.ofNullable(JSON.readTree(body));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * @param body empty: none
   */
  Future<Written> post(String path, String body) {
    return write(HttpMethod.POST, path, body);
  }

  Future<Written> patch(String path, String body) {
    return write(HttpMethod.PATCH, path, body);
  }

  private Future<Written> write(HttpMethod method, String path, String body) {
    Optional<String> type = body.isEmpty() ? Optional.empty() : Optional.of("application/json");
    return api.send(method, path, type, body).map(this::written);
  }

  private Written written(Reply reply) {
    return switch (reply) {
      case Reply.None none -> new Written.NotDone(unavailable(none.what()));
      case Reply.Answered a when a.success() -> new Written.Done();
      case Reply.Answered a when a.status() == 500 && a.body().contains("TEST_OPERATION_FAILED") ->
          new Written.Overtaken();
      // An archived flag serves nobody, and cannot be turned off any more.
      case Reply.Answered a when a.status() == 400 && a.body().contains("ArchivedFeatureError") ->
          new Written.Done();
      case Reply.Answered a -> new Written.NotDone(trouble(a));
    };
  }

  Trouble nonsense() {
    return unavailable(
        "sent an answer that is not Unleash's. Is " + setting("url") + " right?", "");
  }

  private Trouble unavailable(String what) {
    return unavailable(what, ". Is it up, and is " + setting("url") + " right?");
  }

  private Trouble unavailable(String what, String remedy) {
    return Trouble.of(Trouble.Kind.UNAVAILABLE, name() + " " + what + remedy);
  }

  private Trouble trouble(Reply.Answered a) {
    if (a.redirect()) {
      return unavailable(
          "answered "
              + a.status()
              + ", a redirect, and those are not followed: put the final address into "
              + setting("url")
              + ".",
          "");
    }
    String said = name() + " answered " + a.status() + begin(a);
    return switch (a.status()) {
      case 401 ->
          Trouble.of(
              Trouble.Kind.DENIED,
              said
                  + ". It does not know our token: put a valid one into "
                  + setting("token")
                  + ".");
      case 403 -> forbidden(a, said);
      case 404 ->
          Trouble.of(
              Trouble.Kind.MISSING,
              said + ". Correct flag.key and flag.project of the plan, or make the flag.");
      case 410 -> Trouble.of(Trouble.Kind.GONE, said + ".");
      case 429 -> new Trouble(Trouble.Kind.BUSY, said + ".", a.after(clock.instant()));
      case 502, 503, 504 ->
          new Trouble(Trouble.Kind.UNAVAILABLE, said + ".", a.after(clock.instant()));
      default ->
          Trouble.of(a.status() >= 500 ? Trouble.Kind.UNAVAILABLE : Trouble.Kind.UNFIT, said + ".");
    };
  }

  /** Where change requests are on, only a person may change a flag. */
  private Trouble forbidden(Reply.Answered a, String said) {
    boolean asks = a.body().contains("SKIP_CHANGE_REQUEST");
    return asks
        ? Trouble.of(
            Trouble.Kind.ASKS,
            name()
                + " wants a change request for this environment: make the change there and have it approved, or let our token's user skip change requests.")
        : Trouble.of(
            Trouble.Kind.DENIED,
            said
                + ". Our token may not do this: it must be an admin token, or a service account's that may update strategies and turn the environment on and off.");
  }

  /** Of what it says itself, so much as fits into a sentence, and never our token. */
  private String begin(Reply.Answered a) {
    String message =
        json(a.body())
            .map(node -> node.path("message").asText(""))
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
