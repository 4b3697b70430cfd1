package dev.sluice.service.http.controllers;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.view.Advice;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The answer to controllers that read a body: flat and small, because they keep it.
 *
 * @param decision promote, continue, pause or rollback
 * @param summary one sentence
 * @param percent the share of users that is open to the canary
 * @param evaluatedAt end of the newest data behind it
 */
public record Advised(
    String decision,
    String summary,
    String plan,
    Optional<String> rollout,
    Optional<String> step,
    OptionalDouble percent,
    Optional<Instant> evaluatedAt) {
  private static final int LONGEST = 400;

  public static Advised of(Rollout rollout, int step, Decider decider, Instant now) {
    Advice advice = Advice.of(rollout, step, decider, now);
    return new Advised(
        advice.word().text(),
        cut(advice.sentence()),
        rollout.plan().name(),
        Optional.of(rollout.id().value()),
        Optional.of(rollout.plan().steps().get(step).id()),
        OptionalDouble.of(rollout.applied().percent()),
        rollout.lastAssessment().map(Assessment::window).map(w -> w.to()));
  }

  /** There is nothing yet that could be judged: whoever asks has to wait. */
  public static Advised waiting(String plan, String why) {
    return new Advised(
        Advice.Word.PAUSE.text(),
        cut(why),
        plan,
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty());
  }

  private static String cut(String sentence) {
    String line = sentence.replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
  }
}
