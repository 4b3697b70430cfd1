package dev.sluice.service.loop;

import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Outcome;
import dev.sluice.gates.rollout.Rejection;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Whether a plan may be started now, and its first commit. */
final class Admission {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'").withZone(ZoneOffset.UTC);

  /** Without letters and digits that are taken for one another when read aloud. */
  private static final String TAIL_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz";

  private static final int TAIL_LENGTH = 5;

  private final Ledger ledger;
  private final Decider decider;
  private final KnownNames known;
  private final RandomGenerator tails;
  private final Function<RolloutId, Optional<Rollout>> remembered;
  private final Set<String> starting = new HashSet<>();

  /**
   * @param remembered the state of a live rollout, where the loop has it at hand
   */
  Admission(
      Ledger ledger,
      Decider decider,
      KnownNames known,
      RandomGenerator tails,
      Function<RolloutId, Optional<Rollout>> remembered) {
    this.ledger = ledger;
    this.decider = decider;
    this.known = known;
    this.tails = tails;
    this.remembered = remembered;
  }

  /**
   * @param why why it is started although it may be frozen; blank where nothing is said
   */
  Future<Rollout> start(Plan plan, Actor actor, String why) {
    return admitted(plan, why, overFreeze -> begin(plan, actor, overFreeze, 1));
  }

  /** With an identity of the caller's: who has begun with it already is answered again. */
  Future<Rollout> start(RolloutId id, Plan plan, Actor actor) {
    return ledger
        .find(id)
        .compose(
            found ->
                found
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            admitted(plan, "", overFreeze -> begin(id, plan, actor, overFreeze))));
  }

  private Future<Rollout> admitted(
      Plan plan, String why, Function<Optional<String>, Future<Rollout>> begin) {
    List<String> problems = known.problems(plan);
    if (!problems.isEmpty()) {
      return refused(Rejection.Code.NOT_SUPPORTED, String.join(" ", problems));
    }
    if (!starting.add(plan.name())) {
      return refused(
          Rejection.Code.NOT_NOW, "Plan " + plan.name() + " is being started at this moment.");
    }
    return ledger
        .latestOf(plan.name())
        .compose(latest -> isFree(latest, why))
        .compose(overFreeze -> flagIsFree(plan).map(nothing -> overFreeze))
        .compose(begin)
        .andThen(result -> starting.remove(plan.name()));
  }

  /** Fails where the plan is not free; answers why it is started although it is frozen. */
  private Future<Optional<String>> isFree(Optional<Rollout> latest, String why) {
    Optional<Rollout> running = latest.filter(r -> !r.ended());
    if (running.isPresent()) {
      return refused(Rejection.Code.NOT_NOW, stillRunning(running.get()));
    }
    Optional<Instant> frozen =
        latest.flatMap(Admission::frozenUntil).filter(until -> ledger.now().isBefore(until));
    if (frozen.isPresent() && why.isBlank()) {
      return refused(Rejection.Code.FROZEN, frozen(latest.orElseThrow(), frozen.get()));
    }
    return Future.succeededFuture(frozen.map(until -> why));
  }

  private static String stillRunning(Rollout latest) {
    boolean waits = latest.stage() instanceof Stage.RetireReady;
    return "Rollout "
        + latest.id()
        + " of plan "
        + latest.plan().name()
        + " is still running, at step "
        + latest.step().id()
        + ". "
        + (waits
            ? "Its retention is over: retire it, or roll it back."
            : "Let it end, roll it back or abort it first.");
  }

  private static String frozen(Rollout latest, Instant until) {
    return "Plan "
        + latest.plan().name()
        + " was rolled back by rollout "
        + latest.id()
        + " and is frozen until "
        + until.truncatedTo(ChronoUnit.SECONDS)
        + ": start it again after that, or say with a reason why it cannot wait.";
  }

  /** A rollout that was taken back before anybody was on the canary freezes nothing. */
  private static Optional<Instant> frozenUntil(Rollout latest) {
    return latest.stage() instanceof Stage.RolledBack rolledBack && exposed(rolledBack.decision())
        ? Optional.of(rolledBack.at().plus(latest.plan().rollback().freeze()))
        : Optional.empty();
  }

  private static boolean exposed(Decision rollback) {
    return rollback.sequence() > 1;
  }

  /** Two plans that move the same flag would undo each other's work. */
  private Future<Void> flagIsFree(Plan plan) {
    return commandsAFlag(plan)
        ? live().compose(live -> flagIsFree(plan.flag().orElseThrow(), live))
        : Future.succeededFuture();
  }

  private static Future<Void> flagIsFree(FlagTarget flag, List<Rollout> live) {
    return live.stream()
        .filter(other -> !other.ended() && moves(other.plan(), flag))
        .findFirst()
        .map(other -> Admission.<Void>refused(Rejection.Code.NOT_NOW, taken(flag, other)))
        .orElse(Future.succeededFuture());
  }

  private Future<List<Rollout>> live() {
    return ledger
        .live()
        .compose(ids -> Future.all(ids.stream().map(this::stateOf).toList()))
        .map(CompositeFuture::list);
  }

  private Future<Rollout> stateOf(RolloutId id) {
    return remembered
        .apply(id)
        .map(Future::succeededFuture)
        .orElseGet(() -> ledger.load(id).map(Knowledge::rollout));
  }

  private static String taken(FlagTarget flag, Rollout other) {
    return "Flag "
        + flag.key()
        + " of "
        + flag.target()
        + " is being moved by rollout "
        + other.id()
        + " of plan "
        + other.plan().name()
        + ": the two would undo each other's work. Let that one end first.";
  }

  private static boolean commandsAFlag(Plan plan) {
    return plan.flag().isPresent() && !plan.policy().dryRun();
  }

  private static boolean moves(Plan plan, FlagTarget flag) {
    return commandsAFlag(plan) && plan.flag().filter(other -> same(other, flag)).isPresent();
  }

  private static boolean same(FlagTarget one, FlagTarget other) {
    return one.target().equals(other.target())
        && one.key().equals(other.key())
        && one.environment().equals(other.environment())
        && one.project().equals(other.project())
        && one.owned().equals(other.owned());
  }

  private Future<Rollout> begin(Plan plan, Actor actor, Optional<String> overFreeze, int attempt) {
    Instant now = ledger.now();
    RolloutId id = id(plan, now);
    return switch (decider.start(id, plan, actor, overFreeze, now)) {
      case Outcome.Refused r -> refused(r.rejection());
      case Outcome.Accepted a ->
          ledger
              .begin(story(id, plan, a.events()))
              // The identity is taken: another tail.
              .recover(
                  Ledger.onConflict(attempt, () -> begin(plan, actor, overFreeze, attempt + 1)));
    };
  }

  private Future<Rollout> begin(RolloutId id, Plan plan, Actor actor, Optional<String> overFreeze) {
    return switch (decider.start(id, plan, actor, overFreeze, ledger.now())) {
      case Outcome.Refused r -> refused(r.rejection());
      case Outcome.Accepted a ->
          ledger
              .begin(story(id, plan, a.events()))
              // Another process began it at the same moment.
              .recover(Ledger.onConflict(1, () -> ledger.load(id).map(Knowledge::rollout)));
    };
  }

  private static Ledger.Story story(RolloutId id, Plan plan, List<Event> events) {
    if (!(events.getFirst() instanceof Event.Started started)) {
      throw new IllegalStateException("a rollout begins with its start, not " + events.getFirst());
    }
    return Ledger.Story.begin(Evolution.begin(id, plan, started), events);
  }

  private RolloutId id(Plan plan, Instant now) {
    StringBuilder tail = new StringBuilder();
    for (int i = 0; i < TAIL_LENGTH; i++) {
      tail.append(TAIL_ALPHABET.charAt(tails.nextInt(TAIL_ALPHABET.length())));
    }
    return new RolloutId(plan.name() + "-" + STAMP.format(now) + "-" + tail);
  }

  private static <T> Future<T> refused(Rejection.Code code, String sentence) {
    return refused(new Rejection(code, sentence));
  }

  private static <T> Future<T> refused(Rejection rejection) {
    return Future.failedFuture(new Rollouts.Refused(rejection));
  }
}
