package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.RollbackRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {

  private static List<Outgoing.SetExposure> commands(Journey journey) {
    return journey.outgoing().stream()
        .filter(Outgoing.SetExposure.class::isInstance)
        .map(Outgoing.SetExposure.class::cast)
        .toList();
  }

  private static List<Outgoing.Announce> news(Journey journey) {
    return journey.outgoing().stream()
        .filter(Outgoing.Announce.class::isInstance)
        .map(Outgoing.Announce.class::cast)
        .toList();
  }

  @Test
  void aWholeRolloutReadsLikeAStory() {
    Journey journey = Journey.of(Draft.playbook().plan());
    journey.untilStep("users-10", Reading.fine());
    journey.looks(5, Reading.fine().worse("basket")).looks(2, Reading.fine());
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));
    journey.does(new Command.Resume(Journey.ANNA, ""));
    journey.untilStep("keep-old", Reading.fine()).finish(Reading.fine());

    assertEquals(
        """
        checkout starts with 1 %
        checkout goes from 1 % to 10 %
        checkout holds at users-10: Basket value says FAIL.
        checkout goes on at users-10
        checkout was paused by anna: lunch
        checkout was resumed by anna
        checkout goes from 10 % to 50 %
        checkout goes from 50 % to 100 %
        checkout has done step users-100
        checkout: the old system need not be kept ready longer than until 2026-03-06T20:03:30Z
        checkout: the old system may go; it is kept ready until somebody says retire
        checkout: anna let go of the old system
        checkout is complete
        """,
        String.join("\n", journey.headlines()) + "\n");
  }

  @Test
  void aRollbackCarriesThePlansActionAndARaiseIsAPercentage() {
    Journey journey =
        Journey.of(
            Draft.brief()
                .with(
                    d ->
                        d.rollback =
                            new RollbackRule(
                                d.rollback.to(),
                                RollbackRule.Action.DISABLE,
                                Duration.ofMinutes(2),
                                Duration.ZERO))
                .plan());
    journey.looks(2, Reading.fine()).look(Reading.fine().worse("errors"));

    assertEquals(
        List.of(RollbackRule.Action.PERCENT, RollbackRule.Action.DISABLE),
        commands(journey).stream().map(Outgoing.SetExposure::action).toList());
    assertEquals(
        List.of("checkout-1-1", "checkout-1-2"),
        commands(journey).stream().map(c -> c.decision().id()).toList());
  }

  @Test
  void everyMessageHasAKeyOfItsOwnThatARepetitionHasToo() {
    Journey one = Journey.of(Draft.playbook().plan());
    Journey other = Journey.of(Draft.playbook().plan());
    one.finish(Reading.fine());
    other.finish(Reading.fine());

    List<String> keys = news(one).stream().map(Outgoing.Announce::key).toList();

    assertEquals(keys.size(), Set.copyOf(keys).size());
    assertEquals(keys, news(other).stream().map(Outgoing.Announce::key).toList());
    assertTrue(keys.getFirst().matches("v[0-9]+-started"), keys.getFirst());
  }

  @Test
  void aSinkHearsOnlyWhatItWantsToHear() {
    Journey journey =
        Journey.of(
            Draft.brief()
                .with(
                    d ->
                        d.notifications =
                            List.of(
                                new Notify(
                                    "pager",
                                    Optional.empty(),
                                    Set.of(Notify.Topic.ROLLED_BACK, Notify.Topic.ROLLBACK_FAILED),
                                    List.of()),
                                new Notify("log", Optional.empty(), Set.of(), List.of())))
                .plan());
    journey.looks(2, Reading.fine()).look(Reading.fine().worse("errors")).confirm();

    List<String> pager =
        news(journey).stream()
            .filter(a -> a.to().sink().equals("pager"))
            .map(Outgoing.Announce::headline)
            .toList();

    assertEquals(List.of("checkout is rolled back to 0 %"), pager);
    assertEquals(3, news(journey).stream().filter(a -> a.to().sink().equals("log")).count());
  }

  @Test
  void aQuestionForLackOfEvidenceIsNotTakenForAnApprovalOfThePlan() {
    Reason unclear = new Reason(Reason.Code.TIMED_OUT, "No answer within 2 d.");
    Reason planned = new Reason(Reason.Code.APPROVAL_NEEDED, "The plan asks.");
    Journey journey = Journey.of(Draft.brief().plan());

    assertEquals(Notify.Topic.INCONCLUSIVE, topic(journey, unclear));
    assertEquals(Notify.Topic.APPROVAL, topic(journey, planned));
  }

  private static Notify.Topic topic(Journey journey, Reason reason) {
    Event asked = new Event.ApprovalAsked(reason, journey.now());
    Outgoing first = Announcements.of(asked, journey.rollout()).getFirst();
    return ((Outgoing.Announce) first).topic();
  }

  @Test
  void looksAreNotNews() {
    Journey journey = Journey.of(Draft.brief().plan());
    int before = journey.outgoing().size();
    journey.looks(5, Reading.fine());
    assertEquals(before, journey.outgoing().size());
    assertFalse(journey.headlines().isEmpty());
  }
}
