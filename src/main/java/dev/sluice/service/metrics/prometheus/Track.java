package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.look.Window;
import dev.sluice.service.metrics.prometheus.Answer.Series;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One counter series around one window.
 *
 * <p>The increase over {@code (from, to]} is taken between the last sample at or before {@code
 * from} and the last one at or before {@code to}. The next window begins with the very sample this
 * one ended with, so windows add up to the counter's whole way, whatever the scrape times are.
 *
 * @param labels of the series
 * @param before last sample at or before the window's start, where there is one within reach
 * @param seen time of the earliest sample that is known, in milliseconds; {@link #LONG_AGO} when
 *     all that is known is that there was one
 * @param inside samples within the window
 * @param unusable samples that were no numbers; they are passed over
 * @param gap longest time between two samples, in milliseconds; 0 with less than two
 */
record Track(
    Map<String, String> labels,
    OptionalDouble before,
    long seen,
    Points inside,
    int unusable,
    long gap) {
  static final long LONG_AGO = Long.MIN_VALUE;
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * Sorts the samples of a range query. Prometheus 2 returns samples of the closed range, 3 of the
   * left-open one: the borders are drawn here, so that it makes no difference.
   */
  static Track of(Series series, Window window, Duration lookback) {
    long from = window.from().toEpochMilli();
    long to = window.to().toEpochMilli();
    long earliest = from - lookback.toMillis();
    OptionalDouble before = OptionalDouble.empty();
    long seen = NEVER;
    int unusable = 0;
    long gap = 0;
    Points inside = new Points(4);
    long previous = Long.MIN_VALUE;
    Points points = series.points();
    for (int i = 0; i < points.size(); i++) {
      long time = points.time(i);
      double value = points.value(i);
      boolean usable = Double.isFinite(value) && time > previous;
      if (time < earliest || time > to || !usable) {
        unusable += Double.isFinite(value) ? 0 : 1;
        continue;
      }
      gap = previous == Long.MIN_VALUE ? 0 : Math.max(gap, time - previous);
      previous = time;
      seen = Math.min(seen, time);
      if (time <= from) {
        before = OptionalDouble.of(value);
      } else {
        inside.add(time, value);
      }
    }
    return new Track(series.labels(), before, seen, inside, unusable, gap);
  }

  /**
   * The same with what was found further back.
   *
   * @param least how long at least there was no sample before the first one inside
   */
  Track after(double longBefore, Duration least) {
    return new Track(
        labels,
        OptionalDouble.of(longBefore),
        LONG_AGO,
        inside,
        unusable,
        Math.max(gap, least.toMillis()));
  }

  boolean fresh() {
    return !inside.isEmpty();
  }

  boolean usable() {
    return fresh() || before.isPresent();
  }

  /** Has samples in the window and none before: was it born, or was it only not seen? */
  boolean newcomer() {
    return fresh() && before.isEmpty();
  }

  /** Time of its first sample in the window. */
  long first() {
    return inside.time(0);
  }

  Labels.Target target() {
    return Labels.target(labels);
  }

  /** A counter never is: whoever names a gauge here should be told. */
  boolean negative() {
    boolean negative = before.isPresent() && before.getAsDouble() < 0;
    for (int i = 0; i < inside.size(); i++) {
      negative |= inside.value(i) < 0;
    }
    return negative;
  }
}
