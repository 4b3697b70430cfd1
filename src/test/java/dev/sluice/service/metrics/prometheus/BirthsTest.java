package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of {@link Births}, one by one, over the window from 10:10:00 to 10:10:30. */
class BirthsTest {
  private static final long FROM = 600;
  private static final long TO = 630;
  private static final Voice VOICE = new Voice("main", Shop.config(URI.create("http://localhost")));
  private static final String CANARY_POD = "10.0.0.7:8080";

  private final PaperPrometheus prometheus = new PaperPrometheus();

  private static Instant at(long seconds) {
    return Shop.START.plusSeconds(seconds);
  }

  private static Map<String, String> of(String name, String cohort, String instance) {
    return Shop.labels(name, "job", "shop", "instance", instance, "cohort", cohort);
  }

  private static Map<String, String> requests(String cohort, String instance, String code) {
    Map<String, String> labels = new HashMap<>(of("requests_total", cohort, instance));
    labels.put("code", code);
    return labels;
  }

  private void samples(Map<String, String> series, long first, double... values) {
    for (int i = 0; i < values.length; i++) {
      prometheus.put(series, at(first + 15L * i), values[i]);
    }
  }

  /** Another pod, of the baseline, that was there all the time. */
  private void longRunningBaseline() {
    double[] values = new double[44];
    Arrays.setAll(values, i -> 1000 + 10 * i);
    samples(requests("baseline", "10.0.0.1:8080", "200"), -15, values);
  }

  private Observations look() {
    Question question =
        new Question(
            "main",
            Shop.window(FROM, TO),
            List.of(new Question.OfMetric(Shop.errors(), Shop.CANARY, Optional.empty())),
            Optional.empty());
    return new Survey(Shop.withTraffic(question), prometheus, Reach.of(Shop.SCRAPE), VOICE)
        .observe()
        .result();
  }

  private Counts canary() {
    return (Counts) assertInstanceOf(Observed.Seen.class, look().metrics().get("errors")).canary();
  }

  private boolean asked(String part) {
    return prometheus.asked().stream().anyMatch(q -> q.promql().contains(part));
  }

  @Test
  void theFirstErrorOfAPodThatIsScrapedAlreadyCounts() {
    samples(requests("canary", CANARY_POD, "200"), 555, 100, 110, 120, 130, 140, 150);
    samples(requests("canary", CANARY_POD, "500"), 615, 1, 3);

    // From 130 at 10:10:00 to 150 at 10:10:30, and three errors nobody has seen before.
    assertEquals(new Counts(3, 23), canary());
    assertTrue(!asked("process_start_time_seconds"), "nothing was left to ask the target");
  }

  @Test
  void aSeriesThatWasOnlyMissingCountsFromWhereItWas() {
    missingForAWhile();

    assertEquals(new Counts(0, 200), canary());
  }

  private void missingForAWhile() {
    longRunningBaseline();
    samples(requests("canary", CANARY_POD, "200"), 300, 100, 110);
    samples(requests("canary", CANARY_POD, "200"), 615, 300, 310);
  }

  @Test
  void aSeriesThatWasMissingIsFoundAgainWhereFunctionsDropNames() {
    missingForAWhile();
    prometheus.dropsNames();

    assertEquals(new Counts(0, 200), canary());
  }

  @Test
  void aPodThatCameBackBelowWhereItWasHasRestarted() {
    longRunningBaseline();
    samples(requests("canary", CANARY_POD, "200"), 300, 100, 110);
    samples(requests("canary", CANARY_POD, "200"), 615, 30, 40);

    assertEquals(new Counts(0, 40), canary());
  }

  @Test
  void aNewPodCountsFromZeroWhenOthersWereScrapedBefore() {
    longRunningBaseline();
    samples(requests("canary", CANARY_POD, "200"), 610, 7, 20);

    assertEquals(new Counts(0, 20), canary());
  }

  @Test
  void theFirstRequestOfAPodThatIsScrapedWithoutAnySeriesCounts() {
    longRunningBaseline();
    samples(of("up", "canary", CANARY_POD), 555, 1, 1, 1, 1, 1, 1);
    samples(of("process_start_time_seconds", "canary", CANARY_POD), 555, starts(-86_400));
    samples(requests("canary", CANARY_POD, "500"), 615, 1, 2);

    assertEquals(new Counts(2, 2), canary());
  }

  private static double[] starts(long seconds) {
    double[] values = new double[6];
    Arrays.fill(values, (double) at(seconds).getEpochSecond());
    return values;
  }

  @Test
  void anOldProcessThatIsScrapedForTheFirstTimeDoesNotBringItsHistory() {
    longRunningBaseline();
    samples(of("up", "canary", CANARY_POD), 610, 1, 1);
    samples(of("process_start_time_seconds", "canary", CANARY_POD), 610, starts(-86_400));
    samples(requests("canary", CANARY_POD, "200"), 610, 1_000_000, 1_000_008);

    assertEquals(new Counts(0, 8), canary());
  }

  @Test
  void aYoungProcessCountsFromZeroEvenWhereNothingElseIsKnown() {
    samples(of("up", "canary", CANARY_POD), 610, 1, 1);
    samples(of("process_start_time_seconds", "canary", CANARY_POD), 610, starts(590));
    samples(requests("canary", CANARY_POD, "200"), 610, 5, 8);

    assertEquals(new Counts(0, 8), canary());
  }

  @Test
  void scrapesThatFailedProveNothing() {
    longRunningBaseline();
    samples(of("up", "canary", CANARY_POD), 565, 0, 0, 0, 1, 1);
    samples(of("process_start_time_seconds", "canary", CANARY_POD), 610, starts(-86_400));
    samples(requests("canary", CANARY_POD, "200"), 610, 1000, 1008);

    assertEquals(new Counts(0, 8), canary());
  }

  @Test
  void aPodThatOnlyChangedItsLabelsDoesNotBringItsHistory() {
    longRunningBaseline();
    samples(of("up", "shadow", CANARY_POD), 555, 1, 1, 1);
    samples(requests("shadow", CANARY_POD, "200"), 555, 5000, 5100, 5200);
    samples(of("up", "canary", CANARY_POD), 610, 1, 1);
    samples(requests("canary", CANARY_POD, "200"), 610, 5300, 5400);

    assertEquals(new Counts(0, 100), canary());
  }

  @Test
  void whereTheMetricsSystemItselfBeginsTheFirstSampleIsTheStart() {
    samples(requests("canary", CANARY_POD, "200"), 605, 90_000, 90_020);
    samples(requests("baseline", "10.0.0.1:8080", "200"), 611, 50_000, 50_020);

    assertEquals(new Counts(0, 20), canary());
    assertEquals(new Observations.Traffic.Seen(20, 20), look().traffic());
  }

  @Test
  void afterAnOutageAPodThatWasStartedInItCountsFromZero() {
    double[] before = new double[10];
    samples(requests("baseline", "10.0.0.1:8080", "200"), -900, before);
    // The baseline is back in the window before; in this one nothing looks like an outage.
    samples(requests("baseline", "10.0.0.1:8080", "200"), 598, 5000, 5010, 5020);
    samples(of("up", "canary", CANARY_POD), 604, 1, 1);
    samples(of("process_start_time_seconds", "canary", CANARY_POD), 604, starts(-200));
    samples(requests("canary", CANARY_POD, "200"), 604, 400, 410);

    assertEquals(new Counts(0, 410), canary());
  }

  @Test
  void seriesWithoutATargetCountFromZeroWhenTheirKindWasThereBefore() {
    samples(
        Shop.labels("requests_total", "cohort", "canary", "code", "200"), 555, 1, 2, 3, 4, 5, 6);
    samples(Shop.labels("requests_total", "cohort", "canary", "code", "500"), 615, 2, 2);

    assertEquals(new Counts(2, 4), canary());
  }

  @Test
  void instancesAreNamedLiterallyWhenTargetsAreAsked() {
    longRunningBaseline();
    samples(requests("canary", "a.b|c\"d\\e:1", "200"), 610, 7, 20);

    canary();

    assertTrue(
        asked("job=\"shop\",instance=~\"a\\\\.b\\\\|c\\\"d\\\\\\\\e:1\"}"),
        prometheus.asked().toString());
  }

  @Test
  void aTargetThatCannotBeAskedNowLeavesNoSampleBecauseTheAnswerWouldDependOnLuck() {
    longRunningBaseline();
    samples(requests("canary", CANARY_POD, "200"), 610, 7, 20);
    prometheus.edit(
        (query, reply) ->
            query.promql().contains("__name__")
                ? new Reply.Failed(new Trouble(Absence.UNREACHABLE, "gone"))
                : reply);

    assertEquals(new Observed.Absent(Absence.UNREACHABLE, "gone"), look().metrics().get("errors"));
  }

  @Test
  void whereTargetsMayNotBeReadTheRulesGoOnWithoutThem() {
    longRunningBaseline();
    samples(requests("canary", CANARY_POD, "200"), 610, 7, 20);
    prometheus.edit(
        (query, reply) ->
            query.promql().contains("__name__")
                ? new Reply.Failed(new Trouble(Absence.UNAUTHORIZED, "no"))
                : reply);

    assertEquals(new Counts(0, 20), canary());
  }
}
