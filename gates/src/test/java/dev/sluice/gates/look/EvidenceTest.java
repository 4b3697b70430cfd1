package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Evidence of a plan that watches nothing but its traffic. */
class EvidenceTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Plan PLAN =
      Draft.brief().with(d -> d.metrics = List.of()).steps(s -> s.metrics = List.of()).plan();

  private static Observations seen(long look, double canary, double rest) {
    return new Observations(
        Window.ofLook(START, Duration.ofMinutes(1), look),
        Map.of(),
        new Observations.Traffic.Seen(canary, rest),
        List.of());
  }

  private static Assessment look(Evidence evidence, long k, boolean settled, Observations seen) {
    return evidence.look(PLAN.steps().getFirst(), settled && k == 1, settled, seen);
  }

  @Test
  void theSplitIsJudgedOnlyWhileTheExposureIsInForceForTheWholeWindow() {
    Evidence evidence = Evidence.start(PLAN);
    for (long k = 1; k <= 50; k++) {
      Assessment assessment = look(evidence, k, false, seen(k, 900, 100));
      assertEquals(Optional.empty(), assessment.trafficTrouble(), "on its way");
      assertEquals(Optional.of(0.9), assessment.observedShare());
    }
    assertEquals(
        Optional.of(Assessment.TrafficTrouble.Kind.MISMATCH),
        look(evidence, 51, true, seen(51, 900, 100))
            .trafficTrouble()
            .map(Assessment.TrafficTrouble::kind));
  }

  @Test
  void aLookWithoutGuardrailsIsUsable() {
    Assessment assessment = look(Evidence.start(PLAN), 1, true, seen(1, 10, 90));
    assertTrue(assessment.usable());
    assertEquals(List.of(), assessment.checks());
    assertEquals(Math.log(100), assessment.threshold(), 1e-12);
  }

  @Test
  void restoredEvidenceGoesOnBitForBit() {
    Evidence one = Evidence.start(PLAN);
    Evidence other = Evidence.start(PLAN);
    for (long k = 1; k <= 200; k++) {
      Observations seen = seen(k, (double) (k % 7 * 3), (double) (90 + k % 5));
      assertEquals(look(one, k, true, seen), look(other, k, true, seen));
      other = Evidence.restore(PLAN, other.snapshot());
    }
  }

  @Test
  void evidenceOfAnotherPlanIsRefusedWithItsName() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Evidence.restore(PLAN, Map.of()));
    assertTrue(refused.toString().contains("'traffic'"), refused::toString);
  }
}
