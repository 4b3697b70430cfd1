package dev.sluice.analyzer.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CombinationTest {

  @Test
  void theNamedAreThoseThatEverySetNames() {
    Random random = new Random(1);
    for (int run = 0; run < 300; run++) {
      int size = 1 + random.nextInt(6);
      double[] logE = new double[size];
      double[] weights = new double[size];
      for (int i = 0; i < size; i++) {
        logE[i] = 5 * random.nextGaussian() + 2;
        weights[i] = 0.2 + random.nextDouble() * 3;
      }
      assertEquals(
          byEnumeration(logE, weights),
          Combination.named(logE, weights, 0.01).stream().sorted().toList());
    }
  }

  private static List<Integer> byEnumeration(double[] logE, double[] weights) {
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < logE.length; i++) {
      boolean always = true;
      for (int set = 0; set < 1 << logE.length; set++) {
        always &= (set >> i & 1) == 0 || mean(logE, weights, set) >= 100;
      }
      if (always) {
        named.add(i);
      }
    }
    return named;
  }

  private static double mean(double[] logE, double[] weights, int set) {
    double sum = 0;
    double weight = 0;
    for (int j = 0; j < logE.length; j++) {
      if ((set >> j & 1) == 1) {
        sum += weights[j] * Math.exp(logE[j]);
        weight += weights[j];
      }
    }
    return sum / weight;
  }

  @Test
  void hugeEvidenceNeitherOverflowsNorHidesTheOthers() {
    double[] logE = {5000, -3000, 8};

    assertEquals(List.of(0, 2), Combination.named(logE, new double[] {1, 1, 1}, 0.01));
    assertEquals(5000 - Math.log(3), Combination.logMean(logE, new double[] {1, 1, 1}), 1e-9);
  }
}
