package dev.sluice.service.loop;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rejection;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The use cases of people and controllers: what the HTTP API and the page call. */
public interface Rollouts {

  /**
   * Starts a rollout of a plan; fails with {@link Refused} when one is running or the plan cannot
   * be run.
   */
  default Future<Rollout> start(Plan plan, Actor actor) {
    return start(plan, actor, "");
  }

  /**
   * The same, with the reason for which a plan may be started that is frozen after a rollback.
   *
   * @param why blank where there is none
   */
  Future<Rollout> start(Plan plan, Actor actor, String why);

  /**
   * The same with an identity that the caller chose: a start that is repeated, even after a crash,
   * answers the rollout that the first one began, in whatever state it is by now.
   */
  Future<Rollout> start(RolloutId id, Plan plan, Actor actor);

  /**
   * Carries out a command and answers the state after it; fails with {@link Refused} when the
   * rollout refuses it, with {@link Unknown} when there is none.
   */
  default Future<Rollout> tell(RolloutId id, Command command) {
    return tell(id, command, OptionalLong.empty());
  }

  /**
   * The same, for somebody who decided on a certain version: fails with {@link Stale} when the
   * rollout is at another one, and nothing can slip in between that check and the command.
   *
   * @param seen the version they saw; absent: whatever it is now
   */
  Future<Rollout> tell(RolloutId id, Command command, OptionalLong seen);

  /**
   * Judges the looks of a rollout again from what the metrics system says of them today, until one
   * differs. Writes nothing. Fails with {@link Unknown} when there is no such rollout, and with
   * {@link Busy} when one is judged again already.
   *
   * @param told of every look in turn; says whether to go on
   */
  Future<Void> rejudge(RolloutId id, Predicate<Rejudged> told);

  /** One is enough at a time: it asks the metrics system as much as the rollout itself did. */
  final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Busy() {
      super("a rollout is judged again already: ask when that has ended");
    }
  }

  /** Who asked saw another version. */
  final class Stale extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long seen;
    private final long version;

    public Stale(RolloutId id, long seen, long version) {
      super("rollout " + id + " is at version " + version + ", and not at " + seen);
      this.seen = seen;
      this.version = version;
    }

    public long seen() {
      return seen;
    }

    public long version() {
      return version;
    }
  }

  /** The rollout said no. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Rejection rejection;

    public Refused(Rejection rejection) {
      super(rejection.sentence());
      this.rejection = rejection;
    }

    public Rejection rejection() {
      return rejection;
    }
  }

  /** There is no such rollout. */
  final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unknown(RolloutId id) {
      super("there is no rollout " + id);
    }
  }
}
