package dev.sluice.service.loop;

import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.outbox.FlagReplies;
import io.vertx.core.Future;

/** Hands what flag systems answer to the rollout that asked. */
public final class FlagAnswers implements FlagReplies {
  private final Rollouts rollouts;

  public FlagAnswers(Rollouts rollouts) {
    this.rollouts = rollouts;
  }

  @Override
  public Future<Void> obeyed(RolloutId id, long decisionSequence) {
    return tell(id, new Command.ConfirmApplied(decisionSequence));
  }

  @Override
  public Future<Void> refused(RolloutId id, long decisionSequence, String detail) {
    return tell(id, new Command.ReportNotApplied(decisionSequence, detail));
  }

  private Future<Void> tell(RolloutId id, Command command) {
    return rollouts.tell(id, command).mapEmpty();
  }
}
