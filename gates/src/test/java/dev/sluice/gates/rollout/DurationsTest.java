package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s", "PT0.9S, 0 s", "PT10S, 10 s", "PT90S, 1 min 30 s", "PT45M, 45 min",
    "PT60M, 1 h", "PT24H, 1 d", "PT27H, 1 d 3 h", "PT24H5M, 1 d", "PT26H5M7S, 1 d 2 h",
    "P3D, 3 d", "PT71H59M59S, 2 d 23 h", "-PT5M, 0 s", "PT1H0M59S, 1 h",
  })
  void theTwoLargestUnitsAreSaid(Duration duration, String words) {
    assertEquals(words, Durations.words(duration));
  }
}
