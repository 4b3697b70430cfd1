package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What people do to a rollout to make it go on: promote, approve, retire, extend. Where the gate is
 * not open it is forced, needs a reason, and stays marked as forced; where the plan wants four
 * eyes, the first person proposes and a second one agrees.
 */
final class ByHand {
  /** Nobody means a century. */
  private static final Duration LONGEST_EXTENSION = Duration.ofDays(366);

  private final Decider.Story story;
  private final Moves moves;

  ByHand(Decider.Story story, Moves moves) {
    this.story = story;
    this.moves = moves;
  }

  /**
   * What somebody asks for, once it is known to make sense in the present state.
   *
   * @param closed why the gate is not open; empty when it is
   */
  private record Wish(Proposal.Act act, Actor actor, String reason, String closed) {
    boolean forced() {
      return !closed.isEmpty();
    }
  }

  private interface Deed {
    void carryOut(Reason reason, Actor actor, boolean forced);
  }

  Outcome promote(Command.Promote c) {
    Rollout rollout = story.rollout();
    return switch (rollout.stage()) {
      case Stage.Paused p -> paused(p);
      case Stage.RollingBack r -> notNow("It is being rolled back.");
      case Stage.Applying a ->
          notNow(
              "The flag system has not confirmed "
                  + rollout.desired()
                  + " yet"
                  + a.trouble().map(t -> ": " + t).orElse("."));
      case Stage.Pending p -> begin(c);
      case Stage.RetireReady r -> useRetire();
      case Stage.Baking b -> goOn(Proposal.Act.PROMOTE, c.actor(), c.reason());
      case Stage.Held h -> goOn(Proposal.Act.PROMOTE, c.actor(), c.reason());
      case Stage.AwaitingApproval a -> goOn(Proposal.Act.PROMOTE, c.actor(), c.reason());
      case Stage.RolledBack r -> Decider.ended(rollout);
      case Stage.Completed d -> Decider.ended(rollout);
      case Stage.Aborted a -> Decider.ended(rollout);
    };
  }

  /** Beginning outside the plan's hours is going over its gate. */
  private Outcome begin(Command.Promote c) {
    String closed =
        moves.mayBegin()
            ? ""
            : "The plan lets the exposure be raised only in certain hours, and this is not one of"
                + " them.";
    return agreed(
        new Wish(Proposal.Act.PROMOTE, c.actor(), c.reason(), closed),
        "began",
        (reason, actor, forced) -> moves.beginByHand(reason, actor));
  }

  Outcome approve(Command.Approve c) {
    return switch (story.rollout().stage()) {
      case Stage.Paused p -> paused(p);
      case Stage.AwaitingApproval a -> goOn(Proposal.Act.APPROVE, c.actor(), c.reason());
      case Stage.RetireReady r -> useRetire();
      default ->
          notNow("Nobody was asked for an approval. Use promote, with a reason, to go on by hand.");
    };
  }

  private static Outcome useRetire() {
    return notNow("The old system is still kept ready. Use retire to let go of it.");
  }

  /** Into the next step; in a retention an answer to its question, and no more than that. */
  private Outcome goOn(Proposal.Act act, Actor actor, String reason) {
    Stage stage = story.rollout().stage();
    boolean asked = stage instanceof Stage.AwaitingApproval;
    if (story.rollout().retaining()) {
      return asked ? stay(act, actor, reason) : useRetire();
    }
    return agreed(
        new Wish(act, actor, reason, moves.whyClosed()),
        "went on",
        (why, who, forced) -> {
          if (asked) {
            story.add(new Event.Approved(who, reason, story.now()));
          }
          moves.next(why, who, forced);
        });
  }

  private Outcome stay(Proposal.Act act, Actor actor, String reason) {
    return agreed(
        new Wish(act, actor, reason, moves.whyClosed()),
        "let the retention go on",
        (why, who, forced) -> {
          story.add(new Event.Approved(who, reason, story.now()));
          moves.stay(why, who, forced);
        });
  }

  Outcome retire(Command.Retire c) {
    Rollout rollout = story.rollout();
    if (rollout.stage() instanceof Stage.Paused p) {
      return paused(p);
    }
    boolean applying = rollout.stage() instanceof Stage.Applying;
    if (rollout.step().kind() != Step.Kind.RETAIN || applying) {
      return notNow("There is no retention to end: the rollout is at step " + step() + ".");
    }
    if (rollout.stage() instanceof Stage.RollingBack) {
      return notNow("It is being rolled back, and the old system is needed for that.");
    }
    String early =
        rollout.stage() instanceof Stage.RetireReady
            ? ""
            : "The old system is to be kept ready"
                + rollout.keptUntil().map(until -> " until " + until).orElse("")
                + ".";
    return agreed(
        new Wish(Proposal.Act.RETIRE, c.actor(), c.reason(), early),
        "let go of the old system",
        (why, who, forced) -> {
          story.add(new Event.Retired(who, c.reason(), story.now()));
          moves.next(new Reason(Reason.Code.RETENTION_OVER, why.sentence()), who, forced);
        });
  }

  /** Carries it out, or asks for the second person, or says what is missing. */
  private Outcome agreed(Wish wish, String did, Deed deed) {
    Rollout rollout = story.rollout();
    Optional<Proposal> open =
        rollout
            .proposal()
            .filter(p -> p.act() == wish.act() && p.openAt(story.now()))
            .filter(p -> p.forced() || !wish.forced());
    boolean two = rollout.plan().policy().takesTwo(wish.forced());
    if (wish.forced() && wish.reason().isBlank() && !(two && open.isPresent())) {
      return reasonMissing(wish);
    }
    if (!two) {
      String sentence = said(wish.actor(), did, wish.reason());
      deed.carryOut(new Reason(Reason.Code.BY_HAND, sentence), wish.actor(), wish.forced());
      return story.accepted();
    }
    return open.map(proposal -> second(wish, proposal, did, deed)).orElseGet(() -> propose(wish));
  }

  private Outcome second(Wish wish, Proposal proposal, String did, Deed deed) {
    if (proposal.by(wish.actor())) {
      return refused(
          Rejection.Code.SELF_APPROVAL,
          wish.actor().name()
              + " has asked for it already. A second person has to agree before "
              + proposal.at().plus(Proposal.LIFE)
              + ".");
    }
    String first = said(proposal.actor(), did, proposal.reason());
    String sentence =
        first
            + (first.endsWith(".") ? " " : ". ")
            + sentence(wish.actor(), "agreed", wish.reason());
    deed.carryOut(new Reason(Reason.Code.BY_HAND, sentence), wish.actor(), wish.forced());
    return story.accepted();
  }

  private Outcome propose(Wish wish) {
    Instant now = story.now();
    story.add(
        new Event.SecondAsked(
            new Proposal(wish.actor(), wish.act(), wish.reason(), wish.forced(), now), now));
    return story.accepted();
  }

  private Outcome reasonMissing(Wish wish) {
    String gate =
        wish.act() == Proposal.Act.RETIRE || story.rollout().stage() instanceof Stage.Pending
            ? wish.closed()
            : "The gate of step " + step() + " is not open: " + wish.closed();
    return refused(Rejection.Code.REASON_MISSING, gate + " Say why you go on all the same.");
  }

  Outcome extend(Command.Extend c) {
    Rollout rollout = story.rollout();
    if (rollout.stage() instanceof Stage.RollingBack) {
      return notNow("It is being rolled back: there is nothing to wait for.");
    }
    boolean retention = rollout.step().kind() == Step.Kind.RETAIN;
    Optional<Instant> end = retention ? rollout.keptUntil() : rollout.deadline();
    boolean begun = !(Evolution.beneath(rollout.stage()) instanceof Stage.Pending);
    if (end.isEmpty() || !begun) {
      return notNow(
          begun
              ? "Step " + step() + " has no deadline: it lasts as long as it takes."
              : "It has not begun.");
    }
    if (c.by().isNegative() || c.by().isZero() || tooLong(rollout, c.by())) {
      return notNow(
          "A deadline is moved by more than nothing and by 366 days at most in all, not by "
              + Durations.words(c.by())
              + ".");
    }
    if (c.reason().isBlank()) {
      return refused(
          Rejection.Code.REASON_MISSING,
          "The plan lets step " + step() + " last until " + end.get() + ". Say why longer.");
    }
    story.add(
        new Event.Extended(c.actor(), c.reason(), c.by(), end.get().plus(c.by()), story.now()));
    return story.accepted();
  }

  private static boolean tooLong(Rollout rollout, Duration by) {
    Duration before = rollout.extension().orElse(Duration.ZERO);
    return by.compareTo(LONGEST_EXTENSION.minus(before)) > 0;
  }

  private String step() {
    return story.rollout().step().id();
  }

  private static Outcome paused(Stage.Paused paused) {
    return notNow("It is paused by " + paused.actor().name() + ": resume it first.");
  }

  /** "anna went on by hand: the batch job is known to be slow"; machines have no hands. */
  static String said(Actor actor, String did, String reason) {
    return switch (actor.kind()) {
      case PERSON -> sentence(actor, did + " by hand", reason);
      case ENGINE, CONTROLLER -> sentence(actor, did, reason);
    };
  }

  private static String sentence(Actor actor, String did, String reason) {
    return actor.name() + " " + did + (reason.isBlank() ? "." : ": " + reason);
  }

  private static Outcome notNow(String sentence) {
    return refused(Rejection.Code.NOT_NOW, sentence);
  }

  private static Outcome refused(Rejection.Code code, String sentence) {
    return new Outcome.Refused(new Rejection(code, sentence));
  }
}
