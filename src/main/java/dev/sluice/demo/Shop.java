package dev.sluice.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A shop in several releases at once. {@code POST /checkout} with an {@code X-User} header is
 * served by the release that the flags give this user; every release has a page of metrics of its
 * own at {@code /metrics/VERSION}, as its own pods would have.
 */
final class Shop {
  private static final double NANOS = 1e9;

  private final Vertx vertx;
  private final UnaryOperator<String> versionOf;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Map<String, Shelf> shelves = new LinkedHashMap<>();
  private final HttpServer server;
  private volatile boolean counting;

  /** A release with what is known of its requests. */
  private record Shelf(
      Release release,
      Meters meters,
      AtomicLong failed,
      AtomicReference<@Nullable Instant> firstFailure) {}

  /**
   * @param versionOf from a user to the release that serves them
   * @param random used on the shop's own thread only
   */
  Shop(
      Vertx vertx,
      List<Release> releases,
      UnaryOperator<String> versionOf,
      RandomGenerator random,
      InstantSource clock) {
    this.vertx = vertx;
    this.versionOf = versionOf;
    this.random = random;
    this.clock = clock;
    for (Release release : releases) {
      shelves.put(
          release.version(),
          new Shelf(
              release, new Meters(), new AtomicLong(), new AtomicReference<@Nullable Instant>()));
    }
    Router router = Router.router(vertx);
    router.post("/checkout").handler(this::checkout);
    router.get("/metrics/:version").handler(this::metrics);
    server = vertx.createHttpServer().requestHandler(router);
  }

  /** Opens on loopback; gives the port. */
  Future<Integer> open() {
    return server.listen(0, Loopback.HOST).map(HttpServer::actualPort);
  }

  /**
   * From now on requests are counted. Before, the shop warms up: the first requests of a Java
   * process are slow, whatever the release.
   */
  void count() {
    counting = true;
  }

  /** Requests of this release that failed, and when the first of them was answered. */
  record Failures(long count, Optional<Instant> first) {}

  Failures failures(String version) {
    Shelf shelf = shelf(version);
    return new Failures(shelf.failed.get(), Optional.ofNullable(shelf.firstFailure.get()));
  }

  private Shelf shelf(String version) {
    return Optional.ofNullable(shelves.get(version))
        .orElseThrow(() -> new IllegalArgumentException("the shop has no release " + version));
  }

  private void checkout(RoutingContext context) {
    String user = context.request().getHeader("X-User");
    if (user == null || user.isBlank()) {
      context.response().setStatusCode(400).end("Say who you are: curl -H 'X-User: anna' ...\n");
      return;
    }
    long arrived = System.nanoTime();
    Shelf shelf = shelf(versionOf.apply(user));
    Release.Answer answer = shelf.release.serve(random);
    vertx.setTimer(answer.millis(), timer -> answer(context, shelf, answer, arrived));
  }

  private void answer(RoutingContext context, Shelf shelf, Release.Answer answer, long arrived) {
    if (counting) {
      note(shelf, answer.ok(), (System.nanoTime() - arrived) / NANOS);
    }
    context
        .response()
        .setStatusCode(answer.ok() ? 200 : 500)
        .putHeader("Content-Type", "application/json")
        .end(
            new JsonObject()
                    .put("version", shelf.release.version())
                    .put("ordered", answer.ok())
                    .encode()
                + "\n");
  }

  private void note(Shelf shelf, boolean ok, double tookSeconds) {
    shelf.meters.answered(ok, tookSeconds);
    if (!ok) {
      shelf.failed.incrementAndGet();
      shelf.firstFailure.compareAndSet(null, clock.instant());
    }
  }

  private void metrics(RoutingContext context) {
    Shelf shelf = shelves.get(context.pathParam("version"));
    if (shelf == null) {
      context.response().setStatusCode(404).end("Releases: " + shelves.keySet() + "\n");
      return;
    }
    Meters.Page page = shelf.meters.page(context.request().getHeader("Accept"));
    context.response().putHeader("Content-Type", page.contentType()).end(page.body());
  }
}
