package dev.sluice.gates.look;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A fixed bound on a mean or a scalar, where no counts allow a statistical test: broken when every
 * look of the agreed time lay beyond it. Not part of the false-alarm promise.
 */
final class Threshold {
  /** One wild reading is not a regression, even where the plan names no time. */
  private static final Duration NO_TIME = Duration.ZERO;

  private static final int LEAST_LOOKS = 2;

  private final double bound;
  private final boolean upper;
  private final Duration sustained;
  private long looksBeyond;
  private Duration beyond = NO_TIME;
  private double units;

  Threshold(double bound, boolean upper, Duration sustained) {
    this.bound = bound;
    this.upper = upper;
    this.sustained = sustained;
  }

  /**
   * Takes in one look; absence neither helps nor harms.
   *
   * @param newStep whether the units behind the readings are counted anew
   */
  void look(Observed observed, Duration window, boolean newStep) {
    units = newStep ? 0 : units;
    OptionalDouble value = value(observed);
    if (value.isEmpty()) {
      return;
    }
    units += size(observed);
    if (isBeyond(value.getAsDouble())) {
      looksBeyond++;
      beyond = beyond.plus(window);
    } else {
      looksBeyond = 0;
      beyond = NO_TIME;
    }
  }

  boolean broken() {
    return looksBeyond >= LEAST_LOOKS && beyond.compareTo(sustained) >= 0;
  }

  private boolean isBeyond(double value) {
    return upper ? value > bound : value < bound;
  }

  /** The canary's own reading beside the bound. */
  Finding finding(Observed observed) {
    OptionalDouble value = value(observed);
    if (value.isEmpty()) {
      return new Finding.Insufficient(
          Finding.Shortage.NO_DATA, "No reading in this look.", OptionalLong.empty(), 0, 0);
    }
    double v = value.getAsDouble();
    return new Finding.Comparison(
        new Effect(Effect.Scale.VALUE, v, v, v, bound),
        v,
        bound,
        units,
        0,
        0,
        0,
        broken(),
        !isBeyond(v),
        Finding.Tier.UNCALIBRATED,
        1);
  }

  private static double size(Observed observed) {
    return switch (observed) {
      case Observed.Absent a -> 0;
      case Observed.Seen s -> s.canary().size();
    };
  }

  private static OptionalDouble value(Observed observed) {
    return switch (observed) {
      case Observed.Absent a -> OptionalDouble.empty();
      case Observed.Seen s -> value(s.canary());
    };
  }

  /** The one number of a sample that is not counted. */
  static OptionalDouble value(Sample sample) {
    return switch (sample) {
      case Values v -> OptionalDouble.of(v.value());
      case Moments m ->
          m.count() > 0 ? OptionalDouble.of(m.sum() / m.count()) : OptionalDouble.empty();
      case Counts c -> OptionalDouble.empty();
      case Buckets b -> OptionalDouble.empty();
    };
  }

  double[] snapshot() {
    return new double[] {looksBeyond, beyond.toMillis(), units};
  }

  void restore(double[] snapshot) {
    if (snapshot.length != 3) {
      throw new IllegalArgumentException(
          "not the snapshot of a threshold: " + Arrays.toString(snapshot));
    }
    looksBeyond = (long) snapshot[0];
    beyond = Duration.ofMillis((long) snapshot[1]);
    units = snapshot[2];
  }
}
