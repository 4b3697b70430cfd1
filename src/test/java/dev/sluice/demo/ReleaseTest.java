package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReleaseTest {
  private static final int REQUESTS = 100_000;

  @Test
  void
      aGoodReleaseFailsTwiceInAThousandAndAnswersNinetyNineOfAHundredWithinHundredAndThirtyMilliseconds() {
    Seen seen = serve(Release.V2);

    assertEquals(0.002, seen.errorShare(), 0.0005);
    assertEquals(40, seen.quantile(0.5), 1);
    assertEquals(128, seen.quantile(0.99), 5);
  }

  @Test
  void theBadReleaseFailsMoreOftenAndItsTailIsSlow() {
    Seen seen = serve(Release.V3);

    assertEquals(0.08, seen.errorShare(), 0.003);
    assertEquals(45, seen.quantile(0.5), 2);
    assertEquals(680, seen.quantile(0.99), 30);
  }

  /** What clients saw of {@link #REQUESTS} requests. */
  private record Seen(double errorShare, List<Long> sortedMillis) {
    double quantile(double q) {
      return sortedMillis.get((int) (q * sortedMillis.size()));
    }
  }

  private static Seen serve(Release release) {
    SplittableRandom random = new SplittableRandom(7);
    List<Release.Answer> answers =
        Stream.generate(() -> release.serve(random)).limit(REQUESTS).toList();
    long errors = answers.stream().filter(answer -> !answer.ok()).count();
    return new Seen(
        errors / (double) REQUESTS, answers.stream().map(Release.Answer::millis).sorted().toList());
  }
}
