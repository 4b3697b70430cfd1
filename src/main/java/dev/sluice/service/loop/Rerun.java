package dev.sluice.service.loop;

import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.loop.Rejudged.Outcome;
import dev.sluice.service.store.LookTrace;
import dev.sluice.service.store.RolloutStore.Recorded;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Judges the looks of a rollout again, in order, from what the metrics system says of them today,
 * and compares each verdict with the one that was written down. Writes nothing.
 *
 * <p>Each look rests on the ones before, so the first that differs ends it: what follows could not
 * be the same. Of the past only a page of events is in memory at a time.
 */
final class Rerun {
  private static final int PAGE = 200;

  private final Looks looks;
  private final Ledger ledger;
  private final RolloutId id;
  private final Predicate<Rejudged> told;
  private Optional<Rollout> state = Optional.empty();
  private Optional<Evidence> evidence = Optional.empty();

  /**
   * @param told of every look in turn; says whether to go on
   */
  Rerun(Looks looks, Ledger ledger, RolloutId id, Predicate<Rejudged> told) {
    this.looks = looks;
    this.ledger = ledger;
    this.id = id;
    this.told = told;
  }

  private record Past(Rollout before, Event.LookTaken taken) {}

  /** Completes after the last look, or after the first that differs. */
  Future<Void> run() {
    return ledger.load(id).compose(known -> page(known.rollout(), 0));
  }

  private Future<Void> page(Rollout newest, long after) {
    return ledger
        .events(id, after, PAGE)
        .compose(
            page -> {
              List<Past> past = fold(newest, page);
              return traced(past)
                  .compose(traces -> each(past, 0, traces))
                  .compose(
                      goOn ->
                          goOn && page.size() == PAGE
                              ? page(newest, page.getLast().version())
                              : Future.succeededFuture());
            });
  }

  private List<Past> fold(Rollout newest, List<Recorded> page) {
    List<Past> past = new ArrayList<>();
    for (Recorded recorded : page) {
      if (recorded.event() instanceof Event.Started started) {
        state = Optional.of(Evolution.begin(id, newest.plan(), started));
        evidence = Optional.of(Evidence.start(newest.plan()));
        continue;
      }
      Rollout before = state.orElseThrow(() -> new IllegalStateException("no start of " + id));
      if (recorded.event() instanceof Event.LookTaken taken) {
        past.add(new Past(before, taken));
      }
      state = Optional.of(Evolution.evolve(before, recorded.event()));
    }
    return past;
  }

  private Future<Map<Long, LookTrace>> traced(List<Past> past) {
    if (past.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return ledger
        .traces(id, past.getFirst().taken().look() - 1, past.size())
        .map(all -> all.stream().collect(Collectors.toMap(LookTrace::look, trace -> trace)));
  }

  private Future<Boolean> each(List<Past> past, int index, Map<Long, LookTrace> traces) {
    if (index == past.size()) {
      return Future.succeededFuture(true);
    }
    Past one = past.get(index);
    Looks.Peek peek = Looks.Peek.next(one.before());
    return looks
        .fetch(peek)
        .map(answer -> judge(one, peek, answer, Optional.ofNullable(traces.get(peek.number()))))
        .compose(
            rejudged ->
                told.test(rejudged) && rejudged.same()
                    ? each(past, index + 1, traces)
                    : Future.succeededFuture(false));
  }

  private Rejudged judge(
      Past past, Looks.Peek peek, Looks.Answer answer, Optional<LookTrace> trace) {
    if (answer.observations().sourceLost()) {
      return of(
          past,
          Outcome.SOURCE_LOST,
          "The metrics source " + peek.question().source() + " cannot be asked now.");
    }
    Assessment anew = Looks.assess(past.before(), evidence.orElseThrow(), peek, answer);
    boolean same = SluiceJson.write(anew).equals(SluiceJson.write(past.taken().assessment()));
    return trace
        .map(then -> compared(past, same, then, Traces.of(past.before(), peek, answer), answer))
        .orElseGet(
            () ->
                same
                    ? of(past, Outcome.SAME, "The same verdict; no digests were kept of its data.")
                    : of(
                        past,
                        Outcome.UNTRACED,
                        "Another verdict. No digests were kept of the data of this look, so"
                            + " whether data or version changed cannot be told."));
  }

  private static Rejudged compared(
      Past past, boolean same, LookTrace then, LookTrace now, Looks.Answer answer) {
    if (!then.plan().equals(now.plan())) {
      return of(past, Outcome.PLAN_CHANGED, "The stored plan is not the one that was judged by.");
    }
    if (then.judge() != now.judge()) {
      return of(
          past,
          Outcome.OTHER_JUDGE,
          "It was judged by version %d of the statistics; this is version %d."
              .formatted(then.judge(), now.judge()));
    }
    List<String> changed = changed(then, now);
    if (!changed.isEmpty()) {
      return data(past, changed, then.queries().equals(now.queries()), answer);
    }
    return same
        ? of(past, Outcome.SAME, "The same data, the same verdict.")
        : of(
            past,
            Outcome.OTHER_VERDICT,
            "The same plan, version and data, and another verdict: please report this.");
  }

  private static Rejudged data(
      Past past, List<String> changed, boolean sameQueries, Looks.Answer answer) {
    String names = String.join(", ", changed);
    if (!sameQueries) {
      return of(
          past,
          Outcome.OTHER_QUERIES,
          "This version asks in other words than the one that took the look: " + names + ".");
    }
    boolean gone = changed.stream().allMatch(name -> absent(name, answer));
    return gone
        ? of(
            past,
            Outcome.DATA_GONE,
            "The metrics system has no data of it any more: " + names + ".")
        : of(
            past,
            Outcome.DATA_CHANGED,
            "The metrics system says something else than it did then: " + names + ".");
  }

  private static boolean absent(String name, Looks.Answer answer) {
    return switch (name) {
      case Traces.TRAFFIC ->
          answer.observations().traffic() instanceof Observations.Traffic.Unknown;
      case Traces.HISTORY -> answer.history().stream().allMatch(Optional::isEmpty);
      default -> !(answer.observations().metrics().get(name) instanceof Observed.Seen);
    };
  }

  private static List<String> changed(LookTrace then, LookTrace now) {
    TreeSet<String> names = new TreeSet<>(then.samples().keySet());
    names.addAll(now.samples().keySet());
    names.removeIf(
        name ->
            Optional.ofNullable(then.samples().get(name))
                .equals(Optional.ofNullable(now.samples().get(name))));
    return List.copyOf(names);
  }

  private static Rejudged of(Past past, Outcome outcome, String sentence) {
    Window window = past.taken().assessment().window();
    return new Rejudged(past.taken().look(), window.from(), window.to(), outcome, sentence);
  }
}
