package dev.sluice.service.runs;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.loop.Rollouts;
import io.vertx.core.Future;

/**
 * How a rollout ends that its controller no longer wants. Where the controller moves the traffic,
 * watching ends and nothing else happens. Where we move a flag, leaving would leave users on a
 * canary that nobody watches: they are taken back.
 */
final class Ending {
  private Ending() {}

  static Command command(Plan plan, Actor actor, String reason) {
    boolean ours = plan.flag().isPresent() && !plan.policy().dryRun();
    return ours ? new Command.RollBack(actor, reason) : new Command.Abort(actor, reason);
  }

  /** Answers the rollout after it; one that has ended, or is being rolled back, is left alone. */
  static Future<Rollout> tell(Rollouts rollouts, Rollout rollout, Command command) {
    if (rollout.ended()) {
      return Future.succeededFuture(rollout);
    }
    return rollouts
        .tell(rollout.id(), command)
        .recover(
            failure ->
                failure instanceof Rollouts.Refused
                    ? Future.succeededFuture(rollout)
                    : Future.failedFuture(failure));
  }
}
