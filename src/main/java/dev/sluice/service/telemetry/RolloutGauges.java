package dev.sluice.service.telemetry;

import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.http.view.Words;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest rollout of each plan as gauges.
 *
 * <p>Kept is the state itself, and the series are written from it at each scrape. So a series is
 * there exactly while it is true: what a look did not give is missing (and not NaN), the series of
 * the step before are gone with the step, and a scrape never sees half of a change.
 *
 * <p>When a rollout has ended its measurements go at once; its state and exposures stay, for an
 * alert to see, until the plan is started again. Of ended rollouts the newest hundred are kept.
 */
final class RolloutGauges implements MultiCollector {
  private static final int ENDED_KEPT = 100;

  private final Map<String, Rollout> byPlan = new LinkedHashMap<>();

  /** A rollout that was begun earlier than the one shown does not come back. */
  synchronized void show(Rollout rollout) {
    String plan = rollout.plan().name();
    Rollout shown = byPlan.get(plan);
    if (shown != null
        && !shown.id().equals(rollout.id())
        && shown.startedAt().isAfter(rollout.startedAt())) {
      return;
    }
    byPlan.remove(plan);
    byPlan.put(plan, rollout);
    forgetOldest();
  }

  synchronized void forget(RolloutId id) {
    byPlan.values().removeIf(rollout -> rollout.id().equals(id));
  }

  private void forgetOldest() {
    long ended = byPlan.values().stream().filter(Rollout::ended).count();
    Iterator<Rollout> oldest = byPlan.values().iterator();
    while (ended > ENDED_KEPT && oldest.hasNext()) {
      if (oldest.next().ended()) {
        oldest.remove();
        ended--;
      }
    }
  }

  private synchronized List<Rollout> shown() {
    return List.copyOf(byPlan.values());
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return Arrays.stream(Family.values())
        .map(f -> MetricFamilyDescriptor.gauge(f.name).help(f.help).build())
        .toList();
  }

  @Override
  public MetricSnapshots collect() {
    Map<Family, List<GaugeDataPointSnapshot>> points = new LinkedHashMap<>();
    shown().forEach(rollout -> new Points(points, rollout).all());
    return new MetricSnapshots(
        points.entrySet().stream().<MetricSnapshot>map(e -> e.getKey().of(e.getValue())).toList());
  }

  private enum Family {
    STATE("sluice_rollout_state", "1 for the state the newest rollout of the plan is in, else 0."),
    TARGET("sluice_target_percent", "Exposure the plan wants now."),
    APPLIED("sluice_applied_percent", "Exposure the flag system last confirmed."),
    READY(
        "sluice_rollback_ready",
        "1 while everybody could be taken back, as far as anybody has said; else 0."),
    OBSERVED("sluice_observed_percent", "Share of the traffic on the canary in the latest look."),
    ESTIMATE(
        "sluice_metric_estimate",
        "Effect on the canary: a ratio to the baseline, a difference, or for a limit the value."),
    LOW("sluice_metric_interval_low", "Lower end of the interval of the effect."),
    HIGH("sluice_metric_interval_high", "Upper end of the interval of the effect."),
    MARGIN("sluice_metric_margin", "Edge of what is accepted, on the scale of the effect."),
    VERDICT("sluice_metric_verdict", "1 for the verdict of the latest look, else 0."),
    SAMPLES("sluice_cohort_samples", "Units behind the comparison, by cohort.");

    private final String name;
    private final String help;

    Family(String name, String help) {
      this.name = name;
      this.help = help;
    }

    GaugeSnapshot of(List<GaugeDataPointSnapshot> points) {
      GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
      points.forEach(builder::dataPoint);
      return builder.build();
    }
  }

  /** The series of one rollout. */
  private record Points(Map<Family, List<GaugeDataPointSnapshot>> to, Rollout rollout) {

    void all() {
      states();
      add(Family.TARGET, rollout.desired().percent());
      add(Family.APPLIED, rollout.applied().percent());
      if (!rollout.ended()) {
        add(Family.READY, rollout.backIsReady() ? 1 : 0);
        rollout.lastAssessment().ifPresent(this::measurements);
      }
    }

    private void states() {
      String present = Words.state(rollout.stage());
      for (String state : Words.states()) {
        double value = state.equals(present) ? 1 : 0;
        add(Family.STATE, value, "step", rollout.step().id(), "state", state);
      }
    }

    private void measurements(Assessment assessment) {
      assessment.observedShare().ifPresent(share -> add(Family.OBSERVED, share * 100));
      assessment.checks().forEach(this::check);
    }

    private void check(Check check) {
      for (Verdict verdict : Verdict.values()) {
        add(
            Family.VERDICT,
            verdict == check.verdict() ? 1 : 0,
            "metric",
            check.id(),
            "verdict",
            Words.of(verdict));
      }
      switch (check.finding()) {
        case Finding.Comparison c -> {
          add(Family.ESTIMATE, c.effect().estimate(), "metric", check.id());
          add(Family.LOW, c.effect().lower(), "metric", check.id());
          add(Family.HIGH, c.effect().upper(), "metric", check.id());
          add(Family.MARGIN, c.effect().margin(), "metric", check.id());
          samples(check, c.canarySize(), c.baselineSize());
        }
        case Finding.Insufficient i -> samples(check, i.canarySize(), i.baselineSize());
      }
    }

    /** A limit has no baseline, and so no samples of one. */
    private void samples(Check check, double canary, double baseline) {
      add(Family.SAMPLES, canary, "metric", check.id(), "cohort", "canary");
      if (check.kind() == Check.Kind.BASELINE) {
        add(Family.SAMPLES, baseline, "metric", check.id(), "cohort", "baseline");
      }
    }

    /** Infinity is a number an interval may have; NaN is no number, and no series. */
    private void add(Family family, double value, String... labels) {
      if (Double.isNaN(value)) {
        return;
      }
      List<String> all = new ArrayList<>(List.of("plan", rollout.plan().name()));
      all.addAll(List.of(labels));
      to.computeIfAbsent(family, f -> new ArrayList<>())
          .add(
              GaugeDataPointSnapshot.builder()
                  .value(value)
                  .labels(Labels.of(all.toArray(String[]::new)))
                  .build());
    }
  }
}
