package dev.sluice.service.scenarios;

import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.JudgeSettings;
import dev.sluice.analyzer.Judgement;
import dev.sluice.analyzer.Look;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Pods;
import dev.sluice.analyzer.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes a judge through a scenario, look by look.
 *
 * <p>The rules are those of the reference implementation, so that decisions can be compared one by
 * one: harm ends the scenario; "safe" is asked of counts with a margin of their own alone, and anew
 * in every step.
 */
public final class ScenarioJudge {
  /** With fewer usable intervals of some metric nothing is concluded. */
  private static final int FEWEST_INTERVALS = 5;

  private final JudgeSettings.Pace pace;

  public ScenarioJudge(JudgeSettings.Pace pace) {
    this.pace = pace;
  }

  /** A judge at this pace that knows what is known before the scenario begins. */
  public Judge start(Scenario scenario) {
    Judge judge = Judge.start(scenario.settings().with(pace), scenario.judged());
    for (Scenario.Series series : scenario.metrics()) {
      String id = series.metric().id();
      switch (series.learned()) {
        case Scenario.Learned.Nothing nothing -> {}
        case Scenario.Learned.Noise noise -> judge.calibrate(id, noise.profile());
        case Scenario.Learned.Shape shape -> judge.learn(id, shape.history());
        case Scenario.Learned.Differences d ->
            judge.learnDifferences(
                id, d.oldestFirst().stream().mapToDouble(Double::doubleValue).toArray());
      }
    }
    return judge;
  }

  /** Watches the scenario until harm is proven, or to its end. */
  public Decided judge(Scenario scenario) {
    Judge judge = start(scenario);
    Watched watched = new Watched(scenario);
    for (int i = 0; i < scenario.looks() && watched.harmAt.isEmpty(); i++) {
      watched.take(i, look(judge, scenario, i));
    }
    return watched.decided();
  }

  /** One look of a judge at a scenario, counted from 0. */
  public static Judgement look(Judge judge, Scenario scenario, int look) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    Map<String, Pods> pods = new LinkedHashMap<>();
    for (Scenario.Series series : scenario.metrics()) {
      observed.put(series.metric().id(), series.looks().get(look));
      if (!series.pods().isEmpty()) {
        series.pods().get(look).ifPresent(p -> pods.put(series.metric().id(), p));
      }
    }
    boolean begins = scenario.stepBegins().contains(look);
    return judge.look(new Look(scenario.intervalSeconds(), begins), observed, pods);
  }

  /** What has been said so far. */
  private static final class Watched {
    private final Scenario scenario;
    private final List<String> gating;
    private final Map<String, Progress> progress = new LinkedHashMap<>();
    private OptionalInt harmAt = OptionalInt.empty();
    private OptionalInt safeAt = OptionalInt.empty();
    private double logHarm;

    Watched(Scenario scenario) {
      this.scenario = scenario;
      this.gating =
          scenario.metrics().stream()
              .filter(Scenario.Series::gating)
              .map(s -> s.metric().id())
              .toList();
      scenario.metrics().forEach(s -> progress.put(s.metric().id(), new Progress(s)));
    }

    void take(int look, Judgement judgement) {
      logHarm = judgement.logHarm();
      if (look > 0 && scenario.stepBegins().contains(look)) {
        safeAt = OptionalInt.empty();
      }
      if (judgement.harm()) {
        harmAt = OptionalInt.of(look + 1);
      }
      if (safeAt.isEmpty() && safe(judgement)) {
        safeAt = OptionalInt.of(look + 1);
      }
      progress.forEach((id, p) -> p.take(look, Optional.ofNullable(judgement.findings().get(id))));
    }

    private boolean safe(Judgement judgement) {
      return !gating.isEmpty()
          && gating.stream()
              .map(judgement.findings()::get)
              .allMatch(f -> f instanceof Finding.Comparison c && c.safe());
    }

    Decided decided() {
      Map<String, Decided.OfMetric> metrics = new LinkedHashMap<>();
      progress.forEach((id, p) -> metrics.put(id, p.ofMetric()));
      return new Decided(scenario.id(), word(), harmAt, safeAt, logHarm, metrics);
    }

    private Decided.Word word() {
      if (harmAt.isPresent()) {
        return Decided.Word.HARM;
      }
      if (safeAt.isPresent()) {
        return Decided.Word.SAFE;
      }
      boolean few = progress.values().stream().anyMatch(p -> p.intervals < FEWEST_INTERVALS);
      return few ? Decided.Word.INSUFFICIENT : Decided.Word.INCONCLUSIVE;
    }
  }

  /** How far one metric has come. */
  private static final class Progress {
    private final Scenario.Series series;
    private double latest;
    private double most;
    private int intervals;
    private int pending;
    private double canaryPending;
    private double baselinePending;
    private Optional<Effect> ratio = Optional.empty();

    Progress(Scenario.Series series) {
      this.series = series;
    }

    void take(int look, Optional<Finding> finding) {
      if (series.looks().get(look) instanceof Observed.Seen seen) {
        count(seen.canary().size(), seen.baseline().map(Sample::size).orElse(0.0));
      }
      if (finding.isPresent() && finding.get() instanceof Finding.Comparison c) {
        latest = c.logHarm();
        most = Math.max(most, latest);
        ratio =
            Optional.of(c.effect())
                .filter(e -> series.metric().test() instanceof MetricTest.OfCounts)
                .filter(e -> e.scale() == Effect.Scale.RATIO);
      }
    }

    /** A mean is compared once a block is full; anything else wherever there was traffic. */
    private void count(double canary, double baseline) {
      if (!(series.metric().test() instanceof MetricTest.OfMean mean)) {
        intervals += canary > 0 && baseline > 0 ? 1 : 0;
        return;
      }
      pending++;
      canaryPending += canary;
      baselinePending += baseline;
      if (pending >= mean.blockLooks() && canaryPending > 0 && baselinePending > 0) {
        intervals++;
        pending = 0;
        canaryPending = 0;
        baselinePending = 0;
      }
    }

    Decided.OfMetric ofMetric() {
      return new Decided.OfMetric(latest, Math.exp(-most), intervals, ratio);
    }
  }
}
