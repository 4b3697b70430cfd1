package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What must hold whatever the data: every kind of metric, seeded at random. */
class JudgePropertiesTest {
  private static final JudgeSettings SETTINGS = JudgeSettings.withDefaults();
  private static final JudgeSettings EXACT = new JudgeSettings(0.01, 0.05, 86_400, 2, false, 1);

  /** One metric of every kind and direction, with margins of both sorts. */
  private static List<JudgedMetric> everyKind() {
    Margin r = Margin.relative(0.1);
    Margin a = Margin.absolute(0.02);
    Margin both = new Margin(0.1, 0.01);
    List<MetricTest> tests = new ArrayList<>();
    for (Direction d : Direction.values()) {
      tests.add(new MetricTest.OfCounts(d, r, both));
      tests.add(new MetricTest.OfCounts(d, a, a));
      tests.add(new MetricTest.OfMean(d, r, r));
      tests.add(new MetricTest.OfMean(d, a, both, 2));
      tests.add(new MetricTest.OfValue(d, r, a));
      tests.add(new MetricTest.OfValue(d, Margin.NONE, Margin.NONE));
    }
    for (double limit : new double[] {0, 0.01, 1e6}) {
      tests.add(new MetricTest.OfCountsAgainstLimit(Direction.HIGHER_IS_WORSE, limit));
      tests.add(new MetricTest.OfCountsAgainstLimit(Direction.LOWER_IS_WORSE, limit));
      tests.add(new MetricTest.OfQuantileAgainstLimit(0.99, limit));
    }
    tests.add(new MetricTest.OfQuantile(0.99, r, both));
    tests.add(new MetricTest.OfQuantile(0.5, a, a));
    tests.add(new MetricTest.OfQuantile(0.999, Margin.NONE, r));
    return IntStream.range(0, tests.size())
        .mapToObj(i -> new JudgedMetric("m" + i, tests.get(i), 1 + i % 3))
        .toList();
  }

  private static Sample sample(MetricTest test, Random random, double wildness) {
    return switch (test) {
      case MetricTest.OfCounts t -> counts(random, wildness);
      case MetricTest.OfCountsAgainstLimit t -> counts(random, wildness);
      case MetricTest.OfQuantile t -> buckets(random, wildness);
      case MetricTest.OfQuantileAgainstLimit t -> buckets(random, wildness);
      case MetricTest.OfMean t ->
          new Moments((random.nextDouble() - 0.3) * size(random, wildness), size(random, wildness));
      case MetricTest.OfValue t -> new Values((random.nextDouble() - 0.3) * size(random, wildness));
    };
  }

  private static Counts counts(Random random, double wildness) {
    double n = size(random, wildness);
    return new Counts(Math.rint(n * Math.pow(random.nextDouble(), 4)), n);
  }

  private static Buckets buckets(Random random, double wildness) {
    double[] edges = random.nextDouble() < 0.1 * wildness ? new double[] {0.1, 1} : Telemetry.EDGES;
    double[] counts = new double[edges.length + 1];
    for (int j = 0; j < counts.length; j++) {
      counts[j] = random.nextDouble() < 0.3 ? 0 : size(random, wildness);
    }
    return new Buckets(edges, counts);
  }

  /** 0, 1, a few, or a million million. */
  private static double size(Random random, double wildness) {
    if (random.nextDouble() > wildness) {
      return random.nextInt(2000);
    }
    double[] extremes = {0, 1, 1e-9, 0.5, 1e6, 1e12, 1e15, 1e18, 1e300};
    return extremes[random.nextInt(extremes.length)];
  }

  private static Map<String, Observed> observe(
      List<JudgedMetric> metrics, Random random, double wildness) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    for (JudgedMetric m : metrics) {
      double dice = random.nextDouble();
      if (dice < 0.05) {
        observed.put(m.id(), new Observed.Absent(Absence.STALE, "stale"));
      } else if (dice < 0.1) {
        observed.put(
            m.id(), new Observed.Seen(sample(m.test(), random, wildness), Optional.empty()));
      } else if (dice < 0.95) {
        observed.put(
            m.id(),
            Observed.Seen.of(
                sample(m.test(), random, wildness), sample(m.test(), random, wildness)));
      }
    }
    return observed;
  }

  @Test
  void noNumberIsEverUndefinedHoweverWildTheCounts() {
    List<JudgedMetric> metrics = everyKind();
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      JudgeSettings settings = seed % 2 == 0 ? SETTINGS : EXACT;
      Judge judge = Judge.start(settings, metrics);
      for (int i = 0; i < 60; i++) {
        double wildness = seed < 4 ? 0 : seed / 15.0;
        Judgement judgement =
            judge.look(new Look(30, i % 20 == 0), observe(metrics, random, wildness));
        assertFalse(Double.isNaN(judgement.logHarm()), "seed " + seed);
        judgement.findings().forEach(JudgePropertiesTest::assertDefined);
        assertEquals(metrics.size(), judgement.findings().size());
      }
      for (double number : judge.snapshot()) {
        assertFalse(Double.isNaN(number));
      }
    }
  }

  private static void assertDefined(String id, Finding finding) {
    if (finding instanceof Finding.Comparison c) {
      String what = id + ": " + c;
      Effect e = c.effect();
      double[] finite = {
        e.estimate(),
        e.margin(),
        c.canaryValue(),
        c.baselineValue(),
        c.canarySize(),
        c.baselineSize(),
        c.logHarm(),
        c.logSafe(),
        c.dispersion()
      };
      assertTrue(Arrays.stream(finite).allMatch(Double::isFinite), what);
      assertFalse(Double.isNaN(e.lower()) || Double.isNaN(e.upper()), what);
      assertTrue(e.lower() <= e.estimate() && e.estimate() <= e.upper(), what);
      assertTrue(c.dispersion() >= 1, what);
    }
  }

  @Test
  void aRestoredJudgeGoesOnBitForBitWhateverItSaw() {
    List<JudgedMetric> metrics = everyKind();
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      Judge live = Judge.start(SETTINGS, metrics);
      Judge restored = Judge.start(SETTINGS, metrics);
      for (int i = 0; i < 40; i++) {
        restored = Judge.restore(SETTINGS, metrics, restored.snapshot());
        Map<String, Observed> observed = observe(metrics, random, seed * 0.2);
        Look look = new Look(30, i % 15 == 0);
        assertEquals(live.look(look, observed), restored.look(look, observed));
      }
      assertArrayEquals(live.snapshot(), restored.snapshot());
    }
  }

  @Test
  void theSameLooksGiveTheSameBits() {
    List<JudgedMetric> metrics = everyKind();
    Judge one = Judge.start(SETTINGS, metrics);
    Judge other = Judge.start(SETTINGS, metrics);
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      Map<String, Observed> observed = observe(metrics, random, 0.1);
      one.look(new Look(30, i == 0), observed);
      other.look(new Look(30, i == 0), observed);
    }
    assertArrayEquals(one.snapshot(), other.snapshot());
  }

  @Test
  void theOrderOfTheMetricsDoesNotMatter() {
    List<JudgedMetric> metrics = everyKind();
    List<JudgedMetric> reversed = new ArrayList<>(metrics);
    Collections.reverse(reversed);
    Judge one = Judge.start(SETTINGS, metrics);
    Judge other = Judge.start(SETTINGS, reversed);
    Random random = new Random(9);
    for (int i = 0; i < 60; i++) {
      Map<String, Observed> observed = observe(metrics, random, 0);
      Judgement a = one.look(new Look(30, i == 0), observed);
      Judgement b = other.look(new Look(30, i == 0), observed);
      assertEquals(a.harm(), b.harm());
      assertEquals(a.logHarm(), b.logHarm(), 1e-9 * Math.max(1, Math.abs(a.logHarm())));
      assertEquals(a.findings(), b.findings());
    }
  }

  @Test
  void theUnitOfALatencyOrAValueDoesNotMatter() {
    MetricTest inSeconds =
        new MetricTest.OfQuantile(0.99, new Margin(0.05, 0.01), Margin.relative(0.15));
    MetricTest inMillis =
        new MetricTest.OfQuantile(0.99, new Margin(0.05, 10), Margin.relative(0.15));
    MetricTest bytes =
        new MetricTest.OfValue(Direction.EITHER, new Margin(0.1, 1), Margin.relative(0.2));
    MetricTest kilobytes =
        new MetricTest.OfValue(Direction.EITHER, new Margin(0.1, 0.001), Margin.relative(0.2));
    Rollout seconds = new Rollout(inSeconds);
    Rollout millis = new Rollout(inMillis);
    Rollout big = new Rollout(bytes);
    Rollout small = new Rollout(kilobytes);
    Telemetry telemetry = new Telemetry(2);
    for (int i = 0; i < 60; i++) {
      Buckets c = telemetry.latency(300, 1.1);
      Buckets b = telemetry.latency(2700, 1);
      seconds.look(i == 0, Observed.Seen.of(c, b));
      millis.look(i == 0, Observed.Seen.of(times(c, 1000), times(b, 1000)));
      assertSame(seconds, millis);
      double x = telemetry.normal(60, 5);
      double y = telemetry.normal(50, 5);
      big.look(i == 0, Observed.Seen.of(new Values(x), new Values(y)));
      small.look(i == 0, Observed.Seen.of(new Values(x / 1000), new Values(y / 1000)));
      assertSame(big, small);
    }
  }

  private static Buckets times(Buckets b, double factor) {
    return new Buckets(Arrays.stream(b.edges()).map(e -> e * factor).toArray(), b.counts());
  }

  private static void assertSame(Rollout one, Rollout other) {
    if (one.finding() instanceof Finding.Comparison a) {
      Finding.Comparison b = other.comparison();
      assertEquals(a.logHarm(), b.logHarm(), 1e-6 * Math.max(1, Math.abs(a.logHarm())));
      assertEquals(a.logSafe(), b.logSafe(), 1e-6 * Math.max(1, Math.abs(a.logSafe())));
      assertEquals(a.safe(), b.safe());
    } else {
      assertEquals(one.insufficient().shortage(), other.insufficient().shortage());
    }
  }

  @Test
  void moreErrorsOfTheCanaryNeverLookLessHarmfulOrSafer() {
    MetricTest errors =
        new MetricTest.OfCounts(
            Direction.HIGHER_IS_WORSE, Margin.relative(0.1), Margin.relative(0.5));
    double[] harm = new double[8];
    double[] safe = new double[8];
    for (int extra = 0; extra < harm.length; extra++) {
      Telemetry telemetry = new Telemetry(4);
      Rollout rollout = new Rollout(EXACT, errors);
      for (int i = 0; i < 20; i++) {
        Counts c = telemetry.counts(600, 0.01);
        Counts more = new Counts(c.events() + extra, c.exposure());
        rollout.look(i == 0, Observed.Seen.of(more, telemetry.counts(5400, 0.01)));
      }
      harm[extra] = rollout.comparison().logHarm();
      safe[extra] = rollout.comparison().logSafe();
    }
    for (int extra = 1; extra < harm.length; extra++) {
      assertTrue(harm[extra] >= harm[extra - 1] - 1e-9, Arrays.toString(harm));
      assertTrue(safe[extra] <= safe[extra - 1] + 1e-9, Arrays.toString(safe));
    }
  }

  @Test
  void aRollbackNeverComesWithoutAName() {
    MetricTest errors =
        new MetricTest.OfCounts(Direction.HIGHER_IS_WORSE, Margin.NONE, Margin.NONE);
    List<JudgedMetric> metrics =
        IntStream.range(0, 6).mapToObj(i -> new JudgedMetric("e" + i, errors, 1)).toList();
    Judge judge = Judge.start(SETTINGS, metrics);
    Telemetry telemetry = new Telemetry(8);
    boolean harm = false;
    for (int i = 0; i < 400 && !harm; i++) {
      Map<String, Observed> observed = new LinkedHashMap<>();
      for (JudgedMetric m : metrics) {
        observed.put(
            m.id(), Observed.Seen.of(telemetry.counts(600, 0.013), telemetry.counts(5400, 0.01)));
      }
      Judgement judgement = judge.look(new Look(30, i == 0), observed);
      harm = judgement.harm();
      assertEquals(harm, !judgement.culprits().isEmpty());
    }
    assertTrue(harm);
  }

  @Test
  void harmIsStickyAndKeepsItsCulprits() {
    MetricTest errors =
        new MetricTest.OfCounts(Direction.HIGHER_IS_WORSE, Margin.NONE, Margin.NONE);
    Telemetry telemetry = new Telemetry(6);
    Rollout rollout =
        new Rollout(errors)
            .watch(
                100,
                () -> Observed.Seen.of(telemetry.counts(600, 0.05), telemetry.counts(5400, 0.01)));
    for (int i = 0; i < 300; i++) {
      rollout.look(
          false, Observed.Seen.of(telemetry.counts(600, 0.001), telemetry.counts(5400, 0.01)));
    }

    assertTrue(rollout.harm());
    assertTrue(rollout.comparison().harmful());
    assertFalse(rollout.comparison().logHarm() >= Math.log(100), "the evidence itself has gone");
  }

  @Test
  void aCulpritHasNumbersEvenWhereTheNewStepHasSeenNothing() {
    List<JudgedMetric> metrics = everyKind();
    Random random = new Random(5);
    Judge judge = Judge.start(SETTINGS, metrics);
    Judgement last = judge.look(new Look(30, true), observe(metrics, random, 0));
    for (int i = 0; i < 60; i++) {
      last = judge.look(new Look(30, false), observe(metrics, random, 0));
    }
    assertTrue(last.culprits().size() > 3, "several kinds are named: " + last.culprits());

    last =
        judge.look(new Look(30, true), Map.of("m0", new Observed.Absent(Absence.STALE, "stale")));

    for (String culprit : last.culprits()) {
      Finding finding = last.findings().get(culprit);
      assertTrue(finding instanceof Finding.Comparison c && c.harmful(), culprit + ": " + finding);
    }
    last.findings().forEach(JudgePropertiesTest::assertDefined);
  }

  @Test
  void aLookThatAsksNothingChangesNothing() {
    List<JudgedMetric> metrics = everyKind();
    Judge judge = Judge.start(SETTINGS, metrics);
    judge.look(new Look(30, true), observe(metrics, new Random(1), 0));
    double[] before = judge.snapshot();

    judge.look(new Look(30, false), Map.of());

    assertArrayEquals(before, judge.snapshot());
  }

  @Test
  void wrongSnapshotsAreRefused() {
    List<JudgedMetric> metrics = everyKind();
    Judge judge = Judge.start(SETTINGS, metrics);
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      judge.look(new Look(30, i == 0), observe(metrics, random, 0));
    }
    double[] good = judge.snapshot();

    assertRefused(SETTINGS, metrics, changed(good, 0, 99), "version");
    assertRefused(SETTINGS, metrics, new double[0], "ends after");
    assertRefused(SETTINGS, metrics, Arrays.copyOf(good, good.length - 1), "ends after");
    assertRefused(SETTINGS, metrics, Arrays.copyOf(good, good.length + 1), "were due");
    assertRefused(SETTINGS, metrics, changed(good, good.length - 1, Double.NaN), "not a number");
    assertRefused(EXACT, metrics, good, "other settings");
    assertRefused(SETTINGS, metrics.subList(1, metrics.size()), good, "other metrics");
  }

  private static double[] changed(double[] numbers, int at, double value) {
    double[] copy = numbers.clone();
    copy[at] = value;
    return copy;
  }

  private static void assertRefused(
      JudgeSettings settings, List<JudgedMetric> metrics, double[] snapshot, String why) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Judge.restore(settings, metrics, snapshot));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }

  @Test
  void mistakesOfTheCallerAreNamed() {
    MetricTest errors =
        new MetricTest.OfCounts(Direction.HIGHER_IS_WORSE, Margin.NONE, Margin.NONE);
    MetricTest impossible =
        new MetricTest.OfCounts(Direction.LOWER_IS_WORSE, Margin.relative(1), Margin.NONE);
    JudgedMetric metric = new JudgedMetric("errors", errors, 1);
    Judge judge = Judge.start(SETTINGS, List.of(metric));
    Look look = new Look(30, true);

    assertRefused(() -> Judge.start(SETTINGS, List.of()), "at least one metric");
    assertRefused(() -> Judge.start(SETTINGS, List.of(metric, metric)), "twice");
    assertRefused(
        () -> Judge.start(SETTINGS, List.of(new JudgedMetric("x", impossible, 1))), "below 1");
    assertRefused(
        () -> judge.look(look, Map.of("x", new Observed.Absent(Absence.STALE, ""))), "'x'");
    assertRefused(
        () -> judge.look(look, Map.of("errors", Observed.Seen.of(new Values(1), new Values(1)))),
        "judged from Counts");
    assertRefused(() -> judge.learn("x", new Values(1)), "'x'");
  }

  private static void assertRefused(org.junit.jupiter.api.function.Executable call, String why) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }
}
