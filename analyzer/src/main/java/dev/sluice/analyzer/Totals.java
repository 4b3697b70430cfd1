package dev.sluice.analyzer;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/** Sums of a step or a rollout: what people are shown beside the evidence. */
final class Totals {
  private double canary;
  private double canarySize;
  private double baseline;
  private double baselineSize;

  void add(double c, double nc, double b, double nb) {
    canary += c;
    canarySize += nc;
    baseline += b;
    baselineSize += nb;
  }

  void clear() {
    canary = 0;
    canarySize = 0;
    baseline = 0;
    baselineSize = 0;
  }

  boolean empty() {
    return canarySize == 0;
  }

  double canary() {
    return canary;
  }

  double canarySize() {
    return canarySize;
  }

  double baseline() {
    return baseline;
  }

  double baselineSize() {
    return baselineSize;
  }

  /** Canary's sum per unit, 0 without units. */
  double canaryMean() {
    return canarySize > 0 ? canary / canarySize : 0;
  }

  double baselineMean() {
    return baselineSize > 0 ? baseline / baselineSize : 0;
  }

  void save(StateWriter out) {
    out.put(canary).put(canarySize).put(baseline).put(baselineSize);
  }

  void load(StateReader in) {
    canary = in.next();
    canarySize = in.next();
    baseline = in.next();
    baselineSize = in.next();
  }
}
