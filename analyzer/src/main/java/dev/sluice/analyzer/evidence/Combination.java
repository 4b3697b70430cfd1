package dev.sluice.analyzer.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From the evidence of several metrics to one verdict, and back to the metrics that are to blame.
 *
 * <p><b>Together.</b> The weighted mean of e-values is an e-value under any dependence (Vovk and
 * Wang 2021), and never worse than Bonferroni with the same weights: {@code E_m >= 1/(alpha w_m)}
 * implies that the mean reaches {@code 1/alpha}.
 *
 * <p><b>To blame.</b> {@link #named} is the closed test of that mean (e-Holm): metric i is named
 * when i together with <em>any</em> set of other metrics still averages {@code 1/alpha}. With
 * {@code d_j = w_j (E_j - 1/alpha)} the worst set takes all others with negative {@code d_j}, so
 * the condition is {@code d_i + sum of the negative d_j >= 0}. The chance of naming any metric that
 * is within tolerance is at most {@code alpha}, over all looks.
 *
 * <p>{@link #suspicious} is e-BH (Wang and Ramdas 2022), a false discovery rate for a report: the
 * largest k for which the k-th largest e-value is at least {@code K / (alpha k)}.
 */
public final class Combination {
  /** Beyond this the exponential overflows; such evidence wins every comparison anyway. */
  private static final double LARGEST_LOG = 700;

  private Combination() {}

  /** ln of the weighted mean of the e-values. */
  public static double logMean(double[] logE, double[] weights) {
    double[] terms = LogSpace.normalised(weights);
    for (int m = 0; m < terms.length; m++) {
      terms[m] += logE[m];
    }
    return LogSpace.sum(terms);
  }

  /** Indices that the closed test names, most evident first. */
  public static List<Integer> named(double[] logE, double[] weights, double alpha) {
    double[] excess = new double[logE.length];
    double shortfall = 0;
    for (int j = 0; j < logE.length; j++) {
      double scaled = Math.exp(Math.min(logE[j] + Math.log(alpha), LARGEST_LOG));
      excess[j] = weights[j] * (scaled - 1);
      shortfall += Math.min(0, excess[j]);
    }
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < logE.length; i++) {
      if (excess[i] >= 0 && excess[i] + shortfall >= 0) {
        named.add(i);
      }
    }
    named.sort(Comparator.comparingDouble((Integer i) -> -logE[i]).thenComparing(i -> i));
    return named;
  }

  /** Indices that e-BH discovers at level alpha, in ascending order. */
  public static List<Integer> suspicious(double[] logE, double alpha) {
    List<Integer> order =
        IntStream.range(0, logE.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -logE[i]).thenComparing(i -> i))
            .toList();
    int discovered = 0;
    for (int k = 1; k <= order.size(); k++) {
      if (logE[order.get(k - 1)] >= Math.log(order.size() / (alpha * k))) {
        discovered = k;
      }
    }
    return order.subList(0, discovered).stream().sorted().toList();
  }
}
