package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is forecast, beside what seeded rollouts then take. */
class ForecastTest {
  private static final double FACTOR = 2;
  private static final int RUNS = 21;
  private static final MetricTest.OfCounts ERRORS =
      new MetricTest.OfCounts(
          Direction.HIGHER_IS_WORSE, new Margin(0.10, 0.0005), new Margin(0.50, 0.001));
  private static final MetricTest.OfQuantile P99 =
      new MetricTest.OfQuantile(0.99, Margin.relative(0.05), Margin.relative(0.15));

  private final Telemetry telemetry = new Telemetry(31);

  private static double median(List<Integer> looks) {
    List<Integer> sorted = new ArrayList<>(looks);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static void assertWithinFactor(double predicted, double simulated, String what) {
    assertTrue(
        predicted <= FACTOR * simulated + 2 && simulated <= FACTOR * predicted + 2,
        what + ": predicted " + predicted + ", simulated median " + simulated);
  }

  private static Forecast forecast() {
    return new Forecast(JudgeSettings.withDefaults(), 1, 1.2);
  }

  private Supplier<Observed> counts(Pace pace, double canaryRate, double baselineRate) {
    return () ->
        Observed.Seen.of(
            telemetry.counts(pace.canary(), canaryRate),
            telemetry.counts(pace.baseline(), baselineRate));
  }

  private static double safeAfter(MetricTest test, Supplier<Observed> next, Optional<Sample> past) {
    List<Integer> looks = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      Rollout rollout = new Rollout(test);
      past.ifPresent(p -> rollout.judge().learn(Rollout.METRIC, p));
      for (int i = 0; i < 2500 && !rollout.everSafe(); i++) {
        rollout.look(i == 0, next.get());
      }
      looks.add(rollout.safeAt());
    }
    return median(looks);
  }

  private static double harmAfter(MetricTest test, Supplier<Observed> next, Optional<Sample> past) {
    List<Integer> looks = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      Rollout rollout = new Rollout(test);
      past.ifPresent(p -> rollout.judge().learn(Rollout.METRIC, p));
      looks.add(rollout.watch(4000, next).harmAt());
    }
    return median(looks);
  }

  @Test
  void theTimeUntilErrorsAreProvenSafeIsForecast() {
    for (Pace pace : List.of(new Pace(60, 5940), new Pace(600, 5400), new Pace(3000, 3000))) {
      for (double rate : new double[] {0.005, 0.03}) {
        double predicted =
            forecast()
                .of(ERRORS, new Counts(rate * 1e6, 1e6), pace, 100)
                .orElseThrow()
                .looksToSafety();
        double simulated = safeAfter(ERRORS, counts(pace, rate, rate), Optional.empty());
        assertWithinFactor(predicted, simulated, pace + " at " + rate);
      }
    }
  }

  @Test
  void aBaselineWithoutErrorsFollowsTheRuleOfThree() {
    Pace pace = new Pace(600, 5400);
    double predicted =
        forecast().of(ERRORS, new Counts(0, 1e6), pace, 100).orElseThrow().looksToSafety();
    double simulated = safeAfter(ERRORS, counts(pace, 0, 0), Optional.empty());
    assertWithinFactor(predicted, simulated, "no errors at all");
  }

  @Test
  void theSmallestRegressionOfAStepIsFoundByItsEndInHalfOfTheRuns() {
    for (Pace pace : List.of(new Pace(60, 5940), new Pace(600, 5400))) {
      for (double looks : new double[] {30, 240}) {
        double smallest =
            forecast()
                .of(ERRORS, new Counts(5000, 1e6), pace, looks)
                .orElseThrow()
                .smallest()
                .orElseThrow();
        double simulated = harmAfter(ERRORS, counts(pace, smallest, 0.005), Optional.empty());
        assertWithinFactor(looks, simulated, pace + ", " + looks + " looks, rate " + smallest);
      }
    }
  }

  @Test
  void aFallThatIsHarmIsForecastToo() {
    MetricTest.OfCounts orders =
        new MetricTest.OfCounts(
            Direction.LOWER_IS_WORSE, Margin.relative(0.10), Margin.relative(0.20));
    Pace pace = new Pace(600, 5400);
    Forecast.Prospect prospect =
        forecast().of(orders, new Counts(50_000, 1e6), pace, 100).orElseThrow();
    double smallest = prospect.smallest().orElseThrow();
    assertTrue(smallest < 0.045 && smallest > 0, "a fall: " + smallest);
    assertWithinFactor(
        100, harmAfter(orders, counts(pace, smallest, 0.05), Optional.empty()), "orders");
  }

  private Supplier<Observed> latency(double factor) {
    return () -> Observed.Seen.of(telemetry.latency(300, factor), telemetry.latency(2700, 1));
  }

  @Test
  void theTimeUntilALatencyIsProvenSafeIsForecast() {
    Buckets past = telemetry.latency(50_000, 1);
    double predicted =
        forecast().of(P99, past, new Pace(300, 2700), 100).orElseThrow().looksToSafety();
    double simulated = safeAfter(P99, latency(1), Optional.of(past));
    assertWithinFactor(predicted, simulated, "p99");
  }

  @Test
  void theSmallestSlowDownOfAStepIsFoundByItsEndInHalfOfTheRuns() {
    Buckets past = telemetry.latency(50_000, 1);
    Forecast.Prospect prospect = forecast().of(P99, past, new Pace(300, 2700), 20).orElseThrow();
    double factor = prospect.smallest().orElseThrow() / prospect.normal();
    assertTrue(factor > 1.05 && factor < 2, "slower by " + factor);
    assertWithinFactor(20, harmAfter(P99, latency(factor), Optional.of(past)), "p99 x" + factor);
  }

  @Test
  void halfWayThroughTheOutlookIsAboutHalf() {
    Pace pace = new Pace(600, 5400);
    double whole = safeAfter(ERRORS, counts(pace, 0.005, 0.005), Optional.empty());
    List<Double> left = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      Judge judge =
          Judge.start(JudgeSettings.withDefaults(), List.of(new JudgedMetric("errors", ERRORS, 1)));
      Judgement last = judge.look(new Look(30, true), Map.of());
      assertInstanceOf(Outlook.Unknown.class, ahead(last));
      for (int i = 0; i < whole / 2; i++) {
        last = judge.look(new Look(30, i == 0), Map.of("errors", counts(pace, 0.005, 0.005).get()));
      }
      left.add(ahead(last) instanceof Outlook.Looks l ? l.looks() : 0.0);
    }
    Collections.sort(left);
    assertWithinFactor(left.get(RUNS / 2), whole / 2, "what is left");
  }

  private static Outlook ahead(Judgement judgement) {
    return Optional.ofNullable(judgement.ahead().get("errors")).orElseThrow().safety();
  }

  @Test
  void aValueIsForecastFromItsOwnNoise() {
    MetricTest value =
        new MetricTest.OfValue(
            Direction.HIGHER_IS_WORSE, Margin.relative(0.10), Margin.relative(0.20));
    Supplier<Observed> next =
        () -> Observed.Seen.of(telemetry.value(100, 30), telemetry.value(100, 30));
    double whole = safeAfter(value, next, Optional.empty());
    List<Double> left = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      Judge judge =
          Judge.start(JudgeSettings.withDefaults(), List.of(new JudgedMetric("errors", value, 1)));
      Judgement last = judge.look(new Look(30, true), Map.of());
      for (int i = 0; i < whole / 2; i++) {
        last = judge.look(new Look(30, i == 0), Map.of("errors", next.get()));
      }
      left.add(ahead(last) instanceof Outlook.Looks l ? l.looks() : 0.0);
    }
    Collections.sort(left);
    assertWithinFactor(left.get(RUNS / 2), whole / 2, "what is left of " + whole);
  }

  private static Outlook after(int looks, Observed... seen) {
    Judge judge =
        Judge.start(JudgeSettings.withDefaults(), List.of(new JudgedMetric("errors", ERRORS, 1)));
    Judgement last = judge.look(new Look(30, true), Map.of());
    for (int i = 0; i < looks; i++) {
      last = judge.look(new Look(30, i == 0), Map.of("errors", seen[i % seen.length]));
    }
    return ahead(last);
  }

  @Test
  void neverIsSaidWhereItIsNever() {
    Observed worse = Observed.Seen.of(new Counts(7, 600), new Counts(27, 5400));
    assertEquals(new Outlook.Never(Outlook.Why.LOOKS_WORSE), after(3, worse));
    Observed silent = new Observed.Absent(Absence.NO_TRAFFIC, "none");
    assertEquals(new Outlook.Never(Outlook.Why.NO_TRAFFIC), after(3, silent));
    Observed stale = new Observed.Absent(Absence.STALE, "stale");
    assertEquals(new Outlook.Unknown(), after(3, stale), "no data is no word on traffic");
    Observed good = Observed.Seen.of(new Counts(3, 600), new Counts(27, 5400));
    assertEquals(new Outlook.Proven(), after(100, good));
  }

  @Test
  void whatHasShownNothingCannotBeForecast() {
    Pace pace = new Pace(10, 100);
    assertTrue(forecast().of(ERRORS, new Counts(0, 0), pace, 10).isEmpty());
    assertTrue(
        forecast().of(P99, new Buckets(new double[] {1}, new double[] {3, 0}), pace, 10).isEmpty());
    assertTrue(
        forecast()
            .of(ERRORS, new Counts(50, 10_000), new Pace(0.001, 100), 3)
            .orElseThrow()
            .smallest()
            .isEmpty(),
        "nobody on the canary shows nothing, however bad");
    assertEquals(
        Double.POSITIVE_INFINITY,
        forecast()
            .of(ERRORS, new Counts(50, 10_000), new Pace(0, 100), 3)
            .orElseThrow()
            .looksToSafety());
  }
}
