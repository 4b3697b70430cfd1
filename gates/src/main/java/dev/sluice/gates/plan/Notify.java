package dev.sluice.gates.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom to tell what.
 *
 * @param sink name of a sink in the server configuration
 * @param events what it wants to hear; empty: everything
 */
public record Notify(
    String sink, Optional<String> channel, Set<Topic> events, List<String> mention) {
  public Notify {
    events = Set.copyOf(events);
    mention = List.copyOf(mention);
  }

  public boolean wants(Topic topic) {
    return events.isEmpty() || events.contains(topic);
  }

  /** Kinds of news. */
  public enum Topic {
    STARTED,
    STEP,
    PROGRESS,
    HELD,
    INCONCLUSIVE,
    APPROVAL,
    REGRESSION,
    ROLLED_BACK,
    ROLLBACK_FAILED,
    COMPLETED,
    RETENTION_ENDING,
    ERROR
  }
}
