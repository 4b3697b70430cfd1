package dev.sluice.gates.look;

import dev.sluice.analyzer.Observed;
import dev.sluice.gates.plan.Metric;
import java.util.Optional;

/**
 * Whether a metric stands still. What never moves can be quite right (no process was ever killed),
 * or a query that shows nothing; the two look alike, so people are asked.
 *
 * <p>Of counts nothing is said: no error in thirty looks is what one hopes for.
 */
final class Stillness {
  /** As many pairs as a series needs before it can be proven safe. */
  static final long LOOKS = 30;

  private static final int NUMBERS = 4;

  private final Metric metric;
  private final Reading canary = new Reading();
  private final Reading baseline = new Reading();

  Stillness(Metric metric) {
    this.metric = metric;
  }

  private static final class Reading {
    private double value;
    private long looks;

    void look(double seen) {
      looks = looks > 0 && seen == value ? looks + 1 : 1;
      value = seen;
    }

    boolean still() {
      return looks >= LOOKS;
    }
  }

  /** Takes in one look; absence says nothing. */
  void look(Observed observed) {
    if (observed instanceof Observed.Seen seen) {
      Threshold.value(seen.canary()).ifPresent(canary::look);
      seen.baseline().ifPresent(b -> Threshold.value(b).ifPresent(baseline::look));
    }
  }

  Optional<Remark> remark() {
    if (canary.still() && baseline.still()) {
      return Optional.of(
          remark(
              canary.value == baseline.value
                  ? "has been "
                      + Numbers.plain(canary.value)
                      + " on both cohorts in "
                      + Numbers.whole((double) Math.min(canary.looks, baseline.looks))
                      + " looks. What never moves shows no difference: does the query show what it"
                      + " is meant to?"
                  : standing("canary", canary) + ", and " + standing("baseline", baseline) + END));
    }
    if (canary.still()) {
      return Optional.of(remark(standing("canary", canary) + end("baseline")));
    }
    return baseline.still()
        ? Optional.of(remark(standing("baseline", baseline) + end("canary")))
        : Optional.empty();
  }

  private static final String END = ". Two constants are no measurement: look at the query.";

  private String end(String other) {
    return (other.equals("canary") ? canary : baseline).looks > 0
        ? ", while on the " + other + " it moves. Does this cohort export it?"
        : ". What never moves tells little: look at the query.";
  }

  private static String standing(String cohort, Reading reading) {
    return "has been "
        + Numbers.plain(reading.value)
        + " on the "
        + cohort
        + " in "
        + Numbers.whole((double) reading.looks)
        + " looks";
  }

  private Remark remark(String words) {
    return new Remark(
        Optional.of(metric.id()), Remark.Kind.CONSTANT, metric.common().title() + " " + words);
  }

  double[] snapshot() {
    return new double[] {canary.value, canary.looks, baseline.value, baseline.looks};
  }

  /** Evidence of a time in which this was not kept has none, and starts now. */
  void restore(double[] snapshot) {
    if (snapshot.length == NUMBERS) {
      canary.value = snapshot[0];
      canary.looks = (long) snapshot[1];
      baseline.value = snapshot[2];
      baseline.looks = (long) snapshot[3];
    }
  }
}
