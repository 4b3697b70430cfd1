package dev.sluice.service.analysis;

import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Takes the looks of a comparison one after another, as a rollout would have taken them at the
 * time, and says what came of it. The answer is the one a rollout would have got: looking often
 * costs no certainty, and when an alarm would have come is known too.
 */
public sealed interface Analysis {

  /**
   * @param looks what each look said, in order, at least one
   */
  record Concluded(Comparison comparison, List<Assessment> looks) implements Analysis {
    public Concluded {
      looks = List.copyOf(looks);
    }

    public Assessment last() {
      return looks.getLast();
    }

    /** The end of the first look at which a rollout would have been rolled back. */
    public Optional<Instant> alarmAt() {
      return looks.stream()
          .filter(a -> a.harm() || a.checks().stream().anyMatch(this::broken))
          .findFirst()
          .map(a -> a.window().to());
    }

    public Answer answer() {
      if (alarmAt().isPresent()) {
        return Answer.WORSE;
      }
      if (judged().anyMatch(c -> c.verdict() == Verdict.NO_DATA)) {
        return Answer.NO_DATA;
      }
      return judged().allMatch(c -> c.verdict() == Verdict.PASS) ? Answer.SAFE : Answer.UNCLEAR;
    }

    /** What was found, in one sentence. */
    public String sentence() {
      return switch (answer()) {
        case WORSE -> "Worse: " + titles(this::guilty) + ".";
        case SAFE -> "Proven safe: " + titles(c -> true) + ".";
        case UNCLEAR ->
            "Nothing was found to be worse; unclear: "
                + titles(c -> c.verdict() != Verdict.PASS)
                + ".";
        case NO_DATA -> "No data: " + titles(c -> c.verdict() == Verdict.NO_DATA) + ".";
      };
    }

    /** A limit that was broken for a while is as good a reason as a regression that stays. */
    private boolean guilty(Check check) {
      return last().culprits().contains(check.id())
          || looks.stream()
              .flatMap(a -> a.checks().stream())
              .anyMatch(c -> c.id().equals(check.id()) && broken(c));
    }

    private boolean broken(Check check) {
      return decides(check) && check.verdict() == Verdict.FAIL;
    }

    private Stream<Check> judged() {
      return last().checks().stream().filter(this::decides);
    }

    /** Guardrails decide; where the step has none, all its metrics do. */
    private boolean decides(Check check) {
      boolean guarded =
          comparison.plan().metrics().stream().anyMatch(m -> m.role() == Metric.Role.GUARDRAIL);
      return !guarded || check.role() == Metric.Role.GUARDRAIL;
    }

    private String titles(Predicate<Check> which) {
      List<String> titles = judged().filter(which).map(Check::title).distinct().toList();
      return titles.isEmpty() ? "the metrics together" : String.join(", ", titles);
    }
  }

  /**
   * The metrics system does not answer.
   *
   * @param look from 1
   */
  record Lost(long look, String detail) implements Analysis {}

  /** What came of it. */
  enum Answer {
    /** All that decides is proven no worse than its tolerance. */
    SAFE,
    /** Something that decides is proven worse, or went beyond its limit. */
    WORSE,
    /** Neither. */
    UNCLEAR,
    /** Something that decides had no data in the end. */
    NO_DATA
  }

  /**
   * @param ask the metrics system
   * @param progress told the number of looks taken, after each of them
   */
  static Analysis of(
      Comparison comparison, Function<Question, Observations> ask, LongConsumer progress) {
    Evidence evidence = Evidence.start(comparison.plan());
    comparison.history().map(ask).filter(o -> !o.sourceLost()).ifPresent(evidence::learn);
    List<Assessment> looks = new ArrayList<>();
    for (long look = 1; look <= comparison.looks(); look++) {
      Observations seen = ask.apply(comparison.question(look));
      if (seen.sourceLost()) {
        return new Lost(look, detail(seen));
      }
      looks.add(evidence.look(comparison.step(), look == 1, false, seen));
      progress.accept(look);
    }
    return new Concluded(comparison, looks);
  }

  private static String detail(Observations lost) {
    return lost.metrics().values().stream()
        .flatMap(o -> o instanceof Observed.Absent a ? Stream.of(a.detail()) : Stream.empty())
        .sorted()
        .findFirst()
        .orElse("The metrics source does not answer.");
  }
}
