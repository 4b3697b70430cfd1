package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Observations.Asked;
import dev.sluice.gates.look.Observations.Traffic;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Metric;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurveyTest {
  private static final Voice VOICE = new Voice("main", Shop.config(URI.create("http://localhost")));
  private static final Window WINDOW = Shop.window(600, 660);
  private static final Instant END = Shop.START.plusSeconds(1200);

  private final PaperPrometheus prometheus = new PaperPrometheus();

  private static Map<String, String> series(String name, String cohort, String... more) {
    Map<String, String> labels = new HashMap<>(Shop.labels(name, more));
    labels.put("job", "shop");
    labels.put("instance", cohort + ":1");
    labels.put("cohort", cohort);
    return labels;
  }

  /** Scraped every 15 s from the start to ten minutes after the window. */
  private void counter(double perScrape, String name, String cohort, String... more) {
    prometheus.every(Shop.SCRAPE, Shop.START, END, series(name, cohort, more), perScrape);
  }

  private void traffic() {
    counter(5, "requests_total", "canary", "code", "200");
    counter(45, "requests_total", "baseline", "code", "200");
  }

  private Observations ask(Question question) {
    return new Survey(question, prometheus, Reach.of(Shop.SCRAPE), VOICE).observe().result();
  }

  private Observed observed(Metric metric) {
    return Shop.observed(ask(Shop.question(WINDOW, metric)), metric.id());
  }

  private Observed.Absent absent(Metric metric) {
    return assertInstanceOf(Observed.Absent.class, observed(metric));
  }

  @Test
  void noSeriesOfErrorsWhereThereIsTrafficMeansNoErrors() {
    traffic();

    assertEquals(Observed.Seen.of(new Counts(0, 20), new Counts(0, 180)), observed(Shop.errors()));
  }

  @Test
  void errorsAndRequestsAreCountedInBothCohorts() {
    traffic();
    counter(1, "requests_total", "canary", "code", "503");
    counter(2, "requests_total", "baseline", "code", "500");

    assertEquals(Observed.Seen.of(new Counts(4, 24), new Counts(8, 188)), observed(Shop.errors()));
  }

  @Test
  void aRateMayExceedItsUnits() {
    traffic();
    counter(10, "orders_total", "canary");
    counter(10, "orders_total", "baseline");

    assertEquals(
        Observed.Seen.of(new Counts(40, 20), new Counts(40, 180)), observed(Shop.orders()));
  }

  @Test
  void aMeanIsSumAndCount() {
    counter(12.5, "order_value_sum", "canary");
    counter(2, "order_value_count", "canary");
    counter(30, "order_value_sum", "baseline");
    counter(3, "order_value_count", "baseline");

    assertEquals(
        Observed.Seen.of(new Moments(50, 8), new Moments(120, 12)), observed(Shop.basket()));
  }

  @Test
  void aSumThatIsMissingBesideItsCountIsNotZero() {
    counter(2, "order_value_count", "canary");
    counter(3, "order_value_count", "baseline");

    assertEquals(Absence.NO_SERIES, absent(Shop.basket()).why());
    assertTrue(absent(Shop.basket()).detail().contains("order_value_sum{"));
  }

  @Test
  void aHistogramIsItsBuckets() {
    for (String cohort : List.of("canary", "baseline")) {
      counter(1, "request_seconds_bucket", cohort, "le", "0.1");
      counter(3, "request_seconds_bucket", cohort, "le", "1");
      counter(4, "request_seconds_bucket", cohort, "le", "+Inf");
    }

    Buckets expected = new Buckets(new double[] {0.1, 1}, new double[] {4, 8, 4});
    assertEquals(Observed.Seen.of(expected, expected), observed(Shop.latency()));
  }

  @Test
  void cohortsWithoutACommonEdgeCannotBeCompared() {
    counter(1, "request_seconds_bucket", "canary", "le", "0.1");
    counter(4, "request_seconds_bucket", "canary", "le", "+Inf");
    counter(1, "request_seconds_bucket", "baseline", "le", "0.2");
    counter(4, "request_seconds_bucket", "baseline", "le", "+Inf");

    assertEquals(Absence.NO_BUCKET, absent(Shop.latency()).why());
  }

  @Test
  void aCanaryWithoutSeriesIsToldApartFromAMetricWithoutSeries() {
    counter(45, "requests_total", "baseline", "code", "200");

    assertEquals(
        new Observed.Absent(
            Absence.NO_SERIES,
            "The canary cohort matches no series: requests_total{cohort=\"canary\"}. The baseline"
                + " has some: is the canary's label right, and is the canary scraped?"),
        observed(Shop.errors()));
  }

  @Test
  void aMetricWithoutSeriesSaysThatNobodyHasIt() {
    assertEquals(
        new Observed.Absent(
            Absence.NO_SERIES,
            "The canary cohort matches no series: requests_total{cohort=\"canary\"}. Neither does"
                + " the baseline: is the metric's name right, and is it scraped at all?"),
        observed(Shop.errors()));
  }

  @Test
  void aBaselineWithoutSeriesIsNamedToo() {
    counter(5, "requests_total", "canary", "code", "200");

    assertTrue(
        absent(Shop.errors()).detail().contains("is the baseline's label right?"),
        absent(Shop.errors()).detail());
  }

  @Test
  void aLimitDoesNotGoBlindBecauseTheBaselineIsGone() {
    counter(5, "requests_total", "canary", "code", "200");

    assertEquals(
        new Observed.Seen(new Counts(0, 20), Optional.empty()),
        observed(Shop.errors(Shop.limited("errors"))));
  }

  @Test
  void aCanaryThatDiedIsStaleAndNotUnknown() {
    counter(45, "requests_total", "baseline", "code", "200");
    prometheus.every(
        Shop.SCRAPE,
        Shop.START,
        Shop.START.plusSeconds(300),
        series("requests_total", "canary", "code", "200"),
        5);

    assertEquals(Absence.STALE, absent(Shop.errors()).why());
    assertTrue(absent(Shop.errors()).detail().startsWith("The canary cohort has no sample of"));
  }

  @Test
  void aCanaryThatDiedJustNowIsStaleToo() {
    counter(45, "requests_total", "baseline", "code", "200");
    prometheus.every(
        Shop.SCRAPE,
        Shop.START,
        WINDOW.from(),
        series("requests_total", "canary", "code", "200"),
        5);

    assertEquals(Absence.STALE, absent(Shop.errors()).why());
  }

  @Test
  void aCounterThatStandsStillIsNoTraffic() {
    counter(0, "requests_total", "canary", "code", "200");
    counter(45, "requests_total", "baseline", "code", "200");

    assertEquals(
        new Observed.Absent(
            Absence.NO_TRAFFIC,
            "The canary cohort had no traffic in this window: requests_total{cohort=\"canary\"} did"
                + " not increase."),
        observed(Shop.errors()));
  }

  @Test
  void samplesThatAreNoNumbersArePassedOver() {
    traffic();
    Map<String, String> canary = series("requests_total", "canary", "code", "200");
    prometheus.put(canary, WINDOW.from(), Double.NaN);
    prometheus.put(canary, WINDOW.from().plusSeconds(30), Double.POSITIVE_INFINITY);

    // The base is one scrape earlier; the window ends where it ends.
    assertEquals(Observed.Seen.of(new Counts(0, 25), new Counts(0, 180)), observed(Shop.errors()));
  }

  @Test
  void aCounterWithoutAnyNumberIsNotANumber() {
    counter(45, "requests_total", "baseline", "code", "200");
    prometheus.put(series("requests_total", "canary", "code", "200"), WINDOW.to(), Double.NaN);

    assertEquals(Absence.NOT_A_NUMBER, absent(Shop.errors()).why());
  }

  @Test
  void aGaugeIsNotTakenForACounter() {
    counter(45, "requests_total", "baseline", "code", "200");
    counter(-5, "requests_total", "canary", "code", "200");

    assertEquals(Absence.BAD_QUERY, absent(Shop.errors()).why());
    assertTrue(absent(Shop.errors()).detail().contains("not a counter"));
  }

  @Test
  void aQueryThatCannotBeSentNamesItsMetric() {
    Metric.Ratio wrapped =
        new Metric.Ratio(Shop.common("errors"), "rate(x{$cohort}[5m])", "x{$cohort}");

    assertEquals(Absence.BAD_QUERY, absent(wrapped).why());
    assertTrue(absent(wrapped).detail().startsWith("The query of metric 'errors' cannot be sent:"));
    assertEquals(List.of(), prometheus.asked());
  }

  @Test
  void whatIsPushedIsNotHere() {
    Metric.Pushed pushed = new Metric.Pushed(Shop.common("diff"), "shadow-diff", Optional.empty());

    assertEquals(Absence.NOT_PUSHED, absent(pushed).why());
  }

  @Test
  void aQueryThatSeveralMetricsNeedIsSentOnceAndShownForEach() {
    traffic();
    counter(10, "orders_total", "canary");
    counter(10, "orders_total", "baseline");

    Observations seen = ask(Shop.withTraffic(Shop.question(WINDOW, Shop.errors(), Shop.orders())));

    assertEquals(6, prometheus.asked().size());
    Asked requests =
        new Asked(
            "errors",
            "canary",
            "requests_total{cohort=\"canary\"}[112500ms]",
            "2026-03-02T10:11:00Z",
            "ok");
    assertTrue(seen.queries().contains(requests), seen.queries().toString());
    assertEquals(
        List.of("errors", "exposure", "orders"),
        seen.queries().stream()
            .filter(q -> q.promql().equals(requests.promql()))
            .map(Asked::metricId)
            .sorted()
            .toList());
  }

  @Test
  void theTrafficIsTheExposureCounterOfBothSides() {
    traffic();

    assertEquals(new Traffic.Seen(20, 180), ask(Shop.withTraffic(Shop.question(WINDOW))).traffic());
  }

  @Test
  void aCanaryWithoutARequestYetHasATrafficOfZero() {
    counter(45, "requests_total", "baseline", "code", "200");

    assertEquals(new Traffic.Seen(0, 180), ask(Shop.withTraffic(Shop.question(WINDOW))).traffic());
  }

  @Test
  void trafficIsUnknownWhereNothingIsKnownOfTheRest() {
    counter(5, "requests_total", "canary", "code", "200");

    assertInstanceOf(Traffic.Unknown.class, ask(Shop.withTraffic(Shop.question(WINDOW))).traffic());
    assertEquals(new Traffic.NotAsked(), ask(Shop.question(WINDOW)).traffic());
  }

  @Test
  void aCohortWithAnOffsetIsReadAtItsOwnTime() {
    traffic();
    Cohort yesterday = new Cohort("before", "cohort=\"canary\"", Map.of(), Duration.ofMinutes(5));
    Question question =
        new Question(
            "main",
            WINDOW,
            List.of(new Question.OfMetric(Shop.errors(), Shop.CANARY, Optional.of(yesterday))),
            Optional.empty());

    Observations seen = ask(question);

    assertEquals(
        Observed.Seen.of(new Counts(0, 20), new Counts(0, 20)), seen.metrics().get("errors"));
    assertTrue(
        seen.queries().stream()
            .anyMatch(q -> q.cohort().equals("before") && q.time().equals("2026-03-02T10:06:00Z")));
  }

  @Test
  void aLongWindowIsReadInSlicesThatAddUp() {
    traffic();
    counter(1, "requests_total", "canary", "code", "503");
    Window whole = Shop.window(5, 1800);

    Question question =
        new Question(
            "main",
            whole,
            List.of(new Question.OfMetric(Shop.errors(), Shop.CANARY, Optional.empty())),
            Optional.empty());

    // Scraped from 0 to 1200 s: 80 scrapes after the first.
    assertEquals(
        new Observed.Seen(new Counts(80, 480), Optional.empty()),
        ask(question).metrics().get("errors"));
    assertTrue(
        prometheus.asked().stream().noneMatch(q -> q.promql().contains("[1847500ms]")),
        "no answer is larger than a slice");
  }

  @Test
  void windowsWithFractionsOfMillisecondsStayAdjacent() {
    traffic();
    Instant odd = WINDOW.from().plusNanos(123_456_789);
    Reach reach = Reach.of(Shop.SCRAPE);

    Window first = reach.slices(new Window(WINDOW.from(), odd), Duration.ZERO).get(0);
    Window second = reach.slices(new Window(odd, WINDOW.to()), Duration.ZERO).get(0);

    assertEquals(first.to(), second.from());
    assertEquals(WINDOW.from().plusMillis(123), first.to());
  }

  @Test
  void anAnswerOfTheWrongTypeIsMalformed() {
    traffic();
    prometheus.edit(
        (query, reply) -> new Reply.Answered(new Answer(Answer.Type.VECTOR, List.of(), List.of())));

    assertEquals(Absence.MALFORMED, absent(Shop.errors()).why());
  }

  @Test
  void aTroubleOfTheSourceIsTheTroubleOfEveryMetric() {
    prometheus.edit((query, reply) -> new Reply.Failed(new Trouble(Absence.UNREACHABLE, "down")));

    Observations seen =
        ask(Shop.withTraffic(Shop.question(WINDOW, Shop.errors(), Shop.basket(), Shop.latency())));

    assertTrue(seen.sourceLost());
    assertEquals(new Traffic.Unknown(Absence.UNREACHABLE, "down"), seen.traffic());
    assertTrue(seen.queries().stream().allMatch(q -> q.outcome().equals("UNREACHABLE")));
  }

  private List<String> remarks() {
    return ask(Shop.question(WINDOW, Shop.errors())).remarks().stream()
        .map(r -> r.kind() + ": " + r.sentence())
        .toList();
  }

  @Test
  void nothingIsOddAboutCountersThatRiseAndAreScraped() {
    traffic();

    assertEquals(List.of(), remarks());
  }

  @Test
  void aRestartIsSaidOnceForACohortHoweverManyOfItsCountersShowIt() {
    traffic();
    counter(1, "requests_total", "canary", "code", "503");
    for (String code : List.of("200", "503")) {
      prometheus.put(
          series("requests_total", "canary", "code", code), WINDOW.from().plusSeconds(30), 1);
    }

    assertEquals(
        List.of(
            "RESTARTS: Counters of the only target of the canary cohort began anew in this look, as"
                + " after a restart. What was counted between the last scrape and that is not"
                + " seen."),
        remarks());
  }

  @Test
  void missedScrapesAreSaidWithTheLongestTime() {
    traffic();
    Objects.requireNonNull(
            prometheus.samples().get(series("requests_total", "baseline", "code", "200")))
        .subMap(
            WINDOW.from().plusSeconds(1).toEpochMilli(),
            true,
            WINDOW.from().plusSeconds(46).toEpochMilli(),
            true)
        .clear();

    assertEquals(
        List.of(
            "GAPS: Counters of the only target of the baseline cohort have no sample for up to 60 s"
                + " in or just before this look. Nothing is lost, but it may be counted in a later"
                + " look than it happened. Are scrapes missed, or is scrapeInterval in the server"
                + " configuration shorter than the real one?"),
        remarks());
  }
}
