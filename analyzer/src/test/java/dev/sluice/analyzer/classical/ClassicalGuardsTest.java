package dev.sluice.analyzer.classical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassicalGuardsTest {
  private static final double[] ONE_TO_FIVE = {1, 2, 3, 4, 5};
  private static final double[] FOURS = {4, 4, 4};

  static Stream<TwoSamples> unusable() {
    return Stream.of(
        new TwoSamples(new double[0], ONE_TO_FIVE),
        new TwoSamples(ONE_TO_FIVE, new double[0]),
        new TwoSamples(new double[] {1, Double.NaN}, ONE_TO_FIVE),
        new TwoSamples(ONE_TO_FIVE, new double[] {1, Double.POSITIVE_INFINITY}));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void emptyOrNonFiniteSamplesAreUnknownWithAReason(TwoSamples samples) {
    assertInstanceOf(Described.Unknown.class, samples.mannWhitney(true));
    assertInstanceOf(Described.Unknown.class, samples.welch());
    assertInstanceOf(Described.Unknown.class, samples.kolmogorovSmirnov());
    assertInstanceOf(Described.Unknown.class, samples.hodgesLehmann(0.95));
    assertInstanceOf(Described.Unknown.class, samples.dominance());
  }

  @Test
  void allValuesEqualHaveNoRankTestAndNoVariance() {
    TwoSamples same = new TwoSamples(FOURS, FOURS);
    assertInstanceOf(Described.Unknown.class, same.mannWhitney(false));
    assertInstanceOf(Described.Unknown.class, same.welch());
    assertEquals(0, same.dominance().orThrow().delta());
    assertEquals(0, same.hodgesLehmann(0.9).orThrow().estimate());
  }

  @Test
  void twoDifferentConstantsCanBeRankedButNotStudentised() {
    TwoSamples apart = new TwoSamples(new double[] {5, 5, 5}, FOURS);
    assertEquals(9, apart.mannWhitney(false).orThrow().statistic());
    assertInstanceOf(Described.Unknown.class, apart.welch());
  }

  @Test
  void tiedValuesHaveNoExactRankTest() {
    assertInstanceOf(
        Described.Unknown.class, new TwoSamples(ONE_TO_FIVE, FOURS).mannWhitneyExact());
    assertEquals(
        0.0079365079365,
        new TwoSamples(ONE_TO_FIVE, new double[] {6, 7, 8, 9, 10})
            .mannWhitneyExact()
            .orThrow()
            .twoSided(),
        1e-12);
  }

  @Test
  void proportionsOfNothingOrOfEverythingAreUnknown() {
    assertInstanceOf(Described.Unknown.class, new TwoProportions(0, 0, 1, 5).z());
    assertInstanceOf(Described.Unknown.class, new TwoProportions(0, 9, 0, 5).z());
    assertInstanceOf(Described.Unknown.class, new TwoProportions(9, 9, 5, 5).fisher());
    assertThrows(IllegalArgumentException.class, () -> new TwoProportions(6, 5, 0, 5));
  }
}
