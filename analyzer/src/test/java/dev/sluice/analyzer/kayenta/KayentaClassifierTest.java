package dev.sluice.analyzer.kayenta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.analyzer.kayenta.Classified.Classification;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KayentaClassifierTest {
  private final KayentaClassifier classifier = new KayentaClassifier(Options.withDefaults());

  @Test
  void theSameConstantSeriesGiveTheSameVerdictEveryTime() {
    double[] ones = new double[60];
    Arrays.fill(ones, 1.0);
    double[] nearlyOnes = new double[60];
    Arrays.fill(nearlyOnes, 1.00001);
    Classified first = classifier.classify(ones, nearlyOnes);
    for (int i = 0; i < 20; i++) {
      assertEquals(first, classifier.classify(ones, nearlyOnes));
    }
  }

  @Test
  void oneSampleEachIsNoData() {
    assertEquals(
        Classification.NODATA,
        classifier.classify(new double[] {100}, new double[] {300}).classification());
  }

  @Test
  void anInfiniteSampleDoesNotHang() {
    double[] canary = {1, 2, 3, Double.POSITIVE_INFINITY};
    assertEquals(
        Classification.PASS,
        classifier.classify(new double[] {1, 2, 3, 4}, canary).classification());
  }

  @Test
  void aCohortWithoutSamplesFailsOnlyWhereDataAreDemanded() {
    Options d = Options.withDefaults();
    Options demanding =
        new Options(
            d.direction(),
            false,
            true,
            d.nanStrategy(),
            d.outliers(),
            d.outlierFactor(),
            d.measure(),
            d.allowedIncrease(),
            d.allowedDecrease(),
            d.criticalIncrease(),
            d.criticalDecrease(),
            d.tolerance(),
            d.confidence());
    double[] none = {Double.NaN};
    double[] some = {1, 2};
    assertEquals(Classification.NODATA, classifier.classify(some, none).classification());
    assertEquals(
        Classification.NODATA_FAIL_METRIC,
        new KayentaClassifier(demanding).classify(some, none).classification());
  }

  @Test
  void aScoreIsReadAgainstItsThresholds() {
    Score score = new Score(75, java.util.Map.of(), "");
    assertEquals(Score.Meaning.PASS, score.meaning(50, 75));
    assertEquals(Score.Meaning.MARGINAL, score.meaning(75, 95));
    assertEquals(Score.Meaning.FAIL, score.meaning(80, 95));
  }
}
