package dev.sluice.service.flags;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.Granularity;
import dev.sluice.service.outbox.Target.Result;
import dev.sluice.service.store.RolloutStore.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlagSystemTargetTest {
  private static final RolloutId ID = new RolloutId("checkout-v2-20261123t090000z-k3mpq");
  private static final String KEY = "checkout-v2";

  private final ScriptedFlagSystem system =
      new ScriptedFlagSystem(Granularity.WHOLE_PERCENT).with(KEY, Exposure.NONE);
  private final FlagSystemTarget target = new FlagSystemTarget("unleash", system);

  private Result deliver(String body) {
    return await(
        target.deliver(new Message(ID + "-2", ID, "unleash", true, Message.Kind.FLAG, body)));
  }

  private static String order(double from, double to, String action) {
    return """
        {"data": {"plan": "checkout-v2", "step": "users", "from": %s, "to": %s, "action": "%s",
          "reason": {"code": "provenSafe", "sentence": "All is well."},
          "flag": {"key": "checkout-v2", "environment": "production", "owned": "sluice"}}}
        """
        .formatted(from, to, action);
  }

  private Result raise(double from, double to) {
    return deliver(order(from, to, "percent"));
  }

  private Result rollBack() {
    return deliver(order(50, 0, "disable"));
  }

  private static String detail(Result result) {
    return assertInstanceOf(Result.Retry.class, result).detail();
  }

  private static Exposure percent(double percent) {
    return new Exposure(percent);
  }

  private static Optional<Trouble> trouble(Trouble.Kind kind) {
    return Optional.of(Trouble.of(kind, "The sentence of " + kind + "."));
  }

  @Test
  void aRaiseIsObeyedOnlyAfterItWasReadBack() {
    Result result = raise(0, 1);

    assertInstanceOf(Result.Ok.class, result);
    assertEquals(List.of("read", "set 1 %", "read"), system.asked);
    assertEquals(percent(1), system.at(KEY));
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() {
    system.with(KEY, percent(10));

    assertInstanceOf(Result.Ok.class, raise(1, 10));
    assertEquals(List.of("read"), system.asked);
  }

  @Test
  void aWriteThatWasAcceptedAndDoesNotShowIsNotObeyed() {
    system.then(f -> Optional.empty());
    system.then(f -> Optional.empty());
    system.then(
        f -> {
          system.with(KEY, percent(7));
          return Optional.empty();
        });

    String detail = detail(raise(0, 1));

    assertTrue(detail.contains("accepted 1 %") && detail.contains("reads 7 %"), detail);
  }

  @Test
  void aWriteThatCannotBeReadBackIsNotObeyedAndAtTheNextTryItIs() {
    system.then(f -> Optional.empty());
    system.then(f -> Optional.empty());
    system.then(f -> trouble(Trouble.Kind.UNAVAILABLE));

    assertTrue(detail(raise(0, 1)).contains("cannot be read back"));
    assertInstanceOf(Result.Ok.class, raise(0, 1));
    assertEquals(List.of("read", "set 1 %", "read", "read"), system.asked);
  }

  @Test
  void anAnswerThatWasLostIsNotReplayedButRead() {
    system.then(f -> Optional.empty());
    system.then(
        f -> {
          system.with(KEY, percent(1));
          return trouble(Trouble.Kind.UNAVAILABLE);
        });

    assertTrue(detail(raise(0, 1)).contains("UNAVAILABLE"));
    assertInstanceOf(Result.Ok.class, raise(0, 1));
    assertEquals(List.of("read", "set 1 %", "read"), system.asked);
  }

  @Test
  void aFlagThatSomebodyElseMovedIsNotRaisedFromThereAndTheyAreNamed() {
    for (double elsewhere : new double[] {5, 50}) {
      system.somebody("ann turned it at 09:12", KEY, percent(elsewhere));

      String detail = detail(raise(10, 25));

      assertTrue(detail.contains("stands at " + percent(elsewhere)), detail);
      assertTrue(detail.contains("ann turned it at 09:12"), detail);
      assertTrue(detail.contains("set it back to 10 %, or roll back"), detail);
      assertEquals(percent(elsewhere), system.at(KEY));
    }
  }

  @Test
  void whoIsOvertakenReadsAgainAndSeesThatItIsAnotherQuestionNow() {
    system.then(f -> Optional.empty());
    system.then(
        f -> {
          system.with(KEY, percent(33));
          return Optional.empty();
        });

    assertTrue(detail(raise(0, 1)).contains("stands at 33 %"));
    assertEquals(percent(33), system.at(KEY));
  }

  @Test
  void whoIsOvertakenByAChangeThatChangesNothingTriesAFewTimesAndNotForEver() {
    for (int i = 0; i < 10; i++) {
      system.then(f -> Optional.empty());
      system.then(
          f -> {
            system.with(KEY, percent(0));
            return Optional.empty();
          });
    }

    assertTrue(detail(raise(0, 1)).contains("each time"));
    assertEquals(6, system.asked.size());
  }

  @Test
  void whereSomethingElseInTheFlagServesUsersNothingIsRaised() {
    system.odd(KEY, percent(0), "Strategy 'old' serves everybody as well.");

    assertEquals("Strategy 'old' serves everybody as well.", detail(raise(0, 1)));
    assertEquals(List.of("read"), system.asked);
  }

  @Test
  void aRollbackTurnsTheFlagOffWithoutReadingFirst() {
    system.with(KEY, percent(50));

    assertInstanceOf(Result.Ok.class, rollBack());
    assertEquals(List.of("kill", "read"), system.asked);
    assertEquals(percent(0), system.at(KEY));
  }

  @Test
  void aRollbackAsksNobodyWhoMovedTheFlag() {
    system.odd(KEY, percent(77), "Strategy 'old' serves everybody as well.");

    assertInstanceOf(Result.Ok.class, deliver(order(10, 0, "percent")));
    assertEquals(percent(0), system.at(KEY));
  }

  @Test
  void aRollbackThatMayNotTurnTheFlagOffSetsItToNobody() {
    system.with(KEY, percent(50));
    system.then(f -> trouble(Trouble.Kind.DENIED));

    assertInstanceOf(Result.Ok.class, rollBack());
    assertEquals(List.of("kill", "read", "set 0 %", "read"), system.asked);
  }

  @Test
  void aRollbackThatMayDoNeitherIsTriedAgainAndDoesNotGoRoundInCircles() {
    system.away(Trouble.of(Trouble.Kind.DENIED, "The token may not."));

    assertEquals("The token may not.", detail(rollBack()));
    assertEquals(List.of("kill", "read", "kill"), system.asked);
  }

  @Test
  void aRollbackByPercentTurnsTheFlagOffWhereItCannotBeRead() {
    system.with(KEY, percent(50));
    system.then(f -> trouble(Trouble.Kind.UNFIT));

    assertInstanceOf(Result.Ok.class, deliver(order(50, 0, "percent")));
    assertEquals(List.of("read", "kill", "read"), system.asked);
  }

  @Test
  void aRollbackThatLeavesSomebodyNeverRaises() {
    system.with(KEY, percent(2));

    assertInstanceOf(Result.Ok.class, deliver(order(50, 5, "percent")));
    assertEquals(List.of("read"), system.asked);
    assertEquals(percent(2), system.at(KEY));
  }

  @Test
  void aRollbackThatLeavesSomebodyIsSetAndReadBack() {
    system.with(KEY, percent(50));

    assertInstanceOf(Result.Ok.class, deliver(order(50, 5, "percent")));
    assertEquals(List.of("read", "set 5 %", "read"), system.asked);
  }

  @ParameterizedTest
  @EnumSource(Trouble.Kind.class)
  void everyTroubleIsTriedAgainWithItsOwnSentence(Trouble.Kind kind) {
    system.away(
        new Trouble(kind, "The sentence of " + kind + ".", Optional.of(Duration.ofSeconds(7))));

    Result result = raise(0, 1);

    String sentence = "The sentence of " + kind + ".";
    switch (kind) {
      case ASKS -> assertEquals(new Result.Asks(sentence), result);
      case GONE -> assertEquals(new Result.Gone(sentence), result);
      case UNAVAILABLE, BUSY, DENIED, MISSING, UNFIT ->
          assertEquals(new Result.Retry(sentence, Optional.of(Duration.ofSeconds(7))), result);
    }
  }

  @Test
  void aMessageWithoutAnOrderIsSaidAndTouchesNothing() {
    for (String body :
        List.of("{", "{}", "{\"data\": {\"from\": 1, \"to\": 300, \"flag\": {\"key\": \"k\"}}}")) {
      assertTrue(detail(deliver(body)).contains("no order"), body);
    }
    assertEquals(List.of(), system.asked);
  }
}
