package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.look.Observation;
import dev.sluice.gates.look.Pushes;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Steps that move no users, what is pushed to them, and the least number of samples. */
class DataStepsTest {
  private static Draft draft() {
    return Draft.empty()
        .with(
            d -> d.metrics = List.of(Draft.errors(), Draft.latency(), Draft.basket(), Draft.rows()))
        .step("mirror-10", Step.Kind.SHADOW, 10, s -> s.atLeast = Duration.ofMinutes(5))
        .step("verify", Step.Kind.VERIFY, 0, s -> s.atLeast = Duration.ofMinutes(5))
        .step("users-1", Step.Kind.EXPOSE, 1, s -> s.atLeast = Duration.ofMinutes(5));
  }

  private static Observation rows(long sequence, Instant at) {
    return new Observation(
        "db-verify", sequence, at, Duration.ofMinutes(15), Map.of("rows", 0.0, "other", 7.0));
  }

  private static Journey push(Journey journey, Observation... pushed) {
    return journey.does(new Command.Observe(Journey.ANNA, List.of(pushed)));
  }

  @Test
  void mirroringAndVerifyingLeaveTheUsersWhereTheyAre() {
    Journey journey = Journey.of(draft().plan()).untilStep("users-1", Reading.safe());

    assertEquals(List.of(new Exposure(1)), journey.commanded());
    assertEquals(
        List.of("No harm was found at 10 % of mirrored traffic in 5 min."),
        journey.decisions().stream()
            .map(d -> d.reason().sentence())
            .filter(s -> s.contains("mirrored"))
            .toList());
  }

  @Test
  void aRegressionOfTheMirroredTrafficEndsTheRollout() {
    Journey journey = Journey.of(draft().plan()).looks(2, Reading.safe());

    journey.look(Reading.safe().worse("errors")).confirm();

    assertInstanceOf(Stage.RolledBack.class, journey.stage());
    assertEquals(Exposure.NONE, journey.rollout().applied());
  }

  @Test
  void whatIsPushedTwiceCountsOnce() {
    Journey journey = Journey.of(draft().plan()).looks(2, Reading.safe());
    Instant at = journey.now();
    push(journey, rows(2, at), rows(1, at.minusSeconds(60)));
    long version = journey.rollout().version();

    push(journey, rows(2, at), rows(1, at.minusSeconds(60)));

    assertEquals(version, journey.rollout().version());
    Event.Observed observed = journey.last(Event.Observed.class);
    assertEquals(
        List.of(1L, 2L), observed.observations().stream().map(Observation::sequence).toList());
    assertEquals(Map.of("rows", 0.0), observed.observations().getFirst().values());
  }

  @Test
  void onlyWhatLooksMayStillNeedIsKept() {
    Journey journey = Journey.of(draft().plan());
    for (int i = 0; i < 50; i++) {
      journey.look(Reading.thin());
      push(journey, rows(i, journey.now()));
    }
    assertTrue(journey.rollout().pushed().kept().size() <= 3);

    for (int i = 50; i < 50 + 2 * Pushes.MOST_KEPT; i++) {
      push(journey, rows(i, journey.now()));
    }
    assertEquals(Pushes.MOST_KEPT, journey.rollout().pushed().kept().size());
  }

  @Test
  void whatThePlanDoesNotAskForAndWhatIsOfTheFutureIsRefused() {
    Journey journey = Journey.of(draft().plan());
    Observation stranger =
        new Observation("shadow-diff", 1, journey.now(), Duration.ofMinutes(1), Map.of());

    String why =
        journey.refuses(
            new Command.Observe(Journey.ANNA, List.of(stranger)), Rejection.Code.NOT_EXPECTED);
    assertEquals(
        "No metric of plan checkout is pushed by 'shadow-diff'. Known are db-verify.", why);
    journey.refuses(
        new Command.Observe(
            Journey.ANNA, List.of(rows(1, journey.now().plus(Duration.ofMinutes(2))))),
        Rejection.Code.NOT_EXPECTED);
  }

  @Test
  void aStepThatWantsSamplesWaitsForThemWhateverItsTime() {
    Journey few =
        Journey.of(Draft.brief().step(0, s -> s.minSamples = OptionalLong.of(1001)).plan());
    few.looks(60, Reading.safe());
    assertEquals("users-10", few.rollout().step().id());
    assertEquals(
        "Error rate: 1,000 of at least 1,001 units of the canary in this step. p99 latency: 1,000"
            + " of at least 1,001 units of the canary in this step.",
        new Decider(java.time.ZoneOffset.UTC).whyClosed(few.rollout(), few.now()).orElseThrow());

    Journey enough =
        Journey.of(Draft.brief().step(0, s -> s.minSamples = OptionalLong.of(1000)).plan());
    enough.untilStep("users-50", Reading.safe());
  }
}
