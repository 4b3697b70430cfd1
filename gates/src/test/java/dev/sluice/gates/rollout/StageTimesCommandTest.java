package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.gates.look.Observation;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Step;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every state against every command: what happens is written down for each pair. */
class StageTimesCommandTest {
  private static final String BASIC =
      """
      Pending                 take look -> NOT_NOW
      Pending                 lose source -> nothing
      Pending                 confirm -> nothing
      Pending                 report not applied -> nothing
      Pending                 tick -> nothing
      Pending                 restarted -> nothing
      Pending                 restarted, plan says hold -> PausedBy
      Pending                 pause -> PausedBy
      Pending                 resume -> NOT_NOW
      Pending                 promote -> Decided StepEntered
      Pending                 promote without a reason -> REASON_MISSING
      Pending                 approve -> NOT_NOW
      Pending                 roll back -> Decided RollbackConfirmed
      Pending                 abort -> AbortedBy
      Pending                 abort without a reason -> REASON_MISSING
      Pending                 extend -> NOT_NOW
      Pending                 retire -> NOT_NOW
      Pending                 retire with a reason -> NOT_NOW
      Pending                 old is gone -> ReadinessChanged
      Pending                 flag is elsewhere -> nothing
      Pending                 observe -> Observed
      Pending                 renew evidence -> EvidenceRenewed
      Applying                take look -> LookTaken
      Applying                lose source -> SourceLost
      Applying                confirm -> ExposureApplied
      Applying                report not applied -> ExposureRefused
      Applying                tick -> nothing
      Applying                restarted -> nothing
      Applying                restarted, plan says hold -> PausedBy
      Applying                pause -> PausedBy
      Applying                resume -> NOT_NOW
      Applying                promote -> NOT_NOW
      Applying                promote without a reason -> NOT_NOW
      Applying                approve -> NOT_NOW
      Applying                roll back -> Decided
      Applying                abort -> AbortedBy
      Applying                abort without a reason -> REASON_MISSING
      Applying                extend -> NOT_NOW
      Applying                retire -> NOT_NOW
      Applying                retire with a reason -> NOT_NOW
      Applying                old is gone -> ReadinessChanged
      Applying                flag is elsewhere -> nothing
      Applying                observe -> Observed
      Applying                renew evidence -> EvidenceRenewed
      Baking                  take look -> LookTaken
      Baking                  lose source -> SourceLost
      Baking                  confirm -> nothing
      Baking                  report not applied -> nothing
      Baking                  tick -> nothing
      Baking                  restarted -> nothing
      Baking                  restarted, plan says hold -> PausedBy
      Baking                  pause -> PausedBy
      Baking                  resume -> NOT_NOW
      Baking                  promote -> Decided StepEntered
      Baking                  promote without a reason -> REASON_MISSING
      Baking                  approve -> NOT_NOW
      Baking                  roll back -> Decided
      Baking                  abort -> AbortedBy
      Baking                  abort without a reason -> REASON_MISSING
      Baking                  extend -> NOT_NOW
      Baking                  retire -> NOT_NOW
      Baking                  retire with a reason -> NOT_NOW
      Baking                  old is gone -> ReadinessChanged
      Baking                  flag is elsewhere -> Drifted HeldBack
      Baking                  observe -> Observed
      Baking                  renew evidence -> EvidenceRenewed
      Held                    take look -> LookTaken Released
      Held                    lose source -> SourceLost
      Held                    confirm -> nothing
      Held                    report not applied -> nothing
      Held                    tick -> nothing
      Held                    restarted -> nothing
      Held                    restarted, plan says hold -> PausedBy
      Held                    pause -> PausedBy
      Held                    resume -> NOT_NOW
      Held                    promote -> Decided StepEntered
      Held                    promote without a reason -> REASON_MISSING
      Held                    approve -> NOT_NOW
      Held                    roll back -> Decided
      Held                    abort -> AbortedBy
      Held                    abort without a reason -> REASON_MISSING
      Held                    extend -> NOT_NOW
      Held                    retire -> NOT_NOW
      Held                    retire with a reason -> NOT_NOW
      Held                    old is gone -> ReadinessChanged
      Held                    flag is elsewhere -> Drifted HeldBack
      Held                    observe -> Observed
      Held                    renew evidence -> EvidenceRenewed
      AwaitingApproval        take look -> LookTaken
      AwaitingApproval        lose source -> SourceLost
      AwaitingApproval        confirm -> nothing
      AwaitingApproval        report not applied -> nothing
      AwaitingApproval        tick -> nothing
      AwaitingApproval        restarted -> nothing
      AwaitingApproval        restarted, plan says hold -> PausedBy
      AwaitingApproval        pause -> PausedBy
      AwaitingApproval        resume -> NOT_NOW
      AwaitingApproval        promote -> Approved Decided StepEntered
      AwaitingApproval        promote without a reason -> Approved Decided StepEntered
      AwaitingApproval        approve -> Approved Decided StepEntered
      AwaitingApproval        roll back -> Decided
      AwaitingApproval        abort -> AbortedBy
      AwaitingApproval        abort without a reason -> REASON_MISSING
      AwaitingApproval        extend -> NOT_NOW
      AwaitingApproval        retire -> NOT_NOW
      AwaitingApproval        retire with a reason -> NOT_NOW
      AwaitingApproval        old is gone -> ReadinessChanged
      AwaitingApproval        flag is elsewhere -> Drifted
      AwaitingApproval        observe -> Observed
      AwaitingApproval        renew evidence -> EvidenceRenewed
      RetireReady             take look -> LookTaken
      RetireReady             lose source -> SourceLost
      RetireReady             confirm -> nothing
      RetireReady             report not applied -> nothing
      RetireReady             tick -> nothing
      RetireReady             restarted -> nothing
      RetireReady             restarted, plan says hold -> PausedBy
      RetireReady             pause -> PausedBy
      RetireReady             resume -> NOT_NOW
      RetireReady             promote -> NOT_NOW
      RetireReady             promote without a reason -> NOT_NOW
      RetireReady             approve -> NOT_NOW
      RetireReady             roll back -> Decided
      RetireReady             abort -> AbortedBy
      RetireReady             abort without a reason -> REASON_MISSING
      RetireReady             extend -> Extended
      RetireReady             retire -> Retired Decided Finished
      RetireReady             retire with a reason -> Retired Decided Finished
      RetireReady             old is gone -> ReadinessChanged
      RetireReady             flag is elsewhere -> Drifted
      RetireReady             observe -> Observed
      RetireReady             renew evidence -> EvidenceRenewed
      Paused                  take look -> LookTaken
      Paused                  lose source -> SourceLost
      Paused                  confirm -> nothing
      Paused                  report not applied -> nothing
      Paused                  tick -> nothing
      Paused                  restarted -> nothing
      Paused                  restarted, plan says hold -> nothing
      Paused                  pause -> nothing
      Paused                  resume -> ResumedBy
      Paused                  promote -> NOT_NOW
      Paused                  promote without a reason -> NOT_NOW
      Paused                  approve -> NOT_NOW
      Paused                  roll back -> Decided
      Paused                  abort -> AbortedBy
      Paused                  abort without a reason -> REASON_MISSING
      Paused                  extend -> NOT_NOW
      Paused                  retire -> NOT_NOW
      Paused                  retire with a reason -> NOT_NOW
      Paused                  old is gone -> ReadinessChanged
      Paused                  flag is elsewhere -> Drifted HeldBack
      Paused                  observe -> Observed
      Paused                  renew evidence -> EvidenceRenewed
      RollingBack             take look -> LookTaken
      RollingBack             lose source -> SourceLost
      RollingBack             confirm -> RollbackConfirmed
      RollingBack             report not applied -> nothing
      RollingBack             tick -> nothing
      RollingBack             restarted -> nothing
      RollingBack             restarted, plan says hold -> nothing
      RollingBack             pause -> NOT_NOW
      RollingBack             resume -> NOT_NOW
      RollingBack             promote -> NOT_NOW
      RollingBack             promote without a reason -> NOT_NOW
      RollingBack             approve -> NOT_NOW
      RollingBack             roll back -> nothing
      RollingBack             abort -> NOT_NOW
      RollingBack             abort without a reason -> NOT_NOW
      RollingBack             extend -> NOT_NOW
      RollingBack             retire -> NOT_NOW
      RollingBack             retire with a reason -> NOT_NOW
      RollingBack             old is gone -> ReadinessChanged
      RollingBack             flag is elsewhere -> nothing
      RollingBack             observe -> Observed
      RollingBack             renew evidence -> EvidenceRenewed
      RolledBack              take look -> ENDED
      RolledBack              lose source -> nothing
      RolledBack              confirm -> nothing
      RolledBack              report not applied -> nothing
      RolledBack              tick -> nothing
      RolledBack              restarted -> nothing
      RolledBack              restarted, plan says hold -> nothing
      RolledBack              pause -> ENDED
      RolledBack              resume -> ENDED
      RolledBack              promote -> ENDED
      RolledBack              promote without a reason -> ENDED
      RolledBack              approve -> ENDED
      RolledBack              roll back -> nothing
      RolledBack              abort -> ENDED
      RolledBack              abort without a reason -> ENDED
      RolledBack              extend -> ENDED
      RolledBack              retire -> ENDED
      RolledBack              retire with a reason -> ENDED
      RolledBack              old is gone -> ENDED
      RolledBack              flag is elsewhere -> nothing
      RolledBack              observe -> ENDED
      RolledBack              renew evidence -> nothing
      Completed               take look -> ENDED
      Completed               lose source -> nothing
      Completed               confirm -> nothing
      Completed               report not applied -> nothing
      Completed               tick -> nothing
      Completed               restarted -> nothing
      Completed               restarted, plan says hold -> nothing
      Completed               pause -> ENDED
      Completed               resume -> ENDED
      Completed               promote -> ENDED
      Completed               promote without a reason -> ENDED
      Completed               approve -> ENDED
      Completed               roll back -> ENDED
      Completed               abort -> ENDED
      Completed               abort without a reason -> ENDED
      Completed               extend -> ENDED
      Completed               retire -> ENDED
      Completed               retire with a reason -> ENDED
      Completed               old is gone -> ENDED
      Completed               flag is elsewhere -> nothing
      Completed               observe -> ENDED
      Completed               renew evidence -> nothing
      Aborted                 take look -> ENDED
      Aborted                 lose source -> nothing
      Aborted                 confirm -> nothing
      Aborted                 report not applied -> nothing
      Aborted                 tick -> nothing
      Aborted                 restarted -> nothing
      Aborted                 restarted, plan says hold -> nothing
      Aborted                 pause -> ENDED
      Aborted                 resume -> ENDED
      Aborted                 promote -> ENDED
      Aborted                 promote without a reason -> ENDED
      Aborted                 approve -> ENDED
      Aborted                 roll back -> ENDED
      Aborted                 abort -> ENDED
      Aborted                 abort without a reason -> ENDED
      Aborted                 extend -> ENDED
      Aborted                 retire -> ENDED
      Aborted                 retire with a reason -> ENDED
      Aborted                 old is gone -> ENDED
      Aborted                 flag is elsewhere -> nothing
      Aborted                 observe -> ENDED
      Aborted                 renew evidence -> nothing
      """;

  /** Wednesdays from ten to eleven; the journeys begin on a Monday at eight. */
  private static final List<ChangeWindow> RARELY =
      List.of(
          new ChangeWindow(
              DayOfWeek.WEDNESDAY, DayOfWeek.WEDNESDAY, LocalTime.of(10, 0), LocalTime.of(11, 0)));

  private static Journey brief(boolean holdAtRestart, Draft draft) {
    return Journey.of(
            draft
                .with(
                    d ->
                        d.metrics =
                            List.of(Draft.errors(), Draft.latency(), Draft.basket(), Draft.rows()))
                .with(
                    d ->
                        d.onRestart =
                            holdAtRestart
                                ? dev.sluice.gates.plan.Policy.OnRestart.HOLD
                                : dev.sluice.gates.plan.Policy.OnRestart.RESUME)
                .plan())
        .withAFlagSystemThatWaits();
  }

  private static Journey baking(boolean holdAtRestart, Draft draft) {
    return brief(holdAtRestart, draft).confirm();
  }

  private static Map<String, Supplier<Journey>> states(boolean hold) {
    Map<String, Supplier<Journey>> states = new LinkedHashMap<>();
    states.put("Pending", () -> brief(hold, Draft.brief().step(0, s -> s.windows = RARELY)));
    states.put("Applying", () -> brief(hold, Draft.brief()));
    states.put("Baking", () -> baking(hold, Draft.brief()));
    states.put(
        "Held", () -> baking(hold, Draft.brief()).looks(4, Reading.fine().absent("errors", 9)));
    states.put(
        "AwaitingApproval",
        () ->
            baking(hold, Draft.brief().step(0, s -> s.advanceWhen = Step.AdvanceWhen.APPROVED))
                .looks(12, Reading.fine()));
    states.put("RetireReady", () -> retaining(hold).looks(12, Reading.fine()));
    states.put(
        "Paused", () -> baking(hold, Draft.brief()).does(new Command.Pause(Journey.ANNA, "lunch")));
    states.put(
        "RollingBack",
        () -> baking(hold, Draft.brief()).does(new Command.RollBack(Journey.ANNA, "")));
    states.put(
        "RolledBack",
        () -> baking(hold, Draft.brief()).does(new Command.RollBack(Journey.ANNA, "")).confirm());
    states.put(
        "Completed",
        () -> {
          Draft draft = Draft.brief();
          draft.steps.removeLast();
          return baking(hold, draft).looks(12, Reading.fine());
        });
    states.put(
        "Aborted",
        () -> baking(hold, Draft.brief()).does(new Command.Abort(Journey.ANNA, "by mistake")));
    return states;
  }

  private static Journey retaining(boolean hold) {
    return baking(
        hold,
        Draft.empty()
            .step("users-100", Step.Kind.EXPOSE, 100, s -> s.atLeast = Duration.ofMinutes(2))
            .step("keep-old", Step.Kind.RETAIN, 100, s -> s.atLeast = Duration.ofMinutes(9)));
  }

  private static Map<String, Command> commands(Rollout rollout) {
    long sequence = rollout.decisions();
    Map<String, Command> commands = new LinkedHashMap<>();
    commands.put(
        "take look", new Command.TakeLook(rollout.looks() + 1, Reading.fine().of(rollout)));
    commands.put("lose source", new Command.LoseSource("connection refused", 1));
    commands.put("confirm", new Command.ConfirmApplied(sequence));
    commands.put("report not applied", new Command.ReportNotApplied(sequence, "HTTP 503"));
    commands.put("tick", new Command.Tick());
    commands.put("restarted", new Command.Restarted());
    commands.put("restarted, plan says hold", new Command.Restarted());
    commands.put("pause", new Command.Pause(Journey.ANNA, "lunch"));
    commands.put("resume", new Command.Resume(Journey.ANNA, ""));
    commands.put("promote", new Command.Promote(Journey.ANNA, "because"));
    commands.put("promote without a reason", new Command.Promote(Journey.ANNA, ""));
    commands.put("approve", new Command.Approve(Journey.ANNA, ""));
    commands.put("roll back", new Command.RollBack(Journey.ANNA, ""));
    commands.put("abort", new Command.Abort(Journey.ANNA, "because"));
    commands.put("abort without a reason", new Command.Abort(Journey.ANNA, " "));
    commands.put("extend", new Command.Extend(Journey.ANNA, "because", Duration.ofHours(1)));
    commands.put("retire", new Command.Retire(Journey.ANNA, ""));
    commands.put("retire with a reason", new Command.Retire(Journey.ANNA, "because"));
    commands.put(
        "old is gone",
        new Command.ReportReadiness(Journey.ANNA, false, "deleted", Optional.empty()));
    commands.put("flag is elsewhere", new Command.ReportExposure(new Exposure(33), "by hand"));
    commands.put("observe", new Command.Observe(Journey.ANNA, List.of(rows(rollout))));
    commands.put("renew evidence", new Command.RenewEvidence("another version", 0));
    return commands;
  }

  private static Observation rows(Rollout rollout) {
    return new Observation(
        "db-verify", 1, rollout.updatedAt(), Duration.ofMinutes(15), Map.of("rows", 0.0));
  }

  private static String outcome(Journey journey, Command command) {
    return switch (journey.tell(command)) {
      case Outcome.Refused r -> r.rejection().code().name();
      case Outcome.Accepted a ->
          a.events().isEmpty()
              ? "nothing"
              : a.events().stream()
                  .map(e -> e.getClass().getSimpleName())
                  .collect(Collectors.joining(" "));
    };
  }

  private static Journey journeyTo(String state, boolean holdsOnRestart) {
    return Objects.requireNonNull(states(holdsOnRestart).get(state), state).get();
  }

  @Test
  void theOutcomeOfEveryPairIsTheOneWrittenDown() {
    StringBuilder table = new StringBuilder();
    for (String state : states(false).keySet()) {
      for (String name : commands(journeyTo(state, false).rollout()).keySet()) {
        Journey journey = journeyTo(state, name.contains("plan says hold"));
        assertEquals(state, journey.stage().getClass().getSimpleName());
        Command command = Objects.requireNonNull(commands(journey.rollout()).get(name), name);
        table
            .append(String.format("%-24s%s -> ", state, name))
            .append(outcome(journey, command))
            .append('\n');
        assertEquals(journey.folded(), journey.rollout(), state + ", " + name);
      }
    }
    assertEquals(BASIC, table.toString());
  }

  @Test
  void noStateAndNoCommandIsMissingInTheTable() {
    assertEquals(members(Stage.class), states(false).keySet().stream().sorted().toList());
    assertEquals(
        members(Command.class),
        commands(journeyTo("Baking", false).rollout()).values().stream()
            .map(c -> c.getClass().getSimpleName())
            .distinct()
            .sorted()
            .toList());
  }

  private static List<String> members(Class<?> family) {
    return Arrays.stream(family.getPermittedSubclasses())
        .map(Class::getSimpleName)
        .sorted()
        .toList();
  }

  @Test
  void everyLiveStateCanBeRolledBackWithoutAnything() {
    for (Map.Entry<String, Supplier<Journey>> state : states(false).entrySet()) {
      Journey journey = state.getValue().get();
      if (journey.ended()) {
        continue;
      }
      journey.pass(Duration.ofDays(30));
      journey.does(new Command.LoseSource("gone", 1)).does(new Command.RollBack(Journey.ANNA, ""));
      if (!journey.ended()) {
        journey.confirm();
      }
      assertInstanceOf(Stage.RolledBack.class, journey.stage(), state.getKey());
    }
  }
}
