package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A flag system as small as it can be: it believes signed decisions ({@code POST /decisions}),
 * keeps one percentage per flag, and gives every user the same answer at every request. A user who
 * is in at 1 % stays in at 10 %.
 */
final class Flags {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int REMEMBERED_IDS = 1000;
  private static final int BUCKETS = 10_000;

  private final JsonMapper json = JsonMapper.builder().build();
  private final Signature signature;
  private final InstantSource clock;
  private final Map<String, Double> percent = new ConcurrentHashMap<>();
  private final Map<String, Instant> takenBack = new ConcurrentHashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final SequencedSet<String> seen = new LinkedHashSet<>();
  private final HttpServer server;

  Flags(Vertx vertx, Signature signature, InstantSource clock) {
    this.signature = signature;
    this.clock = clock;
    Router router = Router.router(vertx);
    router
        .post("/decisions")
        .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
        .handler(this::decide);
    router.get("/flags").handler(this::list);
    router.errorHandler(413, context -> context.response().setStatusCode(413).end());
    server = vertx.createHttpServer().requestHandler(router);
  }

  /** Opens on loopback; gives the port. */
  Future<Integer> open() {
    return server.listen(0, Loopback.HOST).map(HttpServer::actualPort);
  }

  /** Share of the users that a flag is on for, 0 to 100; 0 for a flag nobody has set. */
  double percent(String flag) {
    return percent.getOrDefault(flag, 0.0);
  }

  /** Whether a flag is on for this user. */
  boolean on(String flag, String user) {
    return bucket(flag, user) < percent(flag) * (BUCKETS / 100.0);
  }

  /** The flag's name is part of it: the first users of one flag are not the first of every flag. */
  private static int bucket(String flag, String user) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((flag + "/" + user).getBytes(StandardCharsets.UTF_8));
      return Integer.remainderUnsigned(ByteBuffer.wrap(hash).getInt(), BUCKETS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** When the latest decision that lowered this flag arrived. */
  Optional<Instant> takenBack(String flag) {
    return Optional.ofNullable(takenBack.get(flag));
  }

  private void decide(RoutingContext context) {
    HttpServerRequest request = context.request();
    byte[] body =
        context.body().buffer() == null ? new byte[0] : context.body().buffer().getBytes();
    Signature.Headers headers =
        new Signature.Headers(
            request.getHeader("webhook-id"),
            request.getHeader("webhook-timestamp"),
            request.getHeader("webhook-signature"));
    Optional<String> objection = signature.objection(headers, body, clock.instant());
    if (objection.isPresent() || headers.id() == null) {
      context.response().setStatusCode(401).end(objection.orElse("") + "\n");
    } else {
      obey(context, headers.id(), body);
    }
  }

  /**
   * The same decision twice is one decision: it may be delivered again when our answer got lost.
   */
  private void obey(RoutingContext context, String id, byte[] body) {
    Optional<Setting> setting = read(body);
    if (setting.isEmpty()) {
      context
          .response()
          .setStatusCode(400)
          .end("data.flag.key, data.to (0 to 100), data.rollout and data.sequence are needed\n");
      return;
    }
    if (seen.add(id)) {
      set(setting.get());
    }
    if (seen.size() > REMEMBERED_IDS) {
      seen.removeFirst();
    }
    context.response().setStatusCode(204).end();
  }

  /**
   * @param sequence of the decision in its rollout
   */
  private record Setting(String flag, double percent, String rollout, long sequence) {}

  /** A promotion that was held up on the way must not undo the rollback that overtook it. */
  private void set(Setting setting) {
    long latest = sequences.getOrDefault(setting.rollout(), 0L);
    if (setting.sequence() <= latest) {
      return;
    }
    sequences.put(setting.rollout(), setting.sequence());
    double before = percent(setting.flag());
    percent.put(setting.flag(), setting.percent());
    if (setting.percent() < before) {
      takenBack.put(setting.flag(), clock.instant());
    }
  }

  private Optional<Setting> read(byte[] body) {
    try {
      JsonNode data = json.readTree(body).path("data");
      JsonNode flag = data.path("flag").path("key");
      JsonNode to = data.path("to");
      JsonNode rollout = data.path("rollout");
      JsonNode sequence = data.path("sequence");
      boolean known = flag.isTextual() && rollout.isTextual() && sequence.canConvertToLong();
      boolean percentage = to.isNumber() && to.asDouble() >= 0 && to.asDouble() <= 100;
      return known && percentage
          ? Optional.of(
              new Setting(flag.asText(), to.asDouble(), rollout.asText(), sequence.asLong()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void list(RoutingContext context) {
    JsonObject all = new JsonObject();
    percent.forEach(all::put);
    context.response().putHeader("Content-Type", "application/json").end(all.encode() + "\n");
  }
}
