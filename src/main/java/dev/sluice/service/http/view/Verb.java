package dev.sluice.service.http.view;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.service.config.ServerConfig.Role;
import java.time.Duration;
import java.util.Locale;

/** What people ask of a rollout, in the order in which a person in trouble looks for it. */
public enum Verb {
  ROLLBACK(Role.OPERATOR, "being rolled back"),
  PAUSE(Role.OPERATOR, "paused"),
  RESUME(Role.OPERATOR, "running"),
  PROMOTE(Role.APPROVER, "promoted"),
  APPROVE(Role.APPROVER, "approved"),
  EXTEND(Role.APPROVER, "extended"),
  RETIRE(Role.APPROVER, "retired"),
  ABORT(Role.OPERATOR, "aborted");

  private final Role role;
  private final String done;

  Verb(Role role, String done) {
    this.role = role;
    this.done = done;
  }

  /** As in the path: "rollback". */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** "Roll back": as on a button. */
  public String label() {
    return this == ROLLBACK
        ? "Roll back"
        : name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }

  /** The least role that may ask it. */
  public Role role() {
    return role;
  }

  String done() {
    return done;
  }

  /**
   * @param by how much longer; only where a deadline is extended
   */
  public Command command(Actor actor, String reason, Duration by) {
    return switch (this) {
      case ROLLBACK -> new Command.RollBack(actor, reason);
      case PAUSE -> new Command.Pause(actor, reason);
      case RESUME -> new Command.Resume(actor, reason);
      case PROMOTE -> new Command.Promote(actor, reason);
      case APPROVE -> new Command.Approve(actor, reason);
      case EXTEND -> new Command.Extend(actor, reason, by);
      case RETIRE -> new Command.Retire(actor, reason);
      case ABORT -> new Command.Abort(actor, reason);
    };
  }
}
