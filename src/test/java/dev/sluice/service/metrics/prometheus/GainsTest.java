package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gates.look.Window;
import dev.sluice.service.metrics.prometheus.Births.Start;
import dev.sluice.service.metrics.prometheus.Gains.Begun;
import dev.sluice.service.metrics.prometheus.Gains.Gain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GainsTest {
  private static final Window WINDOW = Shop.window(0, 60);

  private static Begun begun(Map<String, String> labels, double base, double... values) {
    Points points = new Points(values.length);
    for (int i = 0; i < values.length; i++) {
      points.add(WINDOW.from().plusSeconds(5 + 15L * i).toEpochMilli(), values[i]);
    }
    return new Begun(
        new Track(labels, OptionalDouble.of(base), 0, points, 0, 0), new Start.From(base));
  }

  private static Map<String, String> bucket(String le) {
    return Shop.labels("h_bucket", "instance", "a", "le", le);
  }

  private static List<Double> amounts(List<Gain> gains) {
    return gains.stream().map(Gain::amount).toList();
  }

  @Test
  void aFallIsAResetAndCountsWhatIsThere() {
    assertEquals(
        List.of(5.0 + 3.0 + 4.0), amounts(Gains.own(List.of(begun(Map.of(), 10, 12, 15, 3, 7)))));
  }

  @Test
  void theFirstSampleIsNoIncreaseWhereNothingIsKnownBefore() {
    Track track = begun(Map.of(), 0, 100, 104, 2).track();
    Begun counter = new Begun(track, new Start.FirstSample());

    assertEquals(List.of(6.0), amounts(Gains.own(List.of(counter))));
  }

  @Test
  void aBucketThatPassedItsOldValueAfterARestartIsResetByItsNeighbours() {
    List<Begun> buckets =
        List.of(
            begun(bucket("0.1"), 3, 5), begun(bucket("1"), 80, 20), begun(bucket("+Inf"), 100, 50));

    // Each for itself, the first one would say 2.
    assertEquals(List.of(5.0, 20.0, 50.0), amounts(Gains.ofBuckets(buckets)));
    assertEquals(List.of(2.0, 20.0, 50.0), amounts(Gains.own(buckets)));
  }

  @Test
  void histogramsOfOtherSeriesAreNoWitnesses() {
    Map<String, String> other = new HashMap<>(bucket("1"));
    other.put("instance", "b");

    assertEquals(
        List.of(2.0, 1.0),
        amounts(Gains.ofBuckets(List.of(begun(bucket("1"), 3, 5), begun(other, 9, 1)))));
  }

  @Test
  void aSumOfNegativeValuesMayFallWithoutAReset() {
    Begun sum = begun(Shop.labels("value_sum", "i", "a"), 100, 90, 120);
    Begun count = begun(Shop.labels("value_count", "i", "a"), 10, 11, 13);

    assertEquals(List.of(20.0), amounts(Gains.ofSums(List.of(sum), List.of(count))));
  }

  @Test
  void aSumIsResetWhereItsCountIs() {
    Begun sum = begun(Shop.labels("value_sum", "i", "a"), 100, 150);
    Begun count = begun(Shop.labels("value_count", "i", "a"), 10, 3);

    assertEquals(List.of(150.0), amounts(Gains.ofSums(List.of(sum), List.of(count))));
  }

  @Test
  void aSumWithoutACountIsItsOwnWitness() {
    Begun sum = begun(Shop.labels("value_sum", "i", "a"), 100, 30);

    assertEquals(List.of(30.0), amounts(Gains.ofSums(List.of(sum), List.of())));
  }
}
