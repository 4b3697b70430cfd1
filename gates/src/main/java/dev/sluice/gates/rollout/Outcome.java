package dev.sluice.gates.rollout;

import java.util.List;

/** The decider's answer to a command. */
public sealed interface Outcome {

  /**
   * @param events possibly none: the command changes nothing (a repeated confirmation, say)
   */
  record Accepted(List<Event> events) implements Outcome {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  record Refused(Rejection rejection) implements Outcome {}
}
