package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures what a look costs on 96 hours of data; prints, asserts nothing. Run it as a program from
 * the test class path. Data: 10 pods, 20 series each (three codes, 14 buckets, sum, count, orders),
 * scraped every 15 s.
 */
public final class LookCost {
  private static final Instant END = Shop.START.plus(Duration.ofDays(4));
  private static final String[] EDGES = {
    "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5", "10",
    "+Inf"
  };

  private LookCost() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("look-cost");
    Vertx vertx = Vertx.vertx();
    try (RealPrometheus prometheus = RealPrometheus.in(folder)) {
      for (int pod = 0; pod < 10; pod++) {
        pod(prometheus, pod < 5 ? "canary" : "baseline", "10.0.0." + pod + ":8080");
      }
      prometheus.load().start();
      PrometheusSource source =
          new PrometheusSource(
              vertx,
              "main",
              Shop.config(prometheus.url()),
              new Telemetry(new PrometheusRegistry()));
      System.out.println(await(source.ask(question(60, 30))).metrics());
      for (int seconds : new int[] {30, 30, 60, 300}) {
        oneAfterTheOther(source, prometheus, seconds);
      }
      atOnce(source, 30);
      history(source);
    } finally {
      await(vertx.close());
    }
  }

  private static void pod(RealPrometheus prometheus, String cohort, String instance) {
    String of = "cohort=\"" + cohort + "\",job=\"shop\",instance=\"" + instance + "\"";
    for (String code : List.of("200", "404", "500")) {
      double perScrape = code.equals("200") ? 150 : 1;
      counter(prometheus, "requests_total{code=\"" + code + "\"," + of + "}", perScrape);
    }
    for (int i = 0; i < EDGES.length; i++) {
      counter(
          prometheus, "request_seconds_bucket{le=\"" + EDGES[i] + "\"," + of + "}", 11.0 * (i + 1));
    }
    counter(prometheus, "order_value_sum{" + of + "}", 12.5);
    counter(prometheus, "order_value_count{" + of + "}", 2);
    counter(prometheus, "orders_total{" + of + "}", 3);
  }

  private static void counter(RealPrometheus prometheus, String series, double perScrape) {
    prometheus.series(series).every(Shop.SCRAPE, Shop.START, END).values(i -> perScrape * i);
  }

  private static Question question(long minutes, int seconds) {
    Instant from = Shop.START.plus(Duration.ofMinutes(minutes));
    return Shop.withTraffic(
        Shop.question(
            new Window(from, from.plusSeconds(seconds)),
            Shop.errors(),
            Shop.latency(),
            Shop.basket(),
            Shop.orders(),
            Shop.value("sum(rate(requests_total{$cohort}[5m]))")));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }

  private static void oneAfterTheOther(
      PrometheusSource source, RealPrometheus prometheus, int seconds) throws Exception {
    double[] millis = new double[400];
    Duration theirs = prometheus.cpu();
    Duration ours = cpu();
    for (int i = 0; i < millis.length; i++) {
      long began = System.nanoTime();
      await(source.ask(question(60 + i * 13L, seconds)));
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%d looks of %d s: fastest %.1f ms, median %.1f ms, 95%% %.1f ms;"
            + " processor per look: ours %.1f ms, Prometheus %.1f ms%n",
        millis.length,
        seconds,
        millis[0],
        millis[200],
        millis[380],
        cpu().minus(ours).toNanos() / 1e6 / millis.length,
        prometheus.cpu().minus(theirs).toNanos() / 1e6 / millis.length);
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void atOnce(PrometheusSource source, int seconds) throws Exception {
    long began = System.nanoTime();
    List<Future<Observations>> all = new ArrayList<>();
    IntStream.range(0, 500).forEach(i -> all.add(source.ask(question(60 + i * 9L, seconds))));
    await(Future.all(all));
    System.out.printf(
        Locale.ROOT,
        "500 looks at once: %.0f ms, complete: %s%n",
        (System.nanoTime() - began) / 1e6,
        all.stream().noneMatch(f -> f.result().sourceLost()));
  }

  private static void history(PrometheusSource source) throws Exception {
    long began = System.nanoTime();
    Observations seen = await(source.ask(question(3000, 3600)));
    System.out.printf(
        Locale.ROOT,
        "one hour at once: %.0f ms, %d queries%n",
        (System.nanoTime() - began) / 1e6,
        seen.queries().size());
  }
}
