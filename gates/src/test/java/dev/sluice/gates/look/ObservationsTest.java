package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObservationsTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Window WINDOW = Window.ofLook(START, Duration.ofMinutes(1), 1);
  private static final Observations.Traffic NOT_ASKED = new Observations.Traffic.NotAsked();

  private static Observations of(Map<String, Observed> metrics, Observations.Traffic traffic) {
    return new Observations(WINDOW, metrics, traffic, List.of());
  }

  private static Observed absent(Absence why) {
    return new Observed.Absent(why, "no answer");
  }

  @ParameterizedTest
  @EnumSource(Absence.class)
  void aSourceIsLostWhenItTellsNothingAboutAnything(Absence why) {
    boolean lost =
        Set.of(Absence.UNREACHABLE, Absence.UNAUTHORIZED, Absence.SOURCE_ERROR, Absence.MALFORMED)
            .contains(why);

    assertEquals(
        lost,
        of(Map.of("a", absent(why), "b", absent(Absence.UNREACHABLE)), NOT_ASKED).sourceLost());
    assertEquals(
        lost, of(Map.of(), new Observations.Traffic.Unknown(why, "no answer")).sourceLost());
  }

  @Test
  void oneMetricThatAnswersIsASourceThatIsThere() {
    Observed seen = new Observed.Seen(new Values(1), Optional.empty());
    assertFalse(of(Map.of("a", absent(Absence.UNREACHABLE), "b", seen), NOT_ASKED).sourceLost());
  }

  @Test
  void nothingAskedIsNothingLost() {
    assertFalse(of(Map.of(), NOT_ASKED).sourceLost());
    assertFalse(of(Map.of(), new Observations.Traffic.Seen(0, 0)).sourceLost());
  }

  @Test
  void windowsOfLooksLieEndToEnd() {
    for (long k = 1; k < 100; k++) {
      Window window = Window.ofLook(START, Duration.ofSeconds(30), k);
      assertEquals(window.to(), Window.ofLook(START, Duration.ofSeconds(30), k + 1).from());
      assertEquals(Duration.ofSeconds(30), window.length());
    }
    assertEquals(START, Window.ofLook(START, Duration.ofSeconds(30), 1).from());
    assertTrue(WINDOW.to().isAfter(WINDOW.from()));
    assertThrows(IllegalArgumentException.class, () -> new Window(START, START));
  }
}
