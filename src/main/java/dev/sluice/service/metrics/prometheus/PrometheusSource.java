package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.SourceUnusable;
import dev.sluice.service.telemetry.Telemetry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Metrics from Prometheus, or whatever speaks its query API (Thanos, Mimir, VictoriaMetrics).
 *
 * <p>Every query names its evaluation time, so an answer depends on what the metrics system stores
 * and on nothing else: asked again tomorrow, it is the same. Counters are read raw and their
 * increases are taken here, see {@link Track}, {@link Births} and {@link Gains}.
 *
 * <p>Can be asked from any thread; works on one event loop of its own, and answers on the context
 * it was asked from.
 */
public final class PrometheusSource implements MetricSource {
  /** Any instant would do: vector(1) is 1 at all times. */
  private static final Query PROBE = new Query("vector(1)", Instant.parse("2020-01-01T00:00:00Z"));

  private final Vertx vertx;
  private final Context context;
  private final ServerConfig.Prometheus config;
  private final Reach reach;
  private final PrometheusApi api;

  /**
   * @param name of the source in the server configuration
   */
  public PrometheusSource(
      Vertx vertx, String name, ServerConfig.Prometheus config, Telemetry telemetry) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.reach = Reach.of(config.scrapeInterval());
    this.api = new PrometheusApi(vertx, name, config, telemetry);
  }

  @Override
  public Future<Observations> ask(Question question) {
    return here(
        () -> {
          Deadline deadline = new Deadline(vertx, config.deadline());
          Asker asker = query -> api.query(query, deadline);
          return new Survey(question, asker, reach, api.voice())
              .observe()
              .onComplete(done -> deadline.cancel());
        });
  }

  @Override
  public Future<Void> probe() {
    return here(
        () -> {
          Deadline deadline = new Deadline(vertx, config.deadline());
          return api.query(PROBE, deadline)
              .onComplete(done -> deadline.cancel())
              .compose(
                  reply ->
                      switch (reply) {
                        case Reply.Answered a -> Future.succeededFuture();
                        case Reply.Failed f ->
                            Future.failedFuture(new SourceUnusable(f.trouble().detail()));
                      });
        });
  }

  /** Ends what is under way. */
  public void close() {
    api.close();
  }

  private <T> Future<T> here(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Context caller = Vertx.currentContext();
    context.runOnContext(
        v -> {
          Future<T> done;
          try {
            done = work.get();
          } catch (RuntimeException e) {
            done = Future.failedFuture(e);
          }
          done.onComplete(
              result -> {
                if (caller == null || caller.equals(context)) {
                  promise.handle(result);
                } else {
                  caller.runOnContext(back -> promise.handle(result));
                }
              });
        });
    return promise.future();
  }
}
