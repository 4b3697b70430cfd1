package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cost of a look does not depend on how many came before. Every look visits what is kept a
 * fixed number of times, so what is kept is counted; no clock is asked.
 */
class WorkPerLookTest {
  private static final int YOUNG = 100;
  private static final int OLD = 4000;

  private static int kept(MetricJudge judge) {
    StateWriter out = new StateWriter();
    judge.save(out);
    return out.toArray().length;
  }

  private static MetricJudge watched(Feed feed, int looks) {
    MetricJudge judge = MetricJudge.of(feed.metric("metric"), JudgeSettings.withDefaults());
    for (int i = 0; i < looks; i++) {
      judge.beginLook(i == 0);
      judge.take(feed.next(), Feed.LOOK.seconds(), Optional.empty());
      judge.confirm(true);
    }
    return judge;
  }

  @ParameterizedTest
  @ValueSource(strings = {"counts", "countsLimit", "histogram12", "histogram40"})
  void countsAndHistogramsKeepAsMuchAfterAHundredLooksAsAfterThousands(String kind) {
    int young = kept(watched(Feed.of(kind, 16, 3), YOUNG));
    int old = kept(watched(Feed.of(kind, 16, 3), OLD));
    assertEquals(young, old);
  }

  @Test
  void countsKeepFewerThanFiveHundredNumbers() {
    int kept = kept(watched(Feed.of("counts", 16, 3), YOUNG));
    assertTrue(kept < 500, kept + " numbers");
  }

  /** Its onsets are thinned to some four for every doubling of the age, in two scales. */
  @ParameterizedTest
  @ValueSource(strings = {"mean", "value"})
  void aSeriesKeepsAFewOnsetsForEveryDoublingOfItsAge(String kind) {
    int young = kept(watched(Feed.of(kind, 16, 3), YOUNG));
    int old = kept(watched(Feed.of(kind, 16, 3), OLD));
    double doublings = Math.log((double) OLD / YOUNG) / Math.log(2);
    double most = 2 * ShiftOnset.WIDTH * (4 * doublings + 4);
    assertTrue(old - young <= most, (old - young) + " numbers more, " + most + " at most");
  }
}
