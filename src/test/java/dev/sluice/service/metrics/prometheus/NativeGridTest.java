package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Metric;
import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.NativeHistogram.Bucket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NativeGridTest {

  private static Series series(NativeHistogram... histograms) {
    return new Series(Map.of("__name__", "h", "pod", "a"), new Points(0), List.of(histograms));
  }

  private static NativeHistogram histogram(long time, Bucket... buckets) {
    double count = 0;
    for (Bucket b : buckets) {
      count += b.count();
    }
    return new NativeHistogram(time, count, List.of(buckets));
  }

  private static double cumulative(List<Series> classic, double edge) {
    return classic.stream()
        .filter(s -> Math.abs(Double.parseDouble(le(s)) / edge - 1) < 1e-9)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no edge " + edge))
        .points()
        .value(0);
  }

  private static String le(Series s) {
    return s.labels().getOrDefault("le", "").replace("+Inf", "Infinity");
  }

  @Test
  void bucketsOfTheSameSchemaKeepTheirPlace() {
    double edge = Math.pow(2, 1 / 8.0);
    Series one =
        series(
            histogram(
                10,
                new Bucket(-0.001, 0.001, 2),
                new Bucket(1, 1.0905077326652577, 3),
                new Bucket(1.0905077326652577, 1.189207115002721, 4)));

    List<Series> classic = NativeGrid.of(List.of(one), Metric.Unit.SECONDS).classic(one);

    assertEquals(27 * 8 + 2, classic.size());
    assertEquals(2, cumulative(classic, 1));
    assertEquals(5, cumulative(classic, edge));
    assertEquals(9, cumulative(classic, edge * edge));
    assertEquals(9, classic.get(classic.size() - 1).points().value(0));
    assertEquals("+Inf", classic.get(classic.size() - 1).labels().get("le"));
  }

  @Test
  void finerBucketsAreMergedAndCoarserOnesMakeTheGridCoarser() {
    double step = Math.pow(2, 1 / 32.0);
    Series fine = series(histogram(10, new Bucket(1, step, 3), new Bucket(step, step * step, 4)));
    Series coarse = series(histogram(10, new Bucket(1, 2, 5), new Bucket(2, 4, 1)));

    assertEquals(
        7,
        cumulative(
            NativeGrid.of(List.of(fine), Metric.Unit.SECONDS).classic(fine), Math.pow(2, 1 / 8.0)));
    List<Series> octaves =
        NativeGrid.of(List.of(fine, coarse), Metric.Unit.SECONDS).classic(coarse);
    assertEquals(27 + 2, octaves.size());
    assertEquals(0, cumulative(octaves, 1));
    assertEquals(5, cumulative(octaves, 2));
    assertEquals(6, cumulative(octaves, 4));
  }

  @Test
  void whatLiesOutsideIsInTheFirstAndLastBucket() {
    Series one =
        series(
            histogram(
                10,
                new Bucket(-8, -4, 1),
                new Bucket(0, 1e-9, 1),
                new Bucket(5000, 6000, 7),
                new Bucket(1e300, Double.POSITIVE_INFINITY, 1)));

    List<Series> classic = NativeGrid.of(List.of(one), Metric.Unit.SECONDS).classic(one);

    assertEquals(2, classic.get(0).points().value(0));
    assertEquals(2, cumulative(classic, 1024));
    assertEquals(10, classic.get(classic.size() - 1).points().value(0));
  }

  @Test
  void theEdgesAreTheSameWhateverIsInTheBuckets() {
    Series low = series(histogram(10, new Bucket(0.001, 0.001 * Math.pow(2, 1 / 8.0), 3)));
    Series high = series(histogram(10, new Bucket(8, 8 * Math.pow(2, 1 / 8.0), 3)));

    assertEquals(
        NativeGrid.of(List.of(low), Metric.Unit.SECONDS).classic(low).stream()
            .map(s -> le(s))
            .toList(),
        NativeGrid.of(List.of(high), Metric.Unit.SECONDS).classic(high).stream()
            .map(s -> le(s))
            .toList());
  }

  @Test
  void millisecondsMoveTheGrid() {
    Series one = series(histogram(10, new Bucket(250, 256, 3)));
    List<Series> classic = NativeGrid.of(List.of(one), Metric.Unit.MILLISECONDS).classic(one);

    assertEquals(3, cumulative(classic, 256));
    assertTrue(Double.parseDouble(le(classic.get(classic.size() - 2))) > 1_000_000);
  }
}
