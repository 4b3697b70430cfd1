package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(2);
  private final List<String> begun = new ArrayList<>();

  private Promise<String> ask(String source, String who) {
    Promise<String> answer = Promise.promise();
    turns.take(
        source,
        () -> {
          begun.add(who);
          return answer.future();
        });
    return answer;
  }

  @Test
  void firstComeFirstServedAndNotMoreThanTheBoundAtOnce() {
    Promise<String> a = ask("x", "a");
    Promise<String> b = ask("x", "b");
    ask("x", "c");
    ask("x", "d");
    assertEquals(List.of("a", "b"), begun);
    b.complete("");
    assertEquals(List.of("a", "b", "c"), begun);
    a.fail("broken");
    assertEquals(List.of("a", "b", "c", "d"), begun);
  }

  @Test
  void oneSourceDoesNotWaitForAnother() {
    ask("x", "a");
    ask("x", "b");
    ask("x", "c");
    ask("y", "d");
    assertEquals(List.of("a", "b", "d"), begun);
  }

  @Test
  void workThatThrowsGivesItsTurnBack() {
    for (int i = 0; i < 5; i++) {
      Future<String> failed =
          turns.take(
              "x",
              () -> {
                throw new IllegalStateException("a bug");
              });
      assertTrue(failed.failed());
    }
    ask("x", "a");
    assertEquals(List.of("a"), begun);
  }

  @Test
  void waitsDoubleUpToTheirBoundAndBeginAnewAfterASuccess() {
    Waits waits = new Waits(Duration.ofSeconds(5), Duration.ofSeconds(30));
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      seconds.add(waits.afterFailure().toSeconds());
    }
    assertEquals(List.of(5L, 10L, 20L, 30L, 30L), seconds);
    for (int i = 0; i < 100; i++) {
      assertEquals(Duration.ofSeconds(30), waits.afterFailure());
    }
    assertEquals(105, waits.failures());
    waits.success();
    assertEquals(Duration.ofSeconds(5), waits.afterFailure());
  }
}
