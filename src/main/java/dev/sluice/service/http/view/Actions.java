package dev.sluice.service.http.view;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outcome;
import dev.sluice.gates.rollout.Rejection;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.view.RolloutView.ActionView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What can be asked of a rollout now, and why not: the decider itself is asked, with a command that
 * is never carried out, so that page and rule cannot drift apart.
 */
final class Actions {
  private static final Actor SOMEBODY = Actor.person("somebody");

  private final Decider decider;
  private final Rollout rollout;

  Actions(Decider decider, Rollout rollout) {
    this.decider = decider;
    this.rollout = rollout;
  }

  /**
   * @param denied why the one who asks may not do it at all
   */
  List<ActionView> views(Function<Verb, Optional<String>> denied) {
    return Stream.of(Verb.values())
        .map(
            verb ->
                denied
                    .apply(verb)
                    .map(why -> new ActionView(verb.word(), false, false, Optional.of(why)))
                    .orElseGet(() -> view(verb)))
        .toList();
  }

  private ActionView view(Verb verb) {
    return switch (decide(verb)) {
      case Outcome.Accepted a -> new ActionView(verb.word(), true, false, useless(verb, a));
      case Outcome.Refused r -> {
        boolean needsReason = r.rejection().code() == Rejection.Code.REASON_MISSING;
        yield new ActionView(
            verb.word(), needsReason, needsReason, Optional.of(r.rejection().sentence()));
      }
    };
  }

  private Outcome decide(Verb verb) {
    Command command = verb.command(SOMEBODY, "", Duration.ofHours(1));
    return decider.decide(rollout, command, rollout.updatedAt());
  }

  /** An accepted command that changes nothing is said to be one. */
  private static Optional<String> useless(Verb verb, Outcome.Accepted accepted) {
    List<Event> events = accepted.events();
    return events.isEmpty()
        ? Optional.of("It is " + verb.done() + " already; asking again changes nothing.")
        : Optional.empty();
  }
}
