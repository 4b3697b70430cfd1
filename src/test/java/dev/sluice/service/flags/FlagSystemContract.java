package dev.sluice.service.flags;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.store.Await;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every flag system that can be read has to do. */
public abstract class FlagSystemContract {
  protected static final Note NOTE = new Note("checkout-v2-1", "because the test says so");

  protected abstract FlagSystem system();

  /** A flag of this test's own that is there, serves nobody, and belongs to nobody else. */
  protected abstract Flag freshFlag();

  /** A flag that is not there. */
  protected abstract Flag missingFlag();

  /** As a person or another program would, past us. */
  protected abstract void somebodyElseSets(Flag flag, Exposure exposure);

  /** Lets the system answer again, or no longer. */
  protected abstract void reachable(boolean yes);

  protected static <T> T await(Future<T> future) {
    return Await.await(future);
  }

  protected Reading.Seen seen(Flag flag) {
    return assertInstanceOf(Reading.Seen.class, await(system().read(flag)));
  }

  private void set(Flag flag, double percent) {
    assertInstanceOf(
        Written.Done.class, await(system().set(flag, seen(flag), new Exposure(percent), NOTE)));
  }

  @Test
  void aFlagThatServesNobodyReadsAsNobodyAndIsWhole() {
    Reading.Seen seen = seen(freshFlag());

    assertEquals(Exposure.NONE, seen.exposure());
    assertTrue(seen.whole(), seen.toString());
  }

  @Test
  void whatIsSetIsReadBack() {
    Flag flag = freshFlag();
    for (double percent : new double[] {1, 10, 50, 100, 3, 0}) {
      set(flag, percent);

      assertEquals(new Exposure(percent), seen(flag).exposure());
      assertTrue(seen(flag).whole());
    }
  }

  @Test
  void aWriteOnAnOldReadingChangesNothingAndSaysSo() {
    Flag flag = freshFlag();
    set(flag, 10);
    Reading.Seen old = seen(flag);
    somebodyElseSets(flag, new Exposure(25));

    Written written = await(system().set(flag, old, new Exposure(50), NOTE));

    assertInstanceOf(Written.Overtaken.class, written);
    assertEquals(new Exposure(25), seen(flag).exposure());
  }

  @Test
  void aReadingKnowsWhetherTheFlagWasChangedSince() {
    Flag flag = freshFlag();
    set(flag, 10);
    String before = seen(flag).version();

    assertEquals(before, seen(flag).version());
    somebodyElseSets(flag, new Exposure(25));
    assertNotEquals(before, seen(flag).version());
  }

  @Test
  void turnedOffItServesNobodyAndThatMayBeRepeated() {
    Flag flag = freshFlag();
    set(flag, 50);

    assertInstanceOf(Written.Done.class, await(system().kill(flag, NOTE)));
    assertEquals(Exposure.NONE, seen(flag).exposure());
    assertInstanceOf(Written.Done.class, await(system().kill(flag, NOTE)));
    assertEquals(Exposure.NONE, seen(flag).exposure());
  }

  @Test
  void afterItWasTurnedOffItCanBeRaisedAgainAndOnlyToWhatIsAsked() {
    Flag flag = freshFlag();
    set(flag, 50);
    await(system().kill(flag, NOTE));

    set(flag, 1);

    assertEquals(new Exposure(1), seen(flag).exposure());
  }

  @Test
  void aFlagThatIsNotThereIsATroubleWithARemedy() {
    Flag flag = missingFlag();

    Reading.Unread unread = assertInstanceOf(Reading.Unread.class, await(system().read(flag)));

    assertEquals(Trouble.Kind.MISSING, unread.trouble().kind());
    assertTrue(unread.trouble().sentence().contains(flag.key()), unread.toString());
    Written.NotDone not = assertInstanceOf(Written.NotDone.class, await(system().kill(flag, NOTE)));
    assertEquals(Trouble.Kind.MISSING, not.trouble().kind());
    List<Finding> problems = problems(flag);
    assertFalse(problems.isEmpty());
    assertTrue(problems.stream().noneMatch(f -> f.remedy().isBlank()), problems.toString());
  }

  @Test
  void aFlagThatIsFitHasNoProblem() {
    assertEquals(List.of(), problems(freshFlag()));
  }

  @Test
  void aCheckChangesNothing() {
    Flag flag = freshFlag();
    String before = seen(flag).version();

    await(system().preflight(flag));

    assertEquals(before, seen(flag).version());
  }

  @Test
  void aSystemThatIsAwayIsATroubleAndNoException() {
    Flag flag = freshFlag();
    Reading.Seen seen = seen(flag);
    reachable(false);
    try {
      Reading.Unread unread = assertInstanceOf(Reading.Unread.class, await(system().read(flag)));
      assertEquals(Trouble.Kind.UNAVAILABLE, unread.trouble().kind());
      assertEquals(
          Trouble.Kind.UNAVAILABLE,
          assertInstanceOf(
                  Written.NotDone.class, await(system().set(flag, seen, new Exposure(10), NOTE)))
              .trouble()
              .kind());
      assertInstanceOf(Written.NotDone.class, await(system().kill(flag, NOTE)));
      assertFalse(problems(flag).isEmpty());
      assertEquals(Optional.empty(), await(system().lastChange(flag)));
    } finally {
      reachable(true);
    }
    assertEquals(seen.exposure(), seen(flag).exposure());
  }

  private List<Finding> problems(Flag flag) {
    return await(system().preflight(flag)).stream()
        .filter(f -> f.level() == Finding.Level.PROBLEM)
        .toList();
  }
}
