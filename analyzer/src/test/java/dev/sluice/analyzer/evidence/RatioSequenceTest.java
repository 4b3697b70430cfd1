package dev.sluice.analyzer.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RatioSequenceTest {

  @Test
  void exchangingTheCohortsTurnsTheIntervalRound() {
    RatioSequence one = new RatioSequence();
    RatioSequence other = new RatioSequence();
    for (int i = 0; i < 20; i++) {
      one.update(7 + i % 3, 600, 50, 5400, 1.3);
      other.update(50, 5400, 7 + i % 3, 600, 1.3);
    }

    RatioInterval a = one.interval(0.05);
    RatioInterval b = other.interval(0.05);

    assertEquals(1, a.lower() * b.upper(), 1e-9);
    assertEquals(1, a.estimate() * b.estimate(), 1e-9);
    assertEquals(1, a.upper() * b.lower(), 1e-9);
  }

  @Test
  void aWindowCutInTwoWithTheSameSplitOfTrafficSaysTheSame() {
    RatioSequence whole = new RatioSequence();
    RatioSequence halves = new RatioSequence();
    whole.update(9, 1200, 60, 10_800, 1);
    halves.update(2, 300, 41, 2700, 1);
    halves.update(7, 900, 19, 8100, 1);

    assertEquals(whole.interval(0.05), halves.interval(0.05));
    assertEquals(whole.logAgainstAtLeast(2), halves.logAgainstAtLeast(2), 1e-9);
  }

  @Test
  void aRatioBeyondTheGridIsHeldAtItsRim() {
    RatioSequence ratio = new RatioSequence();
    ratio.update(5, 600, 5, 600, 1);

    assertEquals(ratio.logAgainstAtLeast(Math.exp(4)), ratio.logAgainstAtLeast(1e9), 1e-12);
    assertEquals(ratio.logAgainstAtMost(Math.exp(-4)), ratio.logAgainstAtMost(0), 1e-12);
  }
}
