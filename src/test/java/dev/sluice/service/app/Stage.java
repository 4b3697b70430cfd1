package dev.sluice.service.app;

import dev.sluice.service.metrics.prometheus.RealPrometheus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What real processes of the service need around them, and the end of all of it: what was set up
 * last goes first.
 */
final class Stage {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path folder;
  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  Stage(Path folder) {
    this.folder = folder;
  }

  <T extends AutoCloseable> T keep(T one) {
    open.push(one);
    return one;
  }

  /** A shop in which both releases do equally well, from a while ago until this long from now. */
  RealPrometheus prometheus(Duration ahead) {
    Instant from = clock.instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
    Instant until = from.plusSeconds(60).plus(ahead);
    RealPrometheus prometheus = keep(RealPrometheus.in(empty("prometheus")));
    for (String version : List.of("v1", "v2")) {
      prometheus
          .series("http_requests_total{job=\"shop\",version=\"" + version + "\",code=\"200\"}")
          .every(Duration.ofSeconds(1), from, until)
          .counting(200)
          .series("http_requests_total{job=\"shop\",version=\"" + version + "\",code=\"500\"}")
          .every(Duration.ofSeconds(1), from, until)
          .counting(1);
    }
    return prometheus.load().start();
  }

  private Path empty(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the metrics are and who is told, as the configuration says it. */
  static String around(RealPrometheus prometheus, Receiver receiver) {
    return """
        prometheus:
          main: { url: '%s', scrapeInterval: 1s }
        flags:
          flags:
            type: webhook
            url: 'http://127.0.0.1:%d/'
            secrets: ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=']
        """
        .formatted(prometheus.url(), receiver.port());
  }

  /**
   * 1, 10, 50 and 100 percent.
   *
   * @param seconds the least time of each step
   */
  static String plan(String name, int seconds) {
    return """
        apiVersion: sluice/v1
        kind: RolloutPlan
        metadata: { name: %1$s }
        spec:
          source: { prometheus: main, every: 1s, settle: 1s }
          cohorts:
            canary: { selector: '{job="shop",version="v2"}' }
            baseline: { selector: '{job="shop",version="v1"}' }
          metrics:
            - id: errors
              type: ratio
              bad: http_requests_total{$cohort,code=~"5.."}
              total: http_requests_total{$cohort}
              worseWhen: higher
              role: guardrail
              tolerance: { absolute: 1pp }
              limit: { max: 5%% }
          steps:
            - { id: users-1, kind: expose, percent: 1, hold: { atLeast: %2$ds }, advanceWhen: noHarmFound }
            - { id: users-10, kind: expose, percent: 10, hold: { atLeast: %2$ds }, advanceWhen: noHarmFound }
            - { id: users-50, kind: expose, percent: 50, hold: { atLeast: %2$ds }, advanceWhen: noHarmFound }
            - { id: users-100, kind: expose, percent: 100, baseline: null, hold: { atLeast: %2$ds }, advanceWhen: noHarmFound, metrics: [errors] }
          flag: { target: flags, key: %1$s }
          rollback: { action: percent, confirmWithin: 10s }
        """
        .formatted(name, seconds);
  }

  /** Asked again and again, for a bounded time; answers how long it took. */
  Duration until(String what, BooleanSupplier condition) {
    Instant begun = clock.instant();
    while (!condition.getAsBoolean()) {
      if (clock.instant().isAfter(begun.plus(PATIENCE))) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      pass(Duration.ofMillis(100));
    }
    return Duration.between(begun, clock.instant());
  }

  /** Lets so much of the other processes' time pass. */
  static void pass(Duration time) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS))
        .join();
  }

  void end() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
