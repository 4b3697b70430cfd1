package dev.sluice.service.http.view;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Footing;
import dev.sluice.gates.look.Lesson;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Drift;
import dev.sluice.gates.rollout.Proposal;
import dev.sluice.gates.rollout.Readiness;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.view.RolloutView.ActorView;
import dev.sluice.service.http.view.RolloutView.DecisionView;
import dev.sluice.service.http.view.RolloutView.DriftView;
import dev.sluice.service.http.view.RolloutView.EvidenceView;
import dev.sluice.service.http.view.RolloutView.ExposureView;
import dev.sluice.service.http.view.RolloutView.FootingView;
import dev.sluice.service.http.view.RolloutView.LookView;
import dev.sluice.service.http.view.RolloutView.ProposalView;
import dev.sluice.service.http.view.RolloutView.ReadinessView;
import dev.sluice.service.http.view.RolloutView.StepNowView;
import dev.sluice.service.http.view.RolloutView.StepView;
import dev.sluice.service.http.view.RolloutView.TroubleView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes the view of a rollout. It depends on the rollout and on who asks, and on no clock: the same
 * version gives the same view, so the version is an honest ETag.
 */
public final class RolloutViews {
  private final Decider decider;

  /**
   * @param decider asked which commands would be accepted
   */
  public RolloutViews(Decider decider) {
    this.decider = decider;
  }

  /**
   * @param denied why the one who asks may not use a verb at all; empty where they may
   */
  public RolloutView view(Rollout rollout, Function<Verb, Optional<String>> denied) {
    Plan plan = rollout.plan();
    Headline headline = new Headline(rollout);
    return new RolloutView(
        rollout.id().value(),
        rollout.version(),
        Words.state(rollout.stage()),
        rollout.ended(),
        headline.sentence(),
        headline.why(),
        headline.clock(),
        plan.name(),
        plan.hash(),
        plan.description(),
        plan.owner(),
        new TreeMap<>(plan.links()),
        plan.policy().dryRun(),
        plan.policy().falseAlarm(),
        rollout.startedAt(),
        actor(rollout.startedBy()),
        rollout.updatedAt(),
        stepNow(rollout),
        steps(rollout),
        exposure(rollout),
        look(rollout),
        checks(rollout),
        rollout.lastAssessment().map(RolloutViews::evidence),
        rollout.lastAssessment().flatMap(RolloutViews::trouble),
        footing(rollout),
        rollout.blindSince(),
        List.copyOf(new TreeSet<>(rollout.waived())),
        rollout.lastDecision().map(RolloutViews::decision),
        !rollout.ended() && rollout.backIsReady(),
        readyUntil(rollout),
        rollout.readiness().filter(r -> !rollout.ended()).map(RolloutViews::readiness),
        rollout.proposal().map(RolloutViews::proposal),
        rollout.drift().map(RolloutViews::drift),
        new Actions(decider, rollout).views(denied));
  }

  private static StepNowView stepNow(Rollout rollout) {
    Step step = rollout.step();
    return new StepNowView(
        step.id(),
        rollout.stepIndex() + 1,
        rollout.plan().steps().size(),
        rollout.stepEnteredAt(),
        rollout.appliedAt(),
        seconds(rollout.dwell()),
        seconds(rollout.atLeast()),
        rollout.deadline());
  }

  private static List<StepView> steps(Rollout rollout) {
    List<StepView> views = new ArrayList<>();
    for (int i = 0; i < rollout.plan().steps().size(); i++) {
      Step step = rollout.plan().steps().get(i);
      views.add(
          new StepView(
              step.id(),
              Words.of(step.kind()),
              step.exposure().percent(),
              place(rollout, i),
              seconds(step.atLeast()),
              step.atMost().map(m -> OptionalDouble.of(seconds(m))).orElse(OptionalDouble.empty()),
              Words.of(step.advanceWhen())));
    }
    return views;
  }

  private static String place(Rollout rollout, int index) {
    if (index > rollout.stepIndex()) {
      return "next";
    }
    boolean passed = index < rollout.stepIndex() || rollout.stage() instanceof Stage.Completed;
    return passed ? "done" : rollout.ended() ? "stopped" : "now";
  }

  private static ExposureView exposure(Rollout rollout) {
    return new ExposureView(
        rollout.desired().percent(),
        rollout.applied().percent(),
        rollout
            .lastAssessment()
            .flatMap(Assessment::observedShare)
            .map(share -> Checks.finite(share * 100))
            .orElse(OptionalDouble.empty()));
  }

  private static LookView look(Rollout rollout) {
    return new LookView(
        rollout.looks(),
        seconds(rollout.plan().source().every()),
        rollout.lastAssessment().map(a -> a.window().from()),
        rollout.lastAssessment().map(a -> a.window().to()),
        rollout.upcomingLook());
  }

  private static List<CheckView> checks(Rollout rollout) {
    return rollout.lastAssessment().map(Assessment::checks).orElse(List.of()).stream()
        .map(check -> Checks.view(check, rollout.plan(), rollout.step(), rollout.waived()))
        .toList();
  }

  private static List<FootingView> footing(Rollout rollout) {
    return rollout.lastAssessment().flatMap(Assessment::footing).stream()
        .flatMap(
            f -> Stream.of(remarks(f), lessons(rollout, f), controls(rollout, f)).flatMap(s -> s))
        .toList();
  }

  private static Stream<FootingView> remarks(Footing footing) {
    return footing.allRemarks().stream()
        .map(r -> new FootingView(r.metricId(), Words.of(r.kind()), true, r.sentence()));
  }

  private static Stream<FootingView> lessons(Rollout rollout, Footing footing) {
    return footing.lessons().stream()
        .map(
            l ->
                new FootingView(
                    Optional.of(l.metricId()),
                    switch (l) {
                      case Lesson.Shape s -> "shape";
                      case Lesson.Noise n -> "noise";
                      case Lesson.Nothing n -> "nothing";
                    },
                    false,
                    title(rollout, l.metricId()) + ": " + l.sentence()));
  }

  private static Stream<FootingView> controls(Rollout rollout, Footing footing) {
    return footing.controls().stream()
        .map(
            c ->
                new FootingView(
                    Optional.of(c.metricId()),
                    "control",
                    c.alarmed(),
                    title(rollout, c.metricId()) + ": " + c.sentence()));
  }

  private static String title(Rollout rollout, String metricId) {
    return rollout.plan().metric(metricId).common().title();
  }

  private static EvidenceView evidence(Assessment assessment) {
    return new EvidenceView(
        assessment.harm(),
        Checks.finite(assessment.logHarm()),
        Checks.finite(assessment.threshold()),
        assessment.culprits());
  }

  private static Optional<TroubleView> trouble(Assessment assessment) {
    return assessment.trafficTrouble().map(t -> new TroubleView(Words.of(t.kind()), t.sentence()));
  }

  static DecisionView decision(Decision decision) {
    return new DecisionView(
        decision.id(),
        decision.sequence(),
        Words.of(decision.kind()),
        Words.of(decision.reason().code()),
        decision.reason().sentence(),
        decision.stepId(),
        decision.from().percent(),
        decision.to().percent(),
        actor(decision.actor()),
        decision.forced(),
        decision.at());
  }

  static ActorView actor(Actor actor) {
    return new ActorView(Words.of(actor.kind()), actor.name());
  }

  /** The promise is about the calendar, from the moment at which everybody was on the canary. */
  static Optional<Instant> readyUntil(Rollout rollout) {
    return rollout.keptUntil();
  }

  private static ReadinessView readiness(Readiness readiness) {
    return new ReadinessView(
        readiness.ready(),
        readiness.reason(),
        readiness.since(),
        readiness.saidUntil(),
        actor(readiness.actor()));
  }

  private static ProposalView proposal(Proposal proposal) {
    return new ProposalView(
        Words.of(proposal.act()),
        actor(proposal.actor()),
        proposal.reason(),
        proposal.forced(),
        proposal.at(),
        proposal.at().plus(Proposal.LIFE));
  }

  private static DriftView drift(Drift drift) {
    return new DriftView(drift.seen().percent(), drift.detail(), drift.since());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
