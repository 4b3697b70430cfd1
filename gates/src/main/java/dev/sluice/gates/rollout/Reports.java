package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Observation;
import dev.sluice.gates.look.Pushes;
import dev.sluice.gates.plan.FlagTarget.OnDrift;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What others tell a rollout about the world. It is written down; looks draw the conclusions. */
final class Reports {
  /** Clocks of two machines differ; more than this is no difference but a mistake. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private Reports() {}

  /** Said again, it is not news; only how long it holds moves on. */
  static Outcome readiness(Decider.Story story, Command.ReportReadiness c) {
    if (!c.ready() && c.reason().isBlank()) {
      return refused(
          Rejection.Code.REASON_MISSING,
          "That the old system is not ready closes the way back: say why it is not.");
    }
    Instant now = story.now();
    Optional<Readiness> before = story.rollout().readiness();
    Readiness said =
        new Readiness(
            c.ready(),
            c.actor(),
            c.reason(),
            before.filter(b -> b.ready() == c.ready()).map(Readiness::since).orElse(now),
            c.validFor().map(now::plus));
    if (before.filter(b -> saysTheSame(b, said, now)).isEmpty()) {
      story.add(new Event.ReadinessChanged(said, now));
    }
    return story.accepted();
  }

  /** Half of its time must be gone before the same word, said again, is written down again. */
  private static boolean saysTheSame(Readiness before, Readiness said, Instant now) {
    boolean same = before.ready() == said.ready() && before.reason().equals(said.reason());
    if (!same || before.saidUntil().isPresent() != said.saidUntil().isPresent()) {
      return false;
    }
    return said.saidUntil()
        .map(
            until ->
                Duration.between(now, before.saidUntil().orElseThrow())
                        .compareTo(Duration.between(now, until).dividedBy(2))
                    > 0)
        .orElse(true);
  }

  /** While the flag is being moved, where it stands is no news. */
  static Outcome exposure(Decider.Story story, Command.ReportExposure c) {
    Rollout rollout = story.rollout();
    boolean still =
        switch (Evolution.beneath(rollout.stage())) {
          case Stage.Baking b -> true;
          case Stage.Held h -> true;
          case Stage.AwaitingApproval a -> true;
          case Stage.RetireReady r -> true;
          default -> false;
        };
    if (!still) {
      return story.accepted();
    }
    boolean asWanted = c.sameUsers() && c.seen().equals(rollout.applied());
    if (asWanted && rollout.drift().isPresent()) {
      story.add(new Event.DriftEnded(story.now()));
    } else if (!asWanted && rollout.drift().filter(d -> d.seen().equals(c.seen())).isEmpty()) {
      story.add(new Event.Drifted(c.seen(), c.detail(), story.now()));
      adoptOrHold(story, c);
    }
    return story.accepted();
  }

  /** Where the plan says so, what somebody else has set is where the rollout stands from now on. */
  private static void adoptOrHold(Decider.Story story, Command.ReportExposure c) {
    boolean adopt =
        story.rollout().plan().flag().filter(f -> f.onDrift() == OnDrift.ADOPT).isPresent();
    if (adopt && c.sameUsers()) {
      story.add(new Event.ExposureApplied(c.seen(), story.now()));
    } else {
      hold(story);
    }
  }

  /** Held at once: whoever moved the flag meant something by it. */
  private static void hold(Decider.Story story) {
    Rollout rollout = story.rollout();
    if (Evolution.beneath(rollout.stage()) instanceof Stage.Baking
        || Evolution.beneath(rollout.stage()) instanceof Stage.Held) {
      rollout
          .drift()
          .ifPresent(
              drift ->
                  story.add(new Event.HeldBack(Standing.drifted(rollout, drift), story.now())));
    }
  }

  static Outcome observe(Decider.Story story, Command.Observe c) {
    Rollout rollout = story.rollout();
    Set<String> sources = Pushes.sources(rollout.plan());
    for (Observation o : c.observations()) {
      if (!sources.contains(o.source())) {
        return refused(
            Rejection.Code.NOT_EXPECTED,
            "No metric of plan "
                + rollout.plan().name()
                + " is pushed by '"
                + o.source()
                + "'. "
                + (sources.isEmpty()
                    ? "It has no pushed metrics."
                    : "Known are " + String.join(", ", new TreeSet<>(sources)) + "."));
      }
      if (o.at().isAfter(story.now().plus(CLOCK_SKEW))) {
        return refused(
            Rejection.Code.NOT_EXPECTED,
            "Observation "
                + o.sequence()
                + " of "
                + o.source()
                + " is of "
                + o.at()
                + ", which is in the future: see to the clock of who pushes.");
      }
    }
    List<Observation> news = rollout.pushed().news(rollout.plan(), c.observations());
    if (!news.isEmpty()) {
      story.add(new Event.Observed(c.actor(), news, story.now()));
    }
    return story.accepted();
  }

  static Outcome evidence(Decider.Story story, Command.RenewEvidence c) {
    long looks = story.rollout().looks();
    story.add(new Event.EvidenceRenewed(c.cause(), c.replayed(), looks, story.now()));
    return story.accepted();
  }

  private static Outcome refused(Rejection.Code code, String sentence) {
    return new Outcome.Refused(new Rejection(code, sentence));
  }
}
