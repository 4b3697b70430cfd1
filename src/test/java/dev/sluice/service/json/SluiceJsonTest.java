package dev.sluice.service.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.gates.look.Footing;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outcome;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SluiceJsonTest {

  static Stream<Class<?>> families() {
    return Stream.of(
        Event.class,
        Stage.class,
        Command.class,
        Outcome.class,
        Outgoing.class,
        Finding.class,
        Metric.class,
        Tolerance.class,
        Observed.class,
        Sample.class,
        Observations.Traffic.class);
  }

  static Stream<Class<?>> everyMember() {
    return Stream.concat(
        families().flatMap(Specimens::members), Stream.of(Plan.class, Rollout.class));
  }

  @ParameterizedTest
  @MethodSource("everyMember")
  <T> void everyTypeComesBackAsItWas(Class<T> type) {
    for (long seed = 0; seed < 60; seed++) {
      T value = new Specimens(seed).of(type);
      String json = SluiceJson.write(value);
      T back = SluiceJson.read(json, type);
      assertEquals(value, back, () -> "through " + json);
      assertEquals(json, SluiceJson.write(back), "the same text again");
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  <T> void aMemberOfASealedFamilyIsReadThroughTheFamily(Class<T> family) {
    Specimens.members(family)
        .forEach(
            member -> {
              Object value = new Specimens(7).of(member);
              String json = SluiceJson.write(value);
              String name = member.getSimpleName();
              String type = Character.toLowerCase(name.charAt(0)) + name.substring(1);
              assertTrue(json.startsWith("{\"type\":\"" + type + "\""), json);
              assertEquals(value, SluiceJson.read(json, family));
            });
  }

  @Test
  void anIntervalThatNothingBoundsKeepsItsInfiniteEnds() {
    Effect open =
        new Effect(
            Effect.Scale.RATIO,
            Double.NEGATIVE_INFINITY,
            1.5,
            Double.POSITIVE_INFINITY,
            Double.NaN);

    String json = SluiceJson.write(open);

    assertEquals(
        "{\"scale\":\"RATIO\",\"lower\":\"-Infinity\",\"estimate\":1.5,\"upper\":\"Infinity\",\"margin\":\"NaN\"}",
        json);
    assertEquals(open, SluiceJson.read(json, Effect.class));
  }

  @Test
  void doublesComeBackBitForBit() {
    new java.util.Random(3)
        .longs(100_000)
        .mapToDouble(Double::longBitsToDouble)
        .filter(Double::isFinite)
        .forEach(
            d -> {
              Effect effect = new Effect(Effect.Scale.VALUE, d, 0, 0, 0);
              double back = SluiceJson.read(SluiceJson.write(effect), Effect.class).lower();
              assertEquals(Double.doubleToRawLongBits(d), Double.doubleToRawLongBits(back));
            });
  }

  @Test
  void aHistogramIsItsEdgesAndCounts() {
    Buckets buckets = new Buckets(new double[] {0.1, 0.5}, new double[] {3, 2, 1});
    assertEquals(
        "{\"type\":\"buckets\",\"edges\":[0.1,0.5],\"counts\":[3.0,2.0,1.0]}",
        SluiceJson.write(buckets));
  }

  @Test
  void mapsKeepTheOrderTheyHaveAndGetOneIfTheyHaveNone() {
    Map<String, String> inOrder = new LinkedHashMap<>();
    inOrder.put("zebra", "1");
    inOrder.put("ant", "2");

    assertEquals(
        "{\"map\":{\"zebra\":\"1\",\"ant\":\"2\"}}", SluiceJson.write(new Holder(inOrder)));
    assertEquals(
        "{\"map\":{\"ant\":\"2\",\"bee\":\"3\",\"zebra\":\"1\"}}",
        SluiceJson.write(new Holder(Map.of("zebra", "1", "bee", "3", "ant", "2"))));
  }

  record Holder(Map<String, String> map) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"percent\":null}",
        "{\"percent\":\"10\"}",
        "{\"percent\":\"Infinity\"}",
        "{\"percent\":1e400}",
        "{\"percent\":true}",
        "{\"percent\":10,\"percent\":10}",
        "{\"percent\":10,\"share\":0.1}",
        "{\"percent\":10} {}",
        "{\"percent\":10}x",
        "{\"percent\":101}",
        "{\"percent\":10",
        "[]",
        "",
      })
  void whatIsNotExactlyTheTypeIsRefused(String json) {
    assertThrows(SluiceJson.Unreadable.class, () -> SluiceJson.read(json, Exposure.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"at\":\"2026-01-01T00:00:00Z\"}",
        "{\"type\":\"tolerance\",\"at\":\"2026-01-01T00:00:00Z\"}",
        "{\"type\":\"Finished\",\"at\":\"2026-01-01T00:00:00Z\"}",
        "{\"type\":\"finished\",\"at\":\"yesterday\"}",
        "{\"type\":\"finished\"}",
        "{\"type\":\"stepEntered\",\"stepIndex\":1.5,\"desired\":{\"percent\":1},\"moves\":true,\"at\":\"2026-01-01T00:00:00Z\"}",
        "{\"type\":\"stepEntered\",\"stepIndex\":\"1\",\"desired\":{\"percent\":1},\"moves\":true,\"at\":\"2026-01-01T00:00:00Z\"}",
        "{\"type\":\"stepEntered\",\"stepIndex\":1,\"desired\":{\"percent\":1},\"moves\":1,\"at\":\"2026-01-01T00:00:00Z\"}",
      })
  void anEventThatIsNotOneIsRefused(String json) {
    assertThrows(SluiceJson.Unreadable.class, () -> SluiceJson.read(json, Event.class));
  }

  @Test
  void aRefusalSaysWhatAndWhere() {
    String json =
        "{\"type\":\"stepEntered\",\"stepIndex\":1,\"desired\":{\"percent\":\"lots\"},\"moves\":true,\"at\":\"2026-01-01T00:00:00Z\"}";
    SluiceJson.Unreadable refusal =
        assertThrows(SluiceJson.Unreadable.class, () -> SluiceJson.read(json, Event.class));

    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("not a readable Event at desired.percent"), message);
    assertTrue(message.contains("lots"), message);
  }

  @Test
  void whatVerdictsStoodOnBeforeOddDataWereNamedIsStillRead() {
    Footing footing = SluiceJson.read("{\"lessons\":[],\"controls\":[]}", Footing.class);

    assertEquals(List.of(), footing.allRemarks());
  }
}
