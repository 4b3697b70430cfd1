package dev.sluice.analyzer.classical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** SciPy 1.17.1: {@code beta.ppf(t, x, n-x+1)}, {@code beta.ppf(1-t, x+1, n-x)}, t = (1-c)/2. */
class BinomialShareTest {
  private static final double TOLERANCE = 1e-8;

  private static void assertShare(BinomialShare share, double lower, double upper) {
    assertEquals(lower, share.lower(), TOLERANCE);
    assertEquals(upper, share.upper(), TOLERANCE);
  }

  @Test
  void theIntervalIsThatOfClopperAndPearson() {
    assertShare(BinomialShare.of(3, 300, 0.95), 0.0020670072350923168, 0.028944511255692605);
    assertShare(BinomialShare.of(380, 400, 0.99), 0.9149188396023832, 0.9738313266481138);
  }

  @Test
  void noneAndAllBoundOneEndOnly() {
    assertShare(BinomialShare.of(0, 40, 0.95), 0, 0.08809730287880237);
    assertShare(BinomialShare.of(400, 400, 0.95), 0.9908201954163347, 1);
  }

  @Test
  void whatIsNoShareIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> BinomialShare.of(0, 0, 0.95));
    assertThrows(IllegalArgumentException.class, () -> BinomialShare.of(3, 2, 0.95));
    assertThrows(IllegalArgumentException.class, () -> BinomialShare.of(1, 2, 1));
  }
}
