package dev.sluice.gates.look;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Judgement;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.plan.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the checks of one metric together: from findings to verdicts with a sentence. */
final class Checks {
  private final Metric metric;
  private final Observed observed;
  private final long absentLooks;
  private final Duration every;
  private final List<Check> all = new ArrayList<>();

  /**
   * @param every distance of two looks
   */
  Checks(Metric metric, Observed observed, long absentLooks, Duration every) {
    this.metric = metric;
    this.observed = observed;
    this.absentLooks = absentLooks;
    this.every = every;
  }

  List<Check> all() {
    return List.copyOf(all);
  }

  void statistical(String id, Check.Kind kind, Judgement judgement) {
    Finding finding = judgement.findings().get(id);
    if (finding == null) {
      return;
    }
    boolean named = judgement.harm() && judgement.culprits().contains(id);
    Optional<Ahead> ahead =
        kind == Check.Kind.BASELINE
            ? Optional.ofNullable(judgement.ahead().get(id))
            : Optional.empty();
    add(id, kind, verdict(finding, named, judgement), finding, ahead);
  }

  void threshold(String id, Check.Kind kind, boolean broken, Finding finding) {
    add(id, kind, verdict(broken, finding), finding, Optional.empty());
  }

  /** A bound that was proven broken stays so until a reading lies within it again. */
  private Verdict verdict(boolean broken, Finding finding) {
    if (absent() || noData(finding)) {
      return Verdict.NO_DATA;
    }
    return switch (finding) {
      case Finding.Insufficient f -> broken ? Verdict.FAIL : Verdict.INCONCLUSIVE;
      case Finding.Comparison c -> broken ? Verdict.FAIL : Verdict.PASS;
    };
  }

  private void add(
      String id, Check.Kind kind, Verdict verdict, Finding finding, Optional<Ahead> ahead) {
    String sentence =
        verdict == Verdict.NO_DATA && observed instanceof Observed.Absent absent
            ? metric.common().title() + ": " + absent.detail()
            : new Sentences(metric, kind).of(verdict, finding)
                + new Remaining(metric, every).of(verdict, finding, ahead);
    all.add(
        new Check(
            id,
            metric.id(),
            metric.common().title(),
            metric.role(),
            kind,
            verdict,
            sentence,
            finding,
            enough(finding),
            absentLooks,
            ahead));
  }

  /**
   * A guardrail fails when the joint evidence is confirmed and names it, and then for good. A
   * signal fails while its own evidence stands, so that the step goes on when it recovers.
   */
  private Verdict verdict(Finding finding, boolean named, Judgement judgement) {
    if (absent() || noData(finding)) {
      return Verdict.NO_DATA;
    }
    return switch (finding) {
      case Finding.Insufficient f -> Verdict.INCONCLUSIVE;
      case Finding.Comparison c -> {
        boolean stands = c.logHarm() >= judgement.threshold();
        boolean fails = metric.role() == Metric.Role.GUARDRAIL ? named : stands;
        yield fails ? Verdict.FAIL : c.safe() && !stands ? Verdict.PASS : Verdict.INCONCLUSIVE;
      }
    };
  }

  private boolean noData(Finding finding) {
    return observed instanceof Observed.Seen
        && finding instanceof Finding.Insufficient i
        && i.shortage() == Finding.Shortage.NO_DATA;
  }

  /**
   * A look in which the canary happened to get no request says nothing; a run of them is an
   * absence.
   */
  private boolean absent() {
    return observed instanceof Observed.Absent a
        && (a.why() != Absence.NO_TRAFFIC || absentLooks > Evidence.THIN_LOOKS);
  }

  private boolean enough(Finding finding) {
    return finding instanceof Finding.Comparison c
        && (metric.common().minSamples().isEmpty()
            || c.canarySize() >= metric.common().minSamples().getAsLong());
  }
}
