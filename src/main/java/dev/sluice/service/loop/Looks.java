package dev.sluice.service.loop;

import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Questions;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.metrics.MetricSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look: ask, fetch, assess, decide, commit. What it asks depends on the plan, the state and the
 * look's number alone, and what it concludes on the answers: the same look taken late, or twice
 * because we died before it was written, comes to the same verdict.
 */
final class Looks {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

  /** Sources keep deadlines of their own; this is for one that does not. */
  private static final Duration SOURCE_LIMIT = Duration.ofMinutes(5);

  private final Map<String, MetricSource> sources;
  private final Turns turns;
  private final Home home;
  private final Ledger ledger;

  Looks(Map<String, MetricSource> sources, Turns turns, Home home, Ledger ledger) {
    this.sources = sources;
    this.turns = turns;
    this.home = home;
    this.ledger = ledger;
  }

  /** How a look ended. */
  sealed interface Result {
    /** Where things stand now. */
    Knowledge knowledge();

    /**
     * @param dueAt when it could have been taken at the earliest
     */
    record Taken(Knowledge knowledge, Instant dueAt) implements Result {}

    /** The metrics system does not answer: the same look is to be taken later. */
    record Lost(Knowledge knowledge) implements Result {}

    /** Somebody else moved the rollout on meanwhile; there was nothing left to look at. */
    record Overtaken(Knowledge knowledge) implements Result {}
  }

  /** A look that is about to be taken, as plan and state have it. */
  record Peek(long number, Question question, List<Question> history) {
    static Peek next(Rollout rollout) {
      long number = rollout.looks() + 1;
      Window window = Window.ofLook(rollout.startedAt(), rollout.plan().source().every(), number);
      return new Peek(
          number,
          Questions.of(rollout.plan(), rollout.step(), window),
          number == 1 ? Questions.ofHistory(rollout.plan(), rollout.startedAt()) : List.of());
    }
  }

  /**
   * @param history the answers to the questions of history, in their order; absent where there was
   *     none
   */
  record Answer(Observations observations, List<Optional<Observations>> history) {}

  /**
   * Takes the next look of this rollout.
   *
   * @param vain how often in a row the metrics system could not be asked before
   */
  Future<Result> take(Knowledge known, int vain) {
    return known.unreadable().isPresent()
        ? new Replay(this, ledger)
            .renew(known)
            .compose(
                renewed ->
                    renewed.<Future<Result>>map(Looks::done).orElseGet(() -> gone(known, vain)))
        : take(known, vain, 1);
  }

  private static Future<Result> done(Knowledge renewed) {
    return Future.succeededFuture(new Result.Overtaken(renewed));
  }

  private Future<Result> take(Knowledge known, int vain, int attempt) {
    Peek peek = Peek.next(known.rollout());
    return fetch(peek).compose(answer -> conclude(known, peek, answer, vain, attempt));
  }

  Future<Answer> fetch(Peek peek) {
    // Begun before the look's own question, so that it does not wait behind it.
    List<Future<Optional<Observations>>> history =
        peek.history().stream().map(this::askHistory).toList();
    Future<Observations> observations = ask(peek.question());
    return observations.compose(
        seen ->
            Future.all(history)
                .map(done -> new Answer(seen, history.stream().map(Future::result).toList())));
  }

  /** The rollout is judged without what the past does not say; nothing of it may stop a look. */
  private Future<Optional<Observations>> askHistory(Question question) {
    return ask(question)
        .map(Optional::of)
        .otherwise(
            failure -> {
              LOG.warn("The time before a rollout could not be read", failure);
              return Optional.empty();
            });
  }

  private Future<Observations> ask(Question question) {
    if (question.metrics().isEmpty() && question.exposure().isEmpty()) {
      return Future.succeededFuture(
          new Observations(
              question.window(), Map.of(), new Observations.Traffic.NotAsked(), List.of()));
    }
    MetricSource source = sources.get(question.source());
    if (source == null) {
      return Future.failedFuture(
          new IllegalStateException(
              "the server no longer knows the metrics source '"
                  + question.source()
                  + "': put it back into the configuration"));
    }
    return turns.take(
        question.source(),
        () ->
            home.bring(
                "The answer of " + question.source(), SOURCE_LIMIT, () -> source.ask(question)));
  }

  private Future<Result> conclude(
      Knowledge known, Peek peek, Answer answer, int vain, int attempt) {
    if (answer.observations().sourceLost()) {
      return lose(known, detail(peek, answer), vain);
    }
    return early(peek, answer)
        .compose(
            early ->
                early.isPresent()
                    ? lose(known, early.get(), vain)
                    : judge(known, peek, answer)
                        .recover(
                            Ledger.onConflict(
                                attempt, () -> again(known, peek, answer, vain, attempt + 1))));
  }

  /**
   * Why the look cannot be taken yet, where by the metrics system's own clock its window has not
   * ended: ours is ahead, and what has not happened yet must not be taken for what is missing.
   */
  private Future<Optional<String>> early(Peek peek, Answer answer) {
    Window window = answer.observations().window();
    MetricSource source = sources.get(peek.question().source());
    if (source == null || !missesSomething(answer.observations())) {
      return Future.succeededFuture(Optional.empty());
    }
    return home.bring("The clock of " + peek.question().source(), SOURCE_LIMIT, source::time)
        .otherwise(Optional.empty())
        .map(
            time ->
                time.filter(there -> there.isBefore(window.to()))
                    .map(
                        there ->
                            "By the clock of "
                                + peek.question().source()
                                + " it is "
                                + there
                                + ", and this look ends at "
                                + window.to()
                                + ": set the clock of the machine that Sluice runs on."));
  }

  private static boolean missesSomething(Observations observations) {
    return observations.traffic() instanceof Observations.Traffic.Unknown
        || observations.metrics().values().stream().anyMatch(Observed.Absent.class::isInstance);
  }

  /** Said once; the attempts that follow count how long nobody sees anything. */
  private Future<Result> lose(Knowledge known, String detail, int vain) {
    if (known.rollout().blindSince().isEmpty()) {
      LOG.warn("Rollout {} cannot be looked at now: {}", known.rollout().id(), detail);
    }
    return ledger
        .tell(known.rollout().id(), new Command.LoseSource(detail, vain + 1))
        .compose(
            after ->
                after.version() == known.rollout().version()
                    ? Future.succeededFuture(known)
                    : ledger.load(after.id()))
        .map(Result.Lost::new);
  }

  private Future<Result> gone(Knowledge known, int vain) {
    return lose(
        known,
        "The evidence must be made anew, and the metrics source "
            + known.rollout().plan().source().prometheus()
            + " does not answer.",
        vain);
  }

  /** What the first metric of the plan says, so that the same trouble has the same words. */
  private static String detail(Peek peek, Answer answer) {
    Map<String, Observed> metrics = answer.observations().metrics();
    for (Question.OfMetric asked : peek.question().metrics()) {
      if (metrics.get(asked.metric().id()) instanceof Observed.Absent absent) {
        return absent.detail();
      }
    }
    return answer.observations().traffic() instanceof Observations.Traffic.Unknown unknown
        ? unknown.detail()
        : "The metrics source " + peek.question().source() + " does not answer.";
  }

  private Future<Result> judge(Knowledge known, Peek peek, Answer answer) {
    Rollout rollout = known.rollout();
    Evidence evidence = known.evidence();
    Assessment assessment = assess(rollout, evidence, peek, answer);
    return ledger
        .write(
            rollout,
            new Command.TakeLook(peek.number(), assessment),
            Optional.of(evidence),
            Optional.of(Traces.of(rollout, peek, answer)))
        .map(after -> new Result.Taken(known.with(after), rollout.nextLookDue()));
  }

  /**
   * What a look says, with what was pushed beside what was asked.
   *
   * @param rollout the state before it
   * @param evidence takes the look in
   */
  static Assessment assess(Rollout rollout, Evidence evidence, Peek peek, Answer answer) {
    for (int i = 0; i < peek.history().size(); i++) {
      evidence.learn(peek.history().get(i), answer.history().get(i));
    }
    Observations observations =
        rollout.pushed().beside(rollout.step(), rollout.plan(), answer.observations());
    Window window = observations.window();
    boolean covered =
        rollout.appliedAt().filter(applied -> !applied.isAfter(window.from())).isPresent();
    return evidence.look(
        rollout.step(), covered && rollout.stepLooks() == 0, covered, observations);
  }

  /**
   * Somebody else wrote while we looked. Where the question is still the same, so is the answer;
   * where it is not (another step, or the look was taken already), it has to be asked anew.
   */
  private Future<Result> again(Knowledge stale, Peek peek, Answer answer, int vain, int attempt) {
    return ledger
        .load(stale.rollout().id())
        .compose(
            fresh -> {
              Rollout rollout = fresh.rollout();
              if (!rollout.stage().watched() || rollout.looks() >= peek.number()) {
                return Future.succeededFuture(new Result.Overtaken(fresh));
              }
              Peek now = Peek.next(rollout);
              return now.question().equals(peek.question())
                  ? conclude(fresh, peek, answer, vain, attempt)
                  : take(fresh, vain, attempt);
            });
  }
}
