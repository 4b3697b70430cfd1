package dev.sluice.gates.look;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Pods;
import dev.sluice.analyzer.dispersion.PodDispersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps every pod of the baseline in the same place from look to look, as the judge wants them.
 *
 * <p>A pod that is gone keeps its place, without traffic: that adds nothing to what is known of the
 * noise and takes nothing away. A pod that is new gets a place of its own; the judge sees that
 * there is one more and goes on from what it knew. Pods are told apart by a number made of their
 * name, so that a snapshot is numbers only.
 */
final class PodRoster {
  private static final int MOST_PLACES = 2 * ByPod.MOST;
  private static final double NOBODY = -1;
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final int DROPPED_BITS = 12;

  private List<Double> places = new ArrayList<>();

  /**
   * The pods in their places.
   *
   * @param canaryExposure units of the canary in the same look, more than 0
   * @return absent where fewer than two pods say anything
   */
  Optional<Pods> seat(ByPod seen, double canaryExposure) {
    Map<Double, Counts> present = new HashMap<>();
    seen.baseline().forEach((name, counts) -> present.merge(number(name), counts, PodRoster::sum));
    double exposure = seen.exposure();
    if (present.size() < 2 || !(exposure > 0) || !(canaryExposure > 0)) {
      return Optional.empty();
    }
    place(seen.baseline().keySet().stream().map(PodRoster::number).distinct().toList());
    List<Counts> seated =
        places.stream().map(p -> present.getOrDefault(p, new Counts(0, 0))).toList();
    double perCanaryPod = canaryExposure / seen.canaryPods();
    double perBaselinePod = exposure / seen.baselinePods();
    return Optional.of(new Pods(seated, perCanaryPod / perBaselinePod));
  }

  /**
   * The noise between pods over a stretch of time.
   *
   * @param intervals oldest first
   * @return absent where there are no two pods
   */
  static Optional<PodDispersion> noise(List<ByPod> intervals) {
    Map<String, Double> exposure = new TreeMap<>();
    intervals.forEach(
        i -> i.baseline().forEach((name, c) -> exposure.merge(name, c.exposure(), Double::sum)));
    List<String> names =
        exposure.entrySet().stream()
            .filter(e -> e.getValue() > 0)
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .limit(MOST_PLACES)
            .map(Map.Entry::getKey)
            .toList();
    if (names.size() < 2) {
      return Optional.empty();
    }
    PodDispersion noise = new PodDispersion(names.size());
    for (ByPod interval : intervals) {
      List<Counts> counts =
          names.stream().map(n -> interval.baseline().getOrDefault(n, new Counts(0, 0))).toList();
      noise.add(
          counts.stream().mapToDouble(Counts::events).toArray(),
          counts.stream().mapToDouble(Counts::exposure).toArray());
    }
    return Optional.of(noise);
  }

  private static Counts sum(Counts a, Counts b) {
    return new Counts(a.events() + b.events(), a.exposure() + b.exposure());
  }

  private void place(List<Double> present) {
    List<Double> next = new ArrayList<>(places);
    present.stream().filter(p -> !next.contains(p)).forEach(next::add);
    if (next.size() > MOST_PLACES) {
      next.retainAll(present);
      // The judge tells by the number of places that they were dealt out anew.
      if (next.size() == places.size()) {
        next.add(NOBODY);
      }
    }
    places = next;
  }

  /** How many pods were seen. */
  int places() {
    return places.size();
  }

  double[] snapshot() {
    return places.stream().mapToDouble(Double::doubleValue).toArray();
  }

  void restore(double[] snapshot) {
    if (snapshot.length > MOST_PLACES) {
      throw new IllegalArgumentException(
          snapshot.length + " pods were stored, " + MOST_PLACES + " is the most");
    }
    places = new ArrayList<>(Arrays.stream(snapshot).boxed().toList());
  }

  /** FNV-1a of the name, cut to what a double holds exactly. */
  static double number(String name) {
    long hash = OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    return (double) (hash >>> DROPPED_BITS);
  }
}
