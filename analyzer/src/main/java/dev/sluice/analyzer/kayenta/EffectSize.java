package dev.sluice.analyzer.kayenta;

/** How large a difference is; NaN where the measure has no value. */
final class EffectSize {
  private EffectSize() {}

  static double of(Options.Measure measure, double[] canary, double[] baseline) {
    return switch (measure) {
      case MEAN_RATIO -> meanRatio(canary, baseline);
      case CLES -> commonLanguage(canary, baseline);
    };
  }

  static double meanRatio(double[] canary, double[] baseline) {
    double above = Samples.mean(canary);
    double below = Samples.mean(baseline);
    return above == 0 || below == 0 ? Double.NaN : above / below;
  }

  /** Chance that a sample of the canary is larger, ties half (McGraw and Wong, 1992). */
  static double commonLanguage(double[] canary, double[] baseline) {
    double larger = 0;
    for (double c : canary) {
      for (double b : baseline) {
        larger += c > b ? 1 : c == b ? 0.5 : 0;
      }
    }
    return larger / ((double) canary.length * baseline.length);
  }

  /** Cohen's d with the pooled standard deviation (Cohen, 1988, section 2.5). */
  static double cohenD(double[] canary, double[] baseline) {
    double m = canary.length;
    double n = baseline.length;
    double pooled =
        ((m - 1) * Samples.variance(canary) + (n - 1) * Samples.variance(baseline)) / (m + n - 2);
    return (Samples.mean(canary) - Samples.mean(baseline)) / Math.sqrt(pooled);
  }
}
