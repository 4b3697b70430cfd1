package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.analyzer.Absence;
import dev.sluice.gates.look.Assessment.TrafficTrouble;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficWatchTest {
  private static final Observations.Traffic UNKNOWN =
      new Observations.Traffic.Unknown(Absence.STALE, "old");

  private final TrafficWatch watch = TrafficWatch.start();

  private static Step step(double percent) {
    return Draft.empty().step("s", Step.Kind.EXPOSE, percent, s -> {}).plan().steps().getFirst();
  }

  private static Observations.Traffic seen(double canary, double rest) {
    return new Observations.Traffic.Seen(canary, rest);
  }

  private Optional<TrafficTrouble.Kind> look(double percent, Observations.Traffic traffic) {
    return watch.look(step(percent), false, traffic).map(TrafficTrouble::kind);
  }

  @Test
  void aCanaryThatGetsNothingIsCalledOutWhenChanceCannotExplainIt() {
    assertEquals(Optional.empty(), look(1, seen(0, 600)));
    assertEquals(Optional.empty(), look(1, seen(0, 599)));

    TrafficTrouble trouble = watch.look(step(1), false, seen(0, 100)).orElseThrow();

    assertEquals(TrafficTrouble.Kind.NO_TRAFFIC, trouble.kind());
    assertEquals(
        "The canary gets no traffic: about 13 requests were due at 1 % and none came. Check the"
            + " flag and the canary's labels.",
        trouble.sentence());
    assertEquals(Optional.empty(), look(1, seen(1, 600)), "there it is");
  }

  @Test
  void oneRequestEndsTheSilence() {
    look(1, seen(0, 1000));
    look(1, seen(1, 0));
    assertEquals(Optional.empty(), look(1, seen(0, 1000)));
  }

  @Test
  void aSplitThatIsOffIsCalledOutInWords() {
    watch.look(step(10), true, seen(2000, 8000));

    TrafficTrouble trouble = watch.look(step(10), false, seen(2000, 8000)).orElseThrow();

    assertEquals(TrafficTrouble.Kind.MISMATCH, trouble.kind());
    assertEquals(
        "The canary gets 20 % of the traffic where the plan says 10 %: 4,000 of 20,000 requests,"
            + " and between 8.5 % and 11.5 % would pass. Check the flag's percentage, what its"
            + " users stick to, and the labels of the cohorts.",
        trouble.sentence());
  }

  @Test
  void aSplitThatIsRightAgainIsSaidToBeUntilItIsTakenBack() {
    watch.look(step(50), true, seen(0, 300));

    assertEquals(
        "The canary had another share of the traffic than the 50 % of the plan. Of the 600 requests"
            + " since, 50 % were on it, which is right: this is taken back after 14,400 such"
            + " requests.",
        watch.look(step(50), false, seen(300, 300)).orElseThrow().sentence());
    assertEquals(Optional.empty(), look(50, seen(7000, 7000)));
  }

  @Test
  void harmlessDifferencesAreNoTrouble() {
    for (int k = 0; k < 1000; k++) {
      assertEquals(Optional.empty(), look(10, seen(1090, 8910)));
    }
  }

  @Test
  void aHoldbackAtAHundredPercentIsNoTrouble() {
    for (int k = 0; k < 1000; k++) {
      assertEquals(Optional.empty(), look(100, seen(9600, 400)));
    }
    assertEquals(Optional.of(TrafficTrouble.Kind.MISMATCH), look(100, seen(0.5, 900_000)));
  }

  @Test
  void aNewStepIsJudgedOnItsOwnTraffic() {
    for (int k = 0; k < 50; k++) {
      look(10, seen(100, 900));
    }
    assertEquals(Optional.empty(), watch.look(step(50), true, seen(500, 500)));
    assertEquals(Optional.empty(), look(50, seen(500, 500)));
  }

  @Test
  void whatIsNotKnownIsNoTrouble() {
    look(1, seen(0, 1100));
    assertEquals(Optional.empty(), look(1, UNKNOWN));
    assertEquals(Optional.empty(), look(1, new Observations.Traffic.NotAsked()));
    assertEquals(Optional.of(TrafficTrouble.Kind.NO_TRAFFIC), look(1, seen(0, 200)));
  }

  @Test
  void theShareOfALookIsWhatWasSeenInIt() {
    assertEquals(Optional.of(0.1), TrafficWatch.share(seen(10, 90)));
    assertEquals(Optional.empty(), TrafficWatch.share(seen(0, 0)));
    assertEquals(Optional.empty(), TrafficWatch.share(UNKNOWN));
  }

  @Test
  void aRestoredWatchGoesOn() {
    look(10, seen(0, 100));
    look(10, seen(30, 100));
    look(10, seen(0, 50));
    TrafficWatch restored = TrafficWatch.restore(watch.snapshot());
    assertArrayEquals(watch.snapshot(), restored.snapshot());

    for (int k = 0; k < 30; k++) {
      Observations.Traffic traffic = seen(k % 3 == 0 ? 0 : 50, 100);
      assertEquals(watch.look(step(10), false, traffic), restored.look(step(10), false, traffic));
      assertArrayEquals(watch.snapshot(), restored.snapshot());
    }
  }

  @Test
  void aForeignSnapshotIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> TrafficWatch.restore(new double[] {1}));
  }
}
