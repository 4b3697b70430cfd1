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
  private record Peek(long number, Question question, Optional<Question> history) {
    static Peek next(Rollout rollout) {
      long number = rollout.looks() + 1;
      Window window = Window.ofLook(rollout.startedAt(), rollout.plan().source().every(), number);
      return new Peek(
          number,
          Questions.of(rollout.plan(), rollout.step(), window),
          number == 1
              ? Questions.ofHistory(rollout.plan(), rollout.startedAt())
              : Optional.empty());
    }
  }

  private record Answer(Observations observations, Optional<Observations> history) {}

  /** Takes the next look of this rollout. */
  Future<Result> take(Knowledge known) {
    return take(known, 1);
  }

  private Future<Result> take(Knowledge known, int attempt) {
    Peek peek = Peek.next(known.rollout());
    return fetch(peek).compose(answer -> conclude(known, peek, answer, attempt));
  }

  private Future<Answer> fetch(Peek peek) {
    Future<Optional<Observations>> history =
        peek.history()
            .map(question -> ask(question).map(Optional::of).otherwise(Optional.empty()))
            .orElse(Future.succeededFuture(Optional.empty()));
    Future<Observations> observations = ask(peek.question());
    return observations.compose(seen -> history.map(before -> new Answer(seen, before)));
  }

  private Future<Observations> ask(Question question) {
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

  private Future<Result> conclude(Knowledge known, Peek peek, Answer answer, int attempt) {
    return answer.observations().sourceLost()
        ? lose(known, peek, answer)
        : judge(known, peek, answer)
            .recover(Ledger.onConflict(attempt, () -> again(known, peek, answer, attempt + 1)));
  }

  /** Said once; the attempts that follow find it said. */
  private Future<Result> lose(Knowledge known, Peek peek, Answer answer) {
    if (known.rollout().blindSince().isPresent()) {
      return Future.succeededFuture(new Result.Lost(known));
    }
    String detail = detail(peek, answer);
    LOG.warn("Rollout {} cannot be looked at now: {}", known.rollout().id(), detail);
    return ledger
        .tell(known.rollout().id(), new Command.LoseSource(detail))
        .compose(after -> ledger.load(after.id()))
        .map(Result.Lost::new);
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
    if (peek.number() == 1) {
      answer.history().ifPresent(evidence::learn);
    }
    Window window = answer.observations().window();
    boolean covered =
        rollout.appliedAt().filter(applied -> !applied.isAfter(window.from())).isPresent();
    Assessment assessment =
        evidence.look(
            rollout.step(), covered && rollout.stepLooks() == 0, covered, answer.observations());
    return ledger
        .write(rollout, new Command.TakeLook(peek.number(), assessment), Optional.of(evidence))
        .map(after -> new Result.Taken(known.with(after), rollout.nextLookDue()));
  }

  /**
   * Somebody else wrote while we looked. Where the question is still the same, so is the answer;
   * where it is not (another step, or the look was taken already), it has to be asked anew.
   */
  private Future<Result> again(Knowledge stale, Peek peek, Answer answer, int attempt) {
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
                  ? conclude(fresh, peek, answer, attempt)
                  : take(fresh, attempt);
            });
  }
}
