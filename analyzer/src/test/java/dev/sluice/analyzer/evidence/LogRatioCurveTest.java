package dev.sluice.analyzer.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The curve between its places is the sum itself, up to the rounding of that sum. */
class LogRatioCurveTest {

  @Test
  void whatIsKeptAtAFewPlacesTellsTheLikelihoodEverywhere() {
    Random random = new Random(1);
    for (double largest : new double[] {1, 100, 1e4, 1e6}) {
      double[][] intervals = new double[20][];
      for (int i = 0; i < intervals.length; i++) {
        double r = Math.exp(12 * (random.nextDouble() - 0.5));
        double events = largest * random.nextDouble();
        intervals[i] = new double[] {events * random.nextDouble(), events, r};
      }
      LogRatioCurve curve = new LogRatioCurve();
      double[] places = LogRatioCurve.places();
      double[] values = new double[places.length];
      for (int j = 0; j < values.length; j++) {
        values[j] = direct(intervals, places[j]);
      }
      curve.through(values);
      double rounding = 1e-13 * largest * intervals.length;
      for (double g = -4; g <= 4; g += 0.01) {
        double at = curve.at(LogRatioCurve.stretch(g), LogRatioCurve.within(g));
        assertEquals(direct(intervals, g), at, rounding, "at " + g);
      }
    }
  }

  private static double direct(double[][] intervals, double g) {
    double sum = 0;
    for (double[] i : intervals) {
      sum += i[0] * g - i[1] * Math.log1p(Math.exp(g) * i[2]);
    }
    return sum;
  }

  @Test
  void neighboursInARowAreTheSameAsOneByOne() {
    LogRatioCurve curve = new LogRatioCurve();
    double[] places = LogRatioCurve.places();
    double[] values = new double[places.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = 3 * places[j] - 40 * Math.log1p(Math.exp(places[j]) * 0.1);
    }
    curve.through(values);
    double[] x = {-1, -0.4, 0, 0.7, 1};
    double[] row = new double[4];
    for (int stretch = 0; stretch < 3; stretch++) {
      curve.at(stretch, x, 1, 4, row);
      for (int i = 0; i < row.length; i++) {
        assertEquals(curve.at(stretch, x[i + 1]), row[i], 1e-13 * 100);
      }
    }
  }
}
