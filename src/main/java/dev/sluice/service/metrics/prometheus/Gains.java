package dev.sluice.service.metrics.prometheus;

import dev.sluice.service.metrics.prometheus.Births.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Increases of counters over a window.
 *
 * <p>A counter that falls was reset: its process began anew, and what it shows now has been counted
 * since. What was counted between the last scrape and the restart nobody has seen.
 *
 * <p>Series that come from one object of one process fall together, but not every one of them shows
 * it: a restarted bucket may have passed its old value by the next scrape while its neighbour has
 * not. So all series of a histogram are witnesses for each other, and a sum of values, which may
 * fall by itself when values are negative, is reset exactly where its count is.
 */
final class Gains {
  private Gains() {}

  /** The increase of one series. */
  record Gain(Map<String, String> labels, double amount) {}

  /**
   * The increase of one series within one interval.
   *
   * @param interval number of the interval, from 0
   */
  record Part(Map<String, String> labels, int interval, double amount) {}

  /** A series and what it counts from. */
  record Begun(Track track, Start start) {}

  /** Each series is its own witness. */
  static List<Gain> own(List<Begun> counters) {
    return of(counters, Function.identity(), counters);
  }

  /** The buckets of one histogram are witnesses for each other. */
  static List<Gain> ofBuckets(List<Begun> buckets) {
    return of(buckets, l -> Labels.without(l, Labels.LE), buckets);
  }

  /** The count beside it is a sum's witness; a sum without one is its own. */
  static List<Gain> ofSums(List<Begun> sums, List<Begun> counts) {
    Set<Map<String, String>> witnessed = new HashSet<>();
    counts.forEach(c -> witnessed.add(Labels.nameless(c.track().labels())));
    List<Begun> alone =
        sums.stream()
            .filter(s -> !witnessed.contains(Labels.nameless(s.track().labels())))
            .toList();
    List<Begun> witnesses = new ArrayList<>(counts);
    witnesses.addAll(alone);
    return of(sums, Labels::nameless, witnesses);
  }

  /**
   * The increases of each series interval by interval; what is seen at a sample belongs to the
   * interval of the sample. Intervals without an increase are left out.
   *
   * @param from start of the first interval, in milliseconds
   * @param millis length of an interval
   */
  static List<Part> parts(List<Begun> counters, long from, long millis) {
    List<Part> parts = new ArrayList<>();
    for (Begun counter : counters) {
      Set<Long> resets = new HashSet<>();
      addResets(counter, resets);
      Map<Integer, Double> amounts = new TreeMap<>();
      walk(
          counter,
          resets,
          (time, amount) -> amounts.merge((int) ((time - from - 1) / millis), amount, Double::sum));
      amounts.forEach(
          (interval, amount) -> {
            if (amount != 0) {
              parts.add(new Part(counter.track().labels(), interval, amount));
            }
          });
    }
    return parts;
  }

  private static List<Gain> of(
      List<Begun> counters,
      Function<Map<String, String>, Map<String, String>> group,
      List<Begun> witnesses) {
    Map<Map<String, String>, Set<Long>> resets = new HashMap<>();
    for (Begun witness : witnesses) {
      addResets(
          witness,
          resets.computeIfAbsent(group.apply(witness.track().labels()), g -> new HashSet<>()));
    }
    List<Gain> gains = new ArrayList<>(counters.size());
    for (Begun counter : counters) {
      Map<String, String> labels = counter.track().labels();
      Set<Long> at = resets.getOrDefault(group.apply(labels), Set.of());
      gains.add(new Gain(labels, amount(counter, at)));
    }
    return gains;
  }

  /** The time of each sample before which the counter began anew. */
  private static void addResets(Begun witness, Set<Long> resets) {
    Points points = witness.track().inside();
    double previous = base(witness);
    for (int i = 0; i < points.size(); i++) {
      if (points.value(i) < previous) {
        resets.add(points.time(i));
      }
      previous = points.value(i);
    }
  }

  /** Whether a series shows a reset of its own. */
  static boolean beganAnew(Begun counter) {
    Set<Long> resets = new HashSet<>();
    addResets(counter, resets);
    return !resets.isEmpty();
  }

  private static double amount(Begun counter, Set<Long> resets) {
    double[] amount = new double[1];
    walk(counter, resets, (time, more) -> amount[0] += more);
    return amount[0];
  }

  /** What each sample adds. */
  private interface Step {
    void add(long time, double amount);
  }

  private static void walk(Begun counter, Set<Long> resets, Step step) {
    Points points = counter.track().inside();
    double previous = base(counter);
    for (int i = 0; i < points.size(); i++) {
      double value = points.value(i);
      boolean anew = resets.contains(points.time(i)) && known(counter, i);
      step.add(points.time(i), anew ? value : value - previous);
      previous = value;
    }
  }

  /** Where nothing is known of the time before, the first sample is no increase at all. */
  private static boolean known(Begun counter, int sample) {
    return sample > 0 || counter.start() instanceof Start.From;
  }

  private static double base(Begun counter) {
    return switch (counter.start()) {
      case Start.From from -> from.value();
      case Start.FirstSample first ->
          counter.track().fresh() ? counter.track().inside().value(0) : 0;
    };
  }
}
