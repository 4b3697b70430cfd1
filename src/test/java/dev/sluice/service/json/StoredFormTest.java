package dev.sluice.service.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What was stored by yesterday's Sluice must be readable tomorrow: a change of these files is a
 * change of the stored form and needs a migration.
 */
class StoredFormTest {
  private static final RolloutId ID = new RolloutId("checkout-20260302t100000-x7");

  private static String golden(String name) throws IOException {
    try (InputStream file = StoredFormTest.class.getResourceAsStream("/json/" + name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aStoredRolloutKeepsItsForm() throws IOException {
    Rollout rollout = Samples.after(ID, Samples.plan("checkout"), 12);

    assertEquals(golden("rollout.json").strip(), SluiceJson.write(rollout));
    assertEquals(rollout, SluiceJson.read(golden("rollout.json"), Rollout.class));
  }

  @Test
  void everyKindOfEventKeepsItsForm() throws IOException {
    List<Event> events = Samples.events(ID);

    assertEquals(
        golden("events.jsonl").strip(),
        events.stream().map(SluiceJson::write).collect(Collectors.joining("\n")));
    assertEquals(
        events,
        golden("events.jsonl").lines().map(line -> SluiceJson.read(line, Event.class)).toList());
  }

  /** These two files are as the first version wrote them, and stay so. */
  @Test
  void whatTheFirstVersionStoredIsStillRead() throws IOException {
    Rollout rollout = SluiceJson.read(golden("rollout-first.json"), Rollout.class);

    assertEquals(Samples.after(ID, Samples.plan("checkout"), 12), rollout);
    assertEquals(DeadMan.DEFAULT, rollout.plan().policy().silence());
    assertTrue(rollout.backIsReady());
    assertEquals(
        Samples.events(ID).subList(0, 20),
        golden("events-first.jsonl")
            .lines()
            .map(line -> SluiceJson.read(line, Event.class))
            .toList());
  }

  @Test
  void aStartOverAFreezeKeepsItsReason() {
    Event.Started started = new Event.Started(Samples.ANNA, Samples.START, Optional.of("hotfix"));

    assertEquals(
        "{\"type\":\"started\",\"actor\":{\"kind\":\"PERSON\",\"name\":\"anna\"},"
            + "\"at\":\"2026-03-02T10:00:00Z\",\"overFreeze\":\"hotfix\"}",
        SluiceJson.write(started));
    assertEquals(started, SluiceJson.read(SluiceJson.write(started), Event.class));
  }

  @Test
  void noKindOfEventIsMissingHere() {
    assertEquals(
        Specimens.members(Event.class).map(Class::getSimpleName).sorted().toList(),
        Samples.events(ID).stream()
            .map(e -> e.getClass().getSimpleName())
            .distinct()
            .sorted()
            .toList());
  }
}
