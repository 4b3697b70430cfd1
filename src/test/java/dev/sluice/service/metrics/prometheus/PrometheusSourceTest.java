package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.MetricSourceContract;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source against a real Prometheus. */
class PrometheusSourceTest extends MetricSourceContract {
  private static final Instant FROM = START.minus(Duration.ofMinutes(30));
  private static final Instant TO = START.plus(Duration.ofHours(1));

  @TempDir private static Path folder;
  private static RealPrometheus prometheus;
  private static double randomErrors;
  private static double randomRequests;

  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void start() {
    prometheus = RealPrometheus.in(folder);
    counter("requests_total{cohort=\"canary\",code=\"200\",JOB}", 5);
    counter("requests_total{cohort=\"canary\",code=\"500\",JOB}", 1);
    counter("requests_total{cohort=\"baseline\",code=\"200\",JOB}", 45);
    counter("order_value_sum{cohort=\"canary\",JOB}", 12.5);
    counter("order_value_count{cohort=\"canary\",JOB}", 2);
    counter("request_seconds_bucket{cohort=\"canary\",JOB,le=\"0.1\"}", 2);
    counter("request_seconds_bucket{cohort=\"canary\",JOB,le=\"1.0\"}", 3);
    counter("request_seconds_bucket{cohort=\"canary\",JOB,le=\"+Inf\"}", 6);
    prometheus.series("queue_length{cohort=\"canary\"}").every(Shop.SCRAPE, FROM, TO).constant(7);
    for (int pod = 0; pod < 6; pod++) {
      randomPod(new Random(pod), pod);
    }
    prometheus.load().start();
  }

  private static void counter(String series, double perScrape) {
    prometheus
        .series(series.replace("JOB", "job=\"shop\",instance=\"a:1\""))
        .every(Shop.SCRAPE, FROM, TO)
        .values(i -> perScrape * i);
  }

  /** Lives that begin, miss scrapes, restart in place and end, as a Prometheus would store them. */
  private static void randomPod(Random random, int pod) {
    String target = "job=\"web\",instance=\"pod-" + pod + "\",cohort=\"random\"";
    Instant time = FROM.plusSeconds(random.nextInt(3000));
    double good = 0;
    double bad = 0;
    double previousGood = 0;
    double previousBad = 0;
    RealPrometheus.Series requests = prometheus.series("jobs_total{code=\"200\"," + target + "}");
    RealPrometheus.Series errors = prometheus.series("jobs_total{code=\"500\"," + target + "}");
    for (; time.isBefore(TO.minusSeconds(random.nextInt(900))); time = time.plusSeconds(15)) {
      if (random.nextInt(60) == 0) {
        good = 0;
        bad = 0;
      }
      good += random.nextInt(30);
      bad += random.nextInt(3);
      if (random.nextInt(15) == 0) {
        continue;
      }
      Instant scraped = time.plusMillis(random.nextInt(900));
      requests.at(scraped, good);
      double gainGood = good < previousGood ? good : good - previousGood;
      previousGood = good;
      double gainBad = 0;
      if (bad > 0) {
        errors.at(scraped, bad);
        gainBad = bad < previousBad ? bad : bad - previousBad;
        previousBad = bad;
      }
      if (scraped.isAfter(START)) {
        randomErrors += gainBad;
        randomRequests += gainGood + gainBad;
      }
    }
  }

  @AfterAll
  static void stop() {
    prometheus.close();
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Override
  protected MetricSource source() {
    return source(prometheus);
  }

  private PrometheusSource source(RealPrometheus peer) {
    return new PrometheusSource(
        vertx, "main", Shop.config(peer.url()), new Telemetry(new PrometheusRegistry()));
  }

  @Override
  protected MetricSource lost() throws Exception {
    RealPrometheus gone = RealPrometheus.in(Files.createTempDirectory(folder, "gone"));
    gone.start().stop();
    return source(gone);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private Observed canary(Metric metric) throws Exception {
    Question question =
        new Question(
            "main",
            Shop.window(600, 660),
            List.of(new Question.OfMetric(metric, Shop.CANARY, Optional.empty())),
            Optional.empty());
    return Shop.observed(await(source().ask(question)), metric.id());
  }

  private static Observed seen(Sample sample) {
    return new Observed.Seen(sample, Optional.empty());
  }

  @Test
  void countersHistogramsAndSumsAreRead() throws Exception {
    assertEquals(seen(new Counts(4, 24)), canary(Shop.errors()));
    assertEquals(seen(new Moments(50, 8)), canary(Shop.basket()));
    assertEquals(
        seen(new Buckets(new double[] {0.1, 1}, new double[] {8, 4, 12})), canary(Shop.latency()));
  }

  @Test
  void anyExpressionGivesAValue() throws Exception {
    assertEquals(
        seen(new Values(7)),
        canary(Shop.value("max(max_over_time(queue_length{$cohort}[$window]))")));
    assertEquals(seen(new Values(2)), canary(Shop.value("scalar(vector(2))")));
    assertEquals(
        Absence.NOT_A_NUMBER,
        assertInstanceOf(Observed.Absent.class, canary(Shop.value("vector(0)/vector(0)"))).why());
    assertEquals(
        Absence.BAD_QUERY,
        assertInstanceOf(Observed.Absent.class, canary(Shop.value("queue_length{$cohort}[5m]")))
            .why());
    assertEquals(
        Absence.TOO_MANY_SERIES,
        assertInstanceOf(Observed.Absent.class, canary(Shop.value("requests_total{$cohort}")))
            .why());
  }

  @Test
  void itsOwnWordsOnABadQueryArePassedOn() throws Exception {
    Observed.Absent absent =
        assertInstanceOf(Observed.Absent.class, canary(Shop.value("sum(queue_length{$cohort}) +")));

    assertEquals(Absence.BAD_QUERY, absent.why());
    assertTrue(absent.detail().contains("parse error"), absent.detail());
  }

  @Test
  void anExecutionThatFailsIsTheSourcesError() throws Exception {
    Observed.Absent absent =
        assertInstanceOf(
            Observed.Absent.class,
            canary(Shop.value("requests_total{$cohort} * on(job) requests_total{$cohort}")));

    assertEquals(Absence.SOURCE_ERROR, absent.why());
    assertTrue(absent.detail().contains("many-to-many"), absent.detail());
  }

  @Test
  void windowsAddUpOverRestartsBirthsAndMissedScrapes() throws Exception {
    Cohort random = Shop.cohort("random");
    Metric failed =
        new Metric.Ratio(
            Shop.common("failed"), "jobs_total{$cohort,code=\"500\"}", "jobs_total{$cohort}");
    double errors = 0;
    double requests = 0;
    for (Window w = Window.ofLook(START, Duration.ofMillis(47_321), 1);
        w.from().isBefore(TO);
        w = new Window(w.to(), w.to().plusMillis(47_321))) {
      Question question =
          new Question(
              "main",
              w,
              List.of(new Question.OfMetric(failed, random, Optional.empty())),
              Optional.empty());
      if (await(source().ask(question)).metrics().get("failed") instanceof Observed.Seen seen) {
        errors += ((Counts) seen.canary()).events();
        requests += ((Counts) seen.canary()).exposure();
      }
    }
    assertEquals(new Counts(randomErrors, randomRequests), new Counts(errors, requests));
    assertTrue(randomErrors > 100, randomErrors + " errors");
  }

  @Test
  void anOutageIsAnAbsenceAndTheSameWindowIsThereAfterwards() throws Exception {
    try (RealPrometheus peer = RealPrometheus.in(Files.createTempDirectory(folder, "outage"))) {
      peer.series("requests_total{cohort=\"canary\",code=\"200\"}")
          .every(Shop.SCRAPE, FROM, TO)
          .counting(2)
          .load()
          .start();
      Question question =
          new Question(
              "main",
              Shop.window(600, 660),
              List.of(new Question.OfMetric(Shop.errors(), Shop.CANARY, Optional.empty())),
              Optional.empty());
      PrometheusSource source = source(peer);
      Observations before = await(source.ask(question));

      peer.stop();
      assertTrue(await(source.ask(question)).sourceLost());

      peer.start();
      assertEquals(before, await(source.ask(question)));
      assertEquals(Map.of("errors", seen(new Counts(0, 120))), before.metrics());
    }
  }
}
