package dev.sluice.service.calibration;

import java.util.SplittableRandom;

/**
 * Seeded random numbers. Written out here, so that a seed means the same rollout on every Java
 * machine and after every upgrade of a library.
 *
 * <p>Sources: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000);
 * Hörmann, "The transformed rejection method for generating Poisson random variables" (1993,
 * algorithm PTRS) and "The generation of binomial random variates" (1993, algorithm BTRS);
 * Marsaglia's polar method for the normal distribution.
 */
final class Chance {
  /** Below this mean, counting is quicker than rejection, and above it rejection is exact. */
  private static final double FEW = 10;

  private final SplittableRandom random;
  private double spare;
  private boolean hasSpare;

  Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** In [0, 1). */
  double uniform() {
    return random.nextDouble();
  }

  double normal() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double u;
    double v;
    double s;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s == 0);
    double scale = Math.sqrt(-2 * StrictMath.log(s) / s);
    spare = v * scale;
    hasSpare = true;
    return u * scale;
  }

  /**
   * Gamma with mean {@code shape}.
   *
   * @param shape more than 0
   */
  double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * StrictMath.pow(1 - uniform(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double t = 1 + c * x;
      double v = t * t * t;
      if (v > 0
          && StrictMath.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
        return d * v;
      }
    }
  }

  /**
   * @param mean at least 0
   */
  double poisson(double mean) {
    return mean < FEW ? fewPoisson(mean) : manyPoisson(mean);
  }

  private double fewPoisson(double mean) {
    double limit = StrictMath.exp(-mean);
    double product = uniform();
    int k = 0;
    while (product > limit) {
      product *= uniform();
      k++;
    }
    return k;
  }

  private double manyPoisson(double mean) {
    double b = 0.931 + 2.53 * Math.sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    double quick = 0.9277 - 3.6224 / (b - 2);
    double logMean = StrictMath.log(mean);
    while (true) {
      double u = uniform() - 0.5;
      double v = 1 - uniform();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= quick) {
        return k;
      }
      if (k < 0 || (us < 0.013 && v > us)) {
        continue;
      }
      double left = StrictMath.log(v * inverseAlpha / (a / (us * us) + b));
      if (left <= k * logMean - mean - logFactorial(k)) {
        return k;
      }
    }
  }

  /**
   * @param n a whole number, at least 0
   * @param p taken as 0 below 0 and as 1 above 1
   */
  double binomial(double n, double p) {
    if (!(p > 0) || n == 0) {
      return 0;
    }
    if (p >= 1) {
      return n;
    }
    if (p > 0.5) {
      return n - binomial(n, 1 - p);
    }
    return n * p < FEW ? fewBinomial(n, p) : manyBinomial(n, p);
  }

  /** Jumps from success to success. */
  private double fewBinomial(double n, double p) {
    double log = StrictMath.log1p(-p);
    double at = 0;
    int k = 0;
    while (true) {
      at += Math.floor(StrictMath.log(1 - uniform()) / log) + 1;
      if (at > n) {
        return k;
      }
      k++;
    }
  }

  private double manyBinomial(double n, double p) {
    double spread = Math.sqrt(n * p * (1 - p));
    double b = 1.15 + 2.53 * spread;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double c = n * p + 0.5;
    double quick = 0.92 - 4.2 / b;
    double alpha = (2.83 + 5.1 / b) * spread;
    double logOdds = StrictMath.log(p / (1 - p));
    double mode = Math.floor((n + 1) * p);
    double atMode = logFactorial(mode) + logFactorial(n - mode);
    while (true) {
      double u = uniform() - 0.5;
      double v = 1 - uniform();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + c);
      if (us >= 0.07 && v <= quick) {
        return k;
      }
      if (k < 0 || k > n) {
        continue;
      }
      double left = StrictMath.log(v * alpha / (a / (us * us) + b));
      if (left <= atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds) {
        return k;
      }
    }
  }

  /** Stirling's series; from 10 on it is good to 1e-10. */
  private static double logFactorial(double k) {
    if (k < 10) {
      double product = 1;
      for (int i = 2; i <= k; i++) {
        product *= i;
      }
      return StrictMath.log(product);
    }
    double x = k + 1;
    double y = 1 / (x * x);
    return (x - 0.5) * StrictMath.log(x)
        - x
        + 0.5 * StrictMath.log(2 * Math.PI)
        + (1.0 / 12 - y * (1.0 / 360 - y / 1260)) / x;
  }

  /** How many of {@code n} fall into each of some classes with these probabilities. */
  double[] multinomial(double n, double[] probabilities) {
    double[] counts = new double[probabilities.length];
    double left = n;
    double mass = 1;
    for (int j = 0; j < counts.length && left > 0; j++) {
      boolean last = j == counts.length - 1;
      counts[j] = last ? left : binomial(left, probabilities[j] / mass);
      left -= counts[j];
      mass -= probabilities[j];
    }
    return counts;
  }
}
