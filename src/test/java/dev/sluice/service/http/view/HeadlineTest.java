package dev.sluice.service.http.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.http.view.RolloutView.ActionView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person across the room reads, in every situation of a rollout. */
class HeadlineTest {
  private final TestServer server = new TestServer();
  private final RolloutViews views = new RolloutViews(server.decider);

  @AfterEach
  void stop() {
    server.close();
  }

  private RolloutView view(Rollout rollout) {
    return views.view(rollout, verb -> Optional.empty());
  }

  private String sentence(Rollout rollout) {
    return view(rollout).sentence();
  }

  private Rollout tell(Command command) {
    return server.scenes.tell("checkout-1", command);
  }

  private Rollout baking() {
    return server.scenes.baking("checkout-1", Scenes.plan("checkout"));
  }

  @Test
  void fromTheBeginningToTheFirstStep() {
    assertEquals(
        "Moving from 0 % to 1 %.",
        sentence(server.scenes.begun("checkout-1", Scenes.plan("checkout"))));
    assertEquals(
        "Moving from 0 % to 1 %. The flag system does not obey: HTTP 503.",
        sentence(tell(new Command.ReportNotApplied(1, "HTTP 503"))));
    assertEquals(
        "Baking at 1 %. No look was taken yet.", sentence(server.scenes.confirmed("checkout-1")));
  }

  @Test
  void whileItBakesItSaysWhatIsUnclearAndWhenItCouldGoOn() {
    RolloutView view = view(baking());

    assertEquals("Baking at 10 %. p99 latency is unclear.", view.sentence());
    assertEquals("next step at the earliest", view.clock().orElseThrow().label());
    // 10,110 s are left, which is 337 looks of 30 s; the first of them is due at 13:44:15.
    assertEquals(Instant.parse("2026-03-02T16:32:15Z"), view.clock().orElseThrow().at());
  }

  @Test
  void whoPausedItAndWhy() {
    baking();

    assertEquals(
        "Paused by anna at 10 %. lunch.", sentence(tell(new Command.Pause(Scenes.ANNA, "lunch"))));
  }

  @Test
  void whyItIsHeld() {
    baking();

    assertEquals(
        "Held at 10 %. p99 latency: no series matches the canary.",
        sentence(server.scenes.look("checkout-1", Scenes.blindOnLatency())));
  }

  @Test
  void thatNobodySeesAnything() {
    baking();

    assertEquals(
        "Baking at 10 %. The metrics system cannot be reached since 13:43 UTC. p99 latency is"
            + " unclear.",
        sentence(tell(new Command.LoseSource("connection refused", 1))));
  }

  @Test
  void thatItRollsBackAndWhetherTheFlagObeyed() {
    baking();
    RolloutView back = view(server.scenes.look("checkout-1", Scenes.harmful()));
    assertEquals("Rolling back to 0 %. Error rate is as its numbers say.", back.sentence());
    assertEquals("to be confirmed by the flag system until", back.clock().orElseThrow().label());

    server.clock.advance(Duration.ofMinutes(3));
    assertTrue(
        sentence(tell(new Command.Tick()))
            .startsWith("Rollback NOT confirmed, still asking for 0 %."));
    assertEquals(
        "Rolled back to 0 %. Error rate is as its numbers say.",
        sentence(server.scenes.confirmed("checkout-1")));
  }

  @Test
  void thatItWasAborted() {
    baking();

    assertEquals(
        "Aborted by anna at 10 %. enough.",
        sentence(tell(new Command.Abort(Scenes.ANNA, "enough"))));
  }

  private RolloutView retained() {
    baking();
    for (String step : List.of("users-50", "users-100", "keep-old")) {
      tell(new Command.Promote(Scenes.ANNA, "to " + step));
      server.scenes.confirmed("checkout-1");
    }
    return view(server.scenes.look("checkout-1", Scenes.well()));
  }

  @Test
  void inTheRetentionTheOldSystemIsPromisedUntilAnInstant() {
    RolloutView view = retained();

    assertEquals("kept ready at least until", view.clock().orElseThrow().label());
    assertEquals(view.clock().orElseThrow().at(), view.rollbackReadyUntil().orElseThrow());
    assertTrue(view.rollbackReady());
    assertTrue(
        view.sentence().startsWith("Everybody is on the canary, the old system is kept ready."));
  }

  @Test
  void whenItIsCompleteTheOldSystemIsNoLongerPromised() {
    retained();

    RolloutView view = view(tell(new Command.Retire(Scenes.ANNA, "done")));

    assertEquals("Completed at 100 %.", view.sentence());
    assertFalse(view.rollbackReady());
    assertTrue(view.rollbackReadyUntil().isEmpty());
    assertTrue(view.steps().stream().allMatch(s -> s.place().equals("done")));
  }

  private ActionView action(Rollout rollout, Verb verb) {
    return view(rollout).actions().stream()
        .filter(a -> a.name().equals(verb.word()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatCanBeDoneIsWhatTheDeciderAllows() {
    Rollout baking = baking();

    assertEquals(
        new ActionView("rollback", true, false, Optional.empty()), action(baking, Verb.ROLLBACK));
    assertEquals(
        new ActionView("resume", false, false, Optional.of("It is not paused.")),
        action(baking, Verb.RESUME));
    assertTrue(action(baking, Verb.PROMOTE).reasonNeeded());
    assertTrue(action(baking, Verb.PROMOTE).allowed());
    Rollout paused = tell(new Command.Pause(Scenes.ANNA, "lunch"));
    assertFalse(action(paused, Verb.PROMOTE).allowed());
    assertEquals(
        Optional.of("It is paused already; asking again changes nothing."),
        action(paused, Verb.PAUSE).why());
  }

  @Test
  void afterTheEndNothingCanBeDone() {
    baking();
    Rollout ended = tell(new Command.Abort(Scenes.ANNA, "enough"));

    assertTrue(view(ended).actions().stream().noneMatch(ActionView::allowed));
  }

  @Test
  void aRegressionThatThePlanOnlyHoldsIsSaid() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout", "7", Step.OnRegression.HOLD));

    assertEquals(
        "Held at 10 %. Error rate is as its numbers say.",
        sentence(server.scenes.look("checkout-1", Scenes.harmful())));
  }
}
