package dev.sluice.analyzer.classical;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.DataDispersion;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.TTest;

/**
 * Two independent samples, canary first, and the classical descriptions of how they differ.
 *
 * <p>"Greater" is always "the canary's values are greater".
 */
public final class TwoSamples {
  private final double[] canary;
  private final double[] baseline;

  /**
   * @param canary copied, any length
   * @param baseline copied, any length
   */
  public TwoSamples(double[] canary, double[] baseline) {
    this.canary = canary.clone();
    this.baseline = baseline.clone();
  }

  /**
   * A statistic with its p-values.
   *
   * @param statistic as the test defines it
   * @param twoSided p-value against "different"
   * @param greater p-value against "canary greater"
   * @param less p-value against "canary less"
   */
  public record Test(double statistic, double twoSided, double greater, double less) {}

  /**
   * @param degreesOfFreedom after Welch and Satterthwaite
   */
  public record WelchTest(Test test, double degreesOfFreedom) {}

  /**
   * @param distance largest distance of the two empirical distribution functions, 0 to 1
   */
  public record KolmogorovSmirnov(double distance, double asymptotic, double exact) {}

  /** A shift of location, canary minus baseline, with its interval. */
  public record Shift(double estimate, double lower, double upper) {}

  /**
   * @param delta P(canary greater) - P(canary less), -1 to 1
   * @param commonLanguage P(canary greater) + P(equal) / 2, 0 to 1
   */
  public record Dominance(double delta, double commonLanguage) {}

  /**
   * Mann and Whitney's rank sum test, hypothesis: both samples come from one distribution. The
   * statistic is U of the canary: pairs in which it is greater, ties half. Normal approximation
   * with the variance corrected for ties (Lehmann, Nonparametrics, 1975, section 1.4).
   *
   * @param continuity whether the statistic is moved by one half towards its mean
   */
  public Described<Test> mannWhitney(boolean continuity) {
    return mannWhitney(PValueMethod.ASYMPTOTIC, continuity);
  }

  /** The same with the exact distribution of U; unknown where values are tied. */
  public Described<Test> mannWhitneyExact() {
    if (tied()) {
      return new Described.Unknown<>(
          "Tied values have no exact rank sum test; use the approximation.");
    }
    return mannWhitney(PValueMethod.EXACT, false);
  }

  private Described<Test> mannWhitney(PValueMethod method, boolean continuity) {
    Optional<String> trouble = trouble(1).or(this::allEqual);
    if (trouble.isPresent()) {
      return new Described.Unknown<>(trouble.get());
    }
    MannWhitneyUTest test =
        MannWhitneyUTest.withDefaults()
            .with(method)
            .with(continuity ? ContinuityCorrection.ENABLED : ContinuityCorrection.DISABLED);
    return new Described.Known<>(
        new Test(
            test.statistic(canary, baseline),
            test.with(AlternativeHypothesis.TWO_SIDED).test(canary, baseline).getPValue(),
            test.with(AlternativeHypothesis.GREATER_THAN).test(canary, baseline).getPValue(),
            test.with(AlternativeHypothesis.LESS_THAN).test(canary, baseline).getPValue()));
  }

  /**
   * Welch's t test, hypothesis: the means are equal, whatever the variances (Welch, 1947).
   *
   * @return unknown for fewer than two values a side, or where both samples are constant
   */
  public Described<WelchTest> welch() {
    Optional<String> trouble =
        trouble(2)
            .or(
                () ->
                    constant(canary) && constant(baseline)
                        ? Optional.of("Both samples are constant: there is no variance to compare.")
                        : Optional.empty());
    if (trouble.isPresent()) {
      return new Described.Unknown<>(trouble.get());
    }
    TTest test = TTest.withDefaults().with(DataDispersion.HETEROSCEDASTIC);
    TTest.Result twoSided = test.test(canary, baseline);
    return new Described.Known<>(
        new WelchTest(
            new Test(
                twoSided.getStatistic(),
                twoSided.getPValue(),
                test.with(AlternativeHypothesis.GREATER_THAN).test(canary, baseline).getPValue(),
                test.with(AlternativeHypothesis.LESS_THAN).test(canary, baseline).getPValue()),
            twoSided.getDegreesOfFreedom()));
  }

  /**
   * Kolmogorov and Smirnov's test, hypothesis: both samples come from one continuous distribution.
   * With ties both p-values are conservative.
   */
  public Described<KolmogorovSmirnov> kolmogorovSmirnov() {
    Optional<String> trouble = trouble(1);
    if (trouble.isPresent()) {
      return new Described.Unknown<>(trouble.get());
    }
    KolmogorovSmirnovTest test = KolmogorovSmirnovTest.withDefaults();
    return new Described.Known<>(
        new KolmogorovSmirnov(
            test.statistic(canary, baseline),
            test.with(PValueMethod.ASYMPTOTIC).test(canary, baseline).getPValue(),
            test.with(PValueMethod.EXACT).test(canary, baseline).getPValue()));
  }

  /**
   * Hodges and Lehmann's shift: the median of all differences canary - baseline, with the interval
   * between two of the ordered differences, k = floor(mn/2 - z sqrt(mn(m+n+1)/12)) from either end
   * (Hollander and Wolfe, Nonparametric Statistical Methods, section 4.3). Where the samples are
   * too small for the level, the interval is the range of the differences.
   *
   * <p>Cost and memory grow with the product of the sizes.
   *
   * @param confidence in (0, 1)
   */
  public Described<Shift> hodgesLehmann(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must lie in (0, 1), was " + confidence);
    }
    Optional<String> trouble = trouble(1);
    if (trouble.isPresent()) {
      return new Described.Unknown<>(trouble.get());
    }
    double m = canary.length;
    double n = baseline.length;
    double[] differences = new double[canary.length * baseline.length];
    int next = 0;
    for (double c : canary) {
      for (double b : baseline) {
        differences[next++] = c - b;
      }
    }
    Arrays.sort(differences);
    double z =
        new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + confidence) / 2);
    int k = (int) Math.max(0, Math.floor(m * n / 2 - z * Math.sqrt(m * n * (m + n + 1) / 12)));
    return new Described.Known<>(
        new Shift(
            Quantiles.ofSorted(differences, 0.5),
            differences[k],
            differences[differences.length - 1 - k]));
  }

  /** Cliff's delta (Cliff, 1993) and the common language effect size (McGraw and Wong, 1992). */
  public Described<Dominance> dominance() {
    Optional<String> trouble = trouble(1);
    if (trouble.isPresent()) {
      return new Described.Unknown<>(trouble.get());
    }
    double pairs = (double) canary.length * baseline.length;
    double commonLanguage = MannWhitneyUTest.withDefaults().statistic(canary, baseline) / pairs;
    return new Described.Known<>(new Dominance(2 * commonLanguage - 1, commonLanguage));
  }

  private Optional<String> trouble(int least) {
    if (canary.length < least || baseline.length < least) {
      return Optional.of(
          "Too few values: "
              + canary.length
              + " of the canary and "
              + baseline.length
              + " of the baseline, at least "
              + least
              + " each are needed.");
    }
    return allFinite(canary) && allFinite(baseline)
        ? Optional.empty()
        : Optional.of("Some values are not finite numbers.");
  }

  private Optional<String> allEqual() {
    return constant(canary) && constant(baseline) && canary[0] == baseline[0]
        ? Optional.of("All values are equal.")
        : Optional.empty();
  }

  private boolean tied() {
    double[] all = Arrays.copyOf(canary, canary.length + baseline.length);
    System.arraycopy(baseline, 0, all, canary.length, baseline.length);
    return Arrays.stream(all).distinct().count() < all.length;
  }

  private static boolean constant(double[] values) {
    return Arrays.stream(values).allMatch(v -> v == values[0]);
  }

  private static boolean allFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }
}
