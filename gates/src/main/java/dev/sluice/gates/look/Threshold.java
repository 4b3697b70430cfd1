package dev.sluice.gates.look;

import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;
import java.time.Duration;
import java.util.OptionalDouble;

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

  Threshold(double bound, boolean upper, Duration sustained) {
    this.bound = bound;
    this.upper = upper;
    this.sustained = sustained;
  }

  /** Takes in one look; absence neither helps nor harms. */
  void look(Observed observed, Duration window) {
    OptionalDouble value = value(observed);
    if (value.isEmpty()) {
      return;
    }
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

  double bound() {
    return bound;
  }

  boolean upper() {
    return upper;
  }

  /** The canary's own reading beside the bound. */
  Finding finding(Observed observed) {
    OptionalDouble value = value(observed);
    if (value.isEmpty()) {
      return new Finding.Insufficient(
          Finding.Shortage.NO_DATA,
          "No reading in this look.",
          java.util.OptionalLong.empty(),
          0,
          0);
    }
    double v = value.getAsDouble();
    return new Finding.Comparison(
        new Effect(Effect.Scale.VALUE, v, v, v, bound),
        v,
        bound,
        1,
        0,
        0,
        0,
        broken(),
        !isBeyond(v),
        Finding.Tier.UNCALIBRATED,
        1);
  }

  private static OptionalDouble value(Observed observed) {
    return switch (observed) {
      case Observed.Absent a -> OptionalDouble.empty();
      case Observed.Seen s -> value(s.canary());
    };
  }

  private static OptionalDouble value(Sample sample) {
    return switch (sample) {
      case Values v -> OptionalDouble.of(v.value());
      case Moments m ->
          m.count() > 0 ? OptionalDouble.of(m.sum() / m.count()) : OptionalDouble.empty();
      case dev.sluice.analyzer.Counts c -> OptionalDouble.empty();
      case dev.sluice.analyzer.Buckets b -> OptionalDouble.empty();
    };
  }

  double[] snapshot() {
    return new double[] {looksBeyond, beyond.toMillis()};
  }

  void restore(double[] snapshot) {
    looksBeyond = (long) snapshot[0];
    beyond = Duration.ofMillis((long) snapshot[1]);
  }
}
