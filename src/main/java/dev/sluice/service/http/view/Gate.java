package dev.sluice.service.http.view;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether somebody else may go past a step. Yes needs every one of these; anything else is a named
 * no:
 *
 * <ol>
 *   <li>the rollout was not rolled back, is not being rolled back and was not aborted;
 *   <li>no guardrail that nobody has waived is proven worse at the latest look;
 *   <li>the step was left (by evidence, or by a person who went over the gate), or it is the
 *       present one, its exposure is applied, nothing holds or pauses it, everything the plan asks
 *       for is shown, and the latest look is fresh.
 * </ol>
 */
public final class Gate {
  private final Decider decider;
  private final Rollout rollout;
  private final Instant now;

  private record Answer(Word word, String reason) {}

  private enum Word {
    OPEN,
    CLOSED,
    UNCLEAR,
    ERROR
  }

  private Gate(Decider decider, Rollout rollout, Instant now) {
    this.decider = decider;
    this.rollout = rollout;
    this.now = now;
  }

  /** A plan that was never started: not yet. */
  public static GateView notStarted(String plan, Optional<String> step, String reason) {
    return new GateView(
        Words.of(Word.UNCLEAR),
        plan,
        Optional.empty(),
        step,
        OptionalDouble.empty(),
        "hold",
        reason,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** The state could not be read: whatever the truth, the answer is not yes. */
  public static GateView unreadable(String plan, Optional<String> step, String reason) {
    return new GateView(
        Words.of(Word.ERROR),
        plan,
        Optional.empty(),
        step,
        OptionalDouble.empty(),
        "hold",
        reason,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * @param stepIndex the step that is asked for, from 0
   */
  public static GateView of(Rollout rollout, int stepIndex, Decider decider, Instant now) {
    Gate gate = new Gate(decider, rollout, now);
    Answer answer = gate.answer(stepIndex);
    return new GateView(
        Words.of(answer.word()),
        rollout.plan().name(),
        Optional.of(rollout.id().value()),
        Optional.of(rollout.plan().steps().get(stepIndex).id()),
        OptionalDouble.of(rollout.applied().percent()),
        gate.decision(answer.word()),
        answer.reason(),
        gate.metrics(),
        rollout.lastAssessment().map(a -> a.window().to()),
        gate.validUntil());
  }

  /**
   * Why the canary must get no more traffic now, though the plan has opened more to it; empty where
   * nothing speaks against it. That data is missing does not: only traffic can end that.
   */
  public static Optional<String> holdsBack(Rollout rollout, Decider decider, Instant now) {
    return new Gate(decider, rollout, now).holdsBack();
  }

  private Optional<String> holdsBack() {
    return switch (rollout.stage()) {
      case Stage.Completed c -> Optional.empty();
      case Stage.RollingBack r -> Optional.of(answer(rollout.stepIndex()).reason());
      case Stage.RolledBack r -> Optional.of(answer(rollout.stepIndex()).reason());
      case Stage.Aborted a -> Optional.of(answer(rollout.stepIndex()).reason());
      case Stage.Pending p -> Optional.of(p.reason().sentence());
      case Stage.Paused p -> Optional.of("It is paused by " + p.actor().name() + ".");
      case Stage.Applying a -> Optional.of("The flag system has not confirmed the exposure yet.");
      case Stage.Baking b -> reasonOf(regression().or(this::blind));
      case Stage.Held h -> reasonOf(regression().or(this::blind));
      case Stage.AwaitingApproval a -> reasonOf(regression().or(this::blind));
      case Stage.RetireReady r -> Optional.empty();
    };
  }

  private static Optional<String> reasonOf(Optional<Answer> answer) {
    return answer.map(Answer::reason);
  }

  private Answer answer(int asked) {
    return switch (rollout.stage()) {
      case Stage.RollingBack r -> closed("It is being rolled back: ", r.decision());
      case Stage.RolledBack r -> closed("It was rolled back: ", r.decision());
      case Stage.Aborted a -> new Answer(Word.CLOSED, aborted(a));
      case Stage.Completed c -> new Answer(Word.OPEN, "The rollout is complete.");
      case Stage.Pending p -> live(asked, unclear(p.reason().sentence()));
      case Stage.Applying a ->
          live(asked, unclear("The flag system has not confirmed the exposure yet."));
      case Stage.Baking b -> live(asked, baking());
      case Stage.Held h -> live(asked, held(h.reason()));
      case Stage.AwaitingApproval a -> live(asked, unclear(a.reason().sentence()));
      case Stage.RetireReady r -> live(asked, unclear(Headline.RETIRE_READY));
      case Stage.Paused p -> live(asked, unclear("It is paused by " + p.actor().name() + "."));
    };
  }

  /** Who it was is enough where it can be asked; of a machine the reason has to be said. */
  private static String aborted(Stage.Aborted aborted) {
    String who = "It was aborted by " + aborted.actor().name();
    return switch (aborted.actor().kind()) {
      case PERSON -> who + ".";
      case ENGINE, CONTROLLER -> who + ": " + aborted.reason();
    };
  }

  private static Answer closed(String what, Decision decision) {
    return new Answer(Word.CLOSED, what + decision.reason().sentence());
  }

  private Answer live(int asked, Answer here) {
    return regression()
        .or(() -> passed(asked))
        .or(this::blind)
        .or(() -> notReached(asked))
        .orElse(here);
  }

  /**
   * Where the plan holds or asks on a regression, the rollout lives on; the answer is no until a
   * person decides.
   */
  private Optional<Answer> regression() {
    List<String> worse =
        rollout.lastAssessment().stream()
            .flatMap(a -> a.checks().stream())
            .filter(c -> c.role() == Metric.Role.GUARDRAIL && c.verdict() == Verdict.FAIL)
            .filter(c -> !rollout.waived().contains(c.id()))
            .map(Check::sentence)
            .toList();
    return worse.isEmpty()
        ? Optional.empty()
        : Optional.of(new Answer(Word.CLOSED, String.join(" ", worse)));
  }

  private Optional<Answer> passed(int asked) {
    if (asked >= rollout.stepIndex()) {
      return Optional.empty();
    }
    return Optional.of(
        new Answer(Word.OPEN, "Passed: the rollout is at step " + rollout.step().id() + "."));
  }

  private Optional<Answer> blind() {
    if (rollout.blindSince().isPresent()) {
      return error(
          "The metrics system cannot be reached since " + rollout.blindSince().get() + ".");
    }
    if (validUntil().filter(now::isAfter).isPresent()) {
      return error(
          "The latest look is too old: the next one was due at " + rollout.nextLookDue() + ".");
    }
    return Optional.empty();
  }

  private static Optional<Answer> error(String reason) {
    return Optional.of(new Answer(Word.ERROR, reason));
  }

  private Optional<Answer> notReached(int asked) {
    if (asked == rollout.stepIndex()) {
      return Optional.empty();
    }
    String step = rollout.plan().steps().get(asked).id();
    return Optional.of(
        unclear(
            "Step " + step + " is not reached: the rollout is at " + rollout.step().id() + "."));
  }

  /** The latest look may still be one of the step before: that one says nothing of this step. */
  private Answer baking() {
    if (rollout.stepLooks() == 0) {
      return unclear("No look was taken at this step yet.");
    }
    return decider
        .whyClosed(rollout, now)
        .map(Gate::unclear)
        .orElseGet(() -> new Answer(Word.OPEN, "Everything the plan asks for is shown."));
  }

  /** A hold for lack of data is not an opinion on the canary. */
  private static Answer held(Reason reason) {
    boolean blind =
        reason.code() == Reason.Code.NO_DATA
            || reason.code() == Reason.Code.NO_TRAFFIC
            || reason.code() == Reason.Code.SOURCE_LOST
            || reason.code() == Reason.Code.SILENT;
    return new Answer(blind ? Word.ERROR : Word.UNCLEAR, reason.sentence());
  }

  private static Answer unclear(String reason) {
    return new Answer(Word.UNCLEAR, reason);
  }

  /** One look may be missed; after that nobody is looking. */
  private Optional<Instant> validUntil() {
    return rollout.upcomingLook().map(due -> due.plus(rollout.plan().source().every()));
  }

  private String decision(Word word) {
    boolean back =
        rollout.stage() instanceof Stage.RollingBack || rollout.stage() instanceof Stage.RolledBack;
    return switch (word) {
      case OPEN -> "promote";
      case CLOSED -> back ? "rollBack" : "hold";
      case UNCLEAR, ERROR -> "hold";
    };
  }

  private List<GateView.MetricView> metrics() {
    return rollout.lastAssessment().map(Assessment::checks).orElse(List.of()).stream()
        .map(c -> new GateView.MetricView(c.id(), Words.of(c.verdict()), c.sentence()))
        .toList();
  }
}
