package dev.sluice.service.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded, so it holds today as it held yesterday; the bounds are five standard errors. */
class ChanceTest {
  private static final int DRAWS = 20_000;

  private static void assertMoments(
      double mean, double variance, Function<Chance, DoubleSupplier> draw) {
    DoubleSupplier next = draw.apply(new Chance(7));
    double[] drawn = DoubleStream.generate(next).limit(DRAWS).toArray();
    double m = DoubleStream.of(drawn).average().orElseThrow();
    double v = DoubleStream.of(drawn).map(x -> (x - m) * (x - m)).sum() / (DRAWS - 1);
    double fourth = DoubleStream.of(drawn).map(x -> Math.pow(x - m, 4)).average().orElseThrow();

    assertEquals(mean, m, 5 * Math.sqrt(variance / DRAWS), "mean");
    assertEquals(variance, v, 5 * Math.sqrt((fourth - v * v) / DRAWS), "variance");
  }

  @ParameterizedTest
  @CsvSource({"0.3", "9.9", "10.1", "300", "594000"})
  void poisson(double mean) {
    assertMoments(mean, mean, c -> () -> c.poisson(mean));
  }

  @ParameterizedTest
  @CsvSource({"60, 0.005", "600, 0.3", "594000, 0.005", "40, 0.9", "1000, 0.0101"})
  void binomial(double n, double p) {
    assertMoments(n * p, n * p * (1 - p), c -> () -> c.binomial(n, p));
  }

  @ParameterizedTest
  @CsvSource({"0.5", "0.75", "3", "297"})
  void gamma(double shape) {
    assertMoments(shape, shape, c -> () -> c.gamma(shape));
  }

  @Test
  void normal() {
    assertMoments(0, 1, c -> c::normal);
  }

  @Test
  void aWanderKeepsItsVarianceAndAFactorItsMean() {
    assertMoments(1, 0.01, c -> () -> new Wander(c, 0.8).factor(0.1));
    Wander wander = new Wander(new Chance(3), 0.8);
    double[] z = DoubleStream.generate(wander::next).limit(DRAWS).toArray();
    double product = 0;
    for (int i = 1; i < z.length; i++) {
      product += z[i] * z[i - 1];
    }
    assertEquals(0.8, product / DRAWS, 0.05);
  }

  @Test
  void theEdgesOfABinomialAreCertain() {
    Chance chance = new Chance(1);

    assertEquals(0, chance.binomial(100, 0));
    assertEquals(0, chance.binomial(0, 0.5));
    assertEquals(100, chance.binomial(100, 1));
    assertArrayEquals(new double[] {0, 5, 0}, chance.multinomial(5, new double[] {0, 1, 0}));
  }
}
