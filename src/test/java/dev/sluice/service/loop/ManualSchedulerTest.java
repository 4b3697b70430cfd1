package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {
  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private final ManualScheduler time = new ManualScheduler(start);
  private final List<String> seen = new ArrayList<>();

  private void at(Duration delay, String what) {
    time.after(delay, () -> seen.add(what + "@" + Duration.between(start, time.instant())));
  }

  @Test
  void timersRunInOrderEachAtItsOwnInstant() {
    at(Duration.ofSeconds(5), "b");
    at(Duration.ofSeconds(1), "a");
    at(Duration.ofSeconds(5), "c");
    at(Duration.ofSeconds(11), "late");

    time.advance(Duration.ofSeconds(10));

    assertEquals(List.of("a@PT1S", "b@PT5S", "c@PT5S"), seen);
    assertEquals(start.plusSeconds(10), time.instant());
    assertEquals(1, time.pending());
  }

  @Test
  void aTimerThatIsSetByATimerRunsIfItFallsIntoTheSameStretch() {
    time.after(Duration.ofSeconds(1), () -> at(Duration.ofSeconds(1), "second"));
    time.advance(Duration.ofSeconds(2));
    assertEquals(List.of("second@PT2S"), seen);
  }

  @Test
  void aTimerThatIsCalledOffDoesNotRun() {
    Scheduler.Timer timer = time.after(Duration.ofSeconds(1), () -> seen.add("no"));
    timer.cancel();
    time.advance(Duration.ofSeconds(2));
    assertEquals(List.of(), seen);
  }
}
