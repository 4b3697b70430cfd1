package dev.sluice.service.http.flagger;

import dev.sluice.service.config.ServerConfig.Role;
import java.util.Locale;

/**
 * What Flagger asks. Nothing in its request says which of these it is, so each has an address of
 * its own; and the same status means opposite things: 200, 201 and 202 are yes, for {@link
 * #ROLLBACK} "take the canary back now".
 */
enum Hook {
  /** A new revision is there: may the canary be scaled up? Carries the checksum of the old one. */
  CONFIRM_ROLLOUT,
  /** May the first traffic go there? A no counts as a failed check. */
  PRE_ROLLOUT,
  /** At each tick of the analysis. A no counts as a failed check. */
  ROLLOUT,
  /** May the weight be raised by one step? A no holds. */
  CONFIRM_TRAFFIC_INCREASE,
  /** May everybody get the new version? A no holds. */
  CONFIRM_PROMOTION,
  /** Shall it be taken back? */
  ROLLBACK,
  /** It is over, one way or the other. */
  POST_ROLLOUT,
  /** Something happened; the message of some events tells the weight. */
  EVENT;

  /** The least role: what may begin a rollout, what may end one, what only asks. */
  Role role() {
    return switch (this) {
      case CONFIRM_ROLLOUT, PRE_ROLLOUT, ROLLOUT, CONFIRM_TRAFFIC_INCREASE, CONFIRM_PROMOTION ->
          Role.AUTHOR;
      case POST_ROLLOUT, EVENT -> Role.OPERATOR;
      case ROLLBACK -> Role.VIEWER;
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
