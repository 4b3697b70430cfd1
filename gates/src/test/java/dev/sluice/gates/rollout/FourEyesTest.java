package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.FourEyes;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the plan wants it, going on by hand takes two people. */
class FourEyesTest {
  private static final Actor BERT = Actor.person("bert");

  private static Journey journey(FourEyes fourEyes) {
    return Journey.of(Draft.brief().with(d -> d.fourEyes = Optional.of(fourEyes)).plan())
        .looks(3, Reading.fine());
  }

  private static String step(Journey journey) {
    return journey.rollout().step().id();
  }

  @Test
  void goingOverAClosedGateWaitsForASecondPerson() {
    Journey journey = journey(FourEyes.FORCED);

    journey.does(new Command.Promote(Journey.ANNA, "hotfix"));
    assertEquals("users-10", step(journey));
    assertEquals(
        "checkout: anna wants to go on at users-10 over a gate that is not open, and a second"
            + " person has to agree: hotfix",
        journey.headlines().getLast());
    journey.does(new Command.Promote(BERT, ""));

    assertEquals("users-50", step(journey));
    Decision forced = journey.decisions().getLast();
    assertTrue(forced.forced());
    assertEquals(BERT, forced.actor());
    assertEquals("anna went on by hand: hotfix. bert agreed.", forced.reason().sentence());
    assertEquals(Optional.empty(), journey.rollout().proposal());
  }

  @Test
  void nobodyAgreesToHimself() {
    Journey journey = journey(FourEyes.FORCED);
    journey.does(new Command.Promote(Journey.ANNA, "hotfix"));

    journey.refuses(
        new Command.Promote(Actor.person("Anna"), "it is urgent"), Rejection.Code.SELF_APPROVAL);

    assertEquals("users-10", step(journey));
  }

  @Test
  void aWishOfYesterdayIsNotAgreedTo() {
    Journey journey = journey(FourEyes.FORCED);
    journey.does(new Command.Promote(Journey.ANNA, "hotfix")).pass(Proposal.LIFE);

    journey.refuses(new Command.Promote(BERT, ""), Rejection.Code.REASON_MISSING);
    journey.does(new Command.Promote(BERT, "still needed"));

    assertEquals("users-10", step(journey));
    assertEquals(BERT, journey.rollout().proposal().orElseThrow().actor());
  }

  @Test
  void theFirstPersonStillNeedsAReason() {
    journey(FourEyes.FORCED)
        .refuses(new Command.Promote(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
  }

  @Test
  void anOpenGateTakesOnePersonUnlessThePlanAlwaysWantsTwo() {
    for (FourEyes fourEyes : FourEyes.values()) {
      Journey journey =
          Journey.of(
                  Draft.brief()
                      .with(d -> d.fourEyes = Optional.of(fourEyes))
                      .step(0, s -> s.advanceWhen = Step.AdvanceWhen.APPROVED)
                      .plan())
              .looks(12, Reading.fine());
      journey.does(new Command.Approve(Journey.ANNA, ""));
      assertEquals(fourEyes == FourEyes.ALWAYS ? "users-10" : "users-50", step(journey));
      if (fourEyes == FourEyes.ALWAYS) {
        journey.does(new Command.Approve(BERT, "fine"));
        assertEquals("users-50", step(journey));
        assertFalse(journey.decisions().getLast().forced());
      }
    }
  }

  @Test
  void whatWasProposedOverAnOpenGateIsNoPermitOnceTheGateIsClosed() {
    Journey journey =
        Journey.of(
                Draft.brief()
                    .with(d -> d.fourEyes = Optional.of(FourEyes.ALWAYS))
                    .step(0, s -> s.advanceWhen = Step.AdvanceWhen.APPROVED)
                    .plan())
            .looks(12, Reading.fine());
    journey.does(new Command.Approve(Journey.ANNA, ""));
    journey.look(Reading.fine().worse("basket"));

    journey.refuses(new Command.Approve(BERT, ""), Rejection.Code.REASON_MISSING);

    assertEquals("users-10", step(journey));
  }

  @Test
  void aRollbackNeedsNobody() {
    Journey journey = journey(FourEyes.ALWAYS);
    journey.does(new Command.Promote(Journey.ANNA, "hotfix"));

    journey.does(new Command.RollBack(Journey.ANNA, ""));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    assertEquals(Optional.empty(), journey.rollout().proposal());
  }

  @Test
  void lettingGoOfTheOldSystemTakesTwoWhereThePlanAlwaysWantsThem() {
    Journey journey =
        Journey.of(
            Draft.empty()
                .with(d -> d.fourEyes = Optional.of(FourEyes.ALWAYS))
                .step("users-100", Step.Kind.EXPOSE, 100, s -> s.atLeast = Duration.ofMinutes(2))
                .step("keep-old", Step.Kind.RETAIN, 100, s -> s.atLeast = Duration.ofMinutes(9))
                .plan());
    journey.looks(20, Reading.fine()).does(new Command.Retire(Journey.ANNA, ""));
    assertInstanceOf(Stage.RetireReady.class, journey.stage());

    journey.does(new Command.Retire(BERT, ""));

    assertInstanceOf(Stage.Completed.class, journey.stage());
  }
}
