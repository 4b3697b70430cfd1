package dev.sluice.service.loop;

import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Makes evidence anew that cannot be read, because it is of another version of the judge: the looks
 * of the rollout are judged again, in order, from what the metrics system still knows of them. The
 * decisions stay as they were; what was harm only in the old evidence is found again, or is not
 * there any more and people are told from how many looks the new evidence is made.
 *
 * <p>While this goes on the rollout is not looked at, so it is bounded: the newest looks count.
 */
final class Replay {
  /** A day of looks at the usual distance. */
  static final int MOST_LOOKS = 3000;

  private static final int PAGE = 500;

  /** Asked together, judged one after the other. */
  private static final int TOGETHER = 8;

  private final Looks looks;
  private final Ledger ledger;

  Replay(Looks looks, Ledger ledger) {
    this.looks = looks;
    this.ledger = ledger;
  }

  /** The states before the newest looks. */
  private static final class Past {
    private final Deque<Rollout> before = new ArrayDeque<>();
    private Optional<Rollout> state = Optional.empty();

    void take(Rollout newest, Event event) {
      if (event instanceof Event.Started started) {
        state = Optional.of(Evolution.begin(newest.id(), newest.plan(), started));
        return;
      }
      Rollout now =
          state.orElseThrow(() -> new IllegalStateException("no start of " + newest.id()));
      if (event instanceof Event.LookTaken) {
        before.add(now);
        if (before.size() > MOST_LOOKS) {
          before.removeFirst();
        }
      }
      state = Optional.of(Evolution.evolve(now, event));
    }
  }

  /** With evidence that is written down; empty where the metrics system cannot be asked. */
  Future<Optional<Knowledge>> renew(Knowledge known) {
    Rollout rollout = known.rollout();
    return read(rollout, new Past(), 0)
        .compose(
            past ->
                judged(new ArrayList<>(past.before), 0, Evidence.start(rollout.plan()), 0L)
                    .compose(
                        made ->
                            made.isPresent()
                                ? write(known, made.get()).map(Optional::of)
                                : Future.succeededFuture(Optional.empty())));
  }

  private record Made(Evidence evidence, long replayed) {}

  private Future<Past> read(Rollout newest, Past past, long after) {
    return ledger
        .events(newest.id(), after, PAGE)
        .compose(
            page -> {
              for (RolloutStore.Recorded recorded : page) {
                if (recorded.version() <= newest.version()) {
                  past.take(newest, recorded.event());
                }
              }
              return page.size() < PAGE
                  ? Future.succeededFuture(past)
                  : read(newest, past, page.getLast().version());
            });
  }

  private Future<Optional<Made>> judged(
      List<Rollout> states, int from, Evidence evidence, long replayed) {
    if (from >= states.size()) {
      return Future.succeededFuture(Optional.of(new Made(evidence, replayed)));
    }
    List<Rollout> some = states.subList(from, Math.min(states.size(), from + TOGETHER));
    List<Looks.Peek> peeks = some.stream().map(Looks.Peek::next).toList();
    return Future.all(peeks.stream().map(looks::fetch).toList())
        .compose(
            all -> {
              List<Looks.Answer> answers = all.list();
              if (answers.stream().anyMatch(a -> a.observations().sourceLost())) {
                return Future.succeededFuture(Optional.empty());
              }
              long known = replayed;
              for (int i = 0; i < some.size(); i++) {
                Looks.assess(some.get(i), evidence, peeks.get(i), answers.get(i));
                known += knows(answers.get(i).observations()) ? 1 : 0;
              }
              return judged(states, from + some.size(), evidence, known);
            });
  }

  private static boolean knows(Observations observations) {
    return observations.metrics().values().stream().anyMatch(Observed.Seen.class::isInstance);
  }

  private Future<Knowledge> write(Knowledge known, Made made) {
    Command command =
        new Command.RenewEvidence(known.unreadable().orElse("unreadable"), made.replayed());
    return ledger
        .write(known.rollout(), command, Optional.of(made.evidence()))
        .map(after -> new Knowledge(after, made.evidence(), Optional.empty()));
  }
}
