package dev.sluice.analyzer;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Drives a judge of one metric through looks, as a rollout would. */
final class Rollout {
  static final String METRIC = "metric";

  private final Judge judge;
  private Judgement last = new Judgement(false, 0, 0, List.of(), Map.of());
  private OptionalInt harmAt = OptionalInt.empty();
  private OptionalInt safeAt = OptionalInt.empty();
  private int looks;

  Rollout(MetricTest test) {
    this(JudgeSettings.withDefaults(), test);
  }

  Rollout(JudgeSettings settings, MetricTest test) {
    this.judge = Judge.start(settings, List.of(new JudgedMetric(METRIC, test, 1)));
  }

  Judge judge() {
    return judge;
  }

  /** Looks until harm is proven, this many at most. */
  Rollout watch(int most, Supplier<Observed> next) {
    for (int i = 0; i < most && !last.harm(); i++) {
      look(looks == 0, next.get());
    }
    return this;
  }

  Judgement look(boolean newStep, Observed observed) {
    last = judge.look(new Look(30, newStep), Map.of(METRIC, observed));
    looks++;
    if (last.harm() && harmAt.isEmpty()) {
      harmAt = OptionalInt.of(looks);
    }
    if (finding() instanceof Finding.Comparison c && c.safe() && safeAt.isEmpty()) {
      safeAt = OptionalInt.of(looks);
    }
    return last;
  }

  Finding finding() {
    Finding finding = last.findings().get(METRIC);
    if (finding == null) {
      throw new IllegalStateException("no look yet");
    }
    return finding;
  }

  Finding.Comparison comparison() {
    return (Finding.Comparison) finding();
  }

  Finding.Insufficient insufficient() {
    return (Finding.Insufficient) finding();
  }

  boolean harm() {
    return last.harm();
  }

  boolean everSafe() {
    return safeAt.isPresent();
  }

  int harmAt() {
    return harmAt.orElse(Integer.MAX_VALUE);
  }

  int safeAt() {
    return safeAt.orElse(Integer.MAX_VALUE);
  }
}
