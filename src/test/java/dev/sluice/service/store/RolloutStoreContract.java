package dev.sluice.service.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RequestStore.StartRequest;
import dev.sluice.service.store.RolloutStore.Attempt;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.RolloutStore.Pending;
import dev.sluice.service.store.RolloutStore.PlanText;
import dev.sluice.service.store.RolloutStore.Recorded;
import dev.sluice.service.store.RolloutStore.Revision;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises, whatever its engine. */
public abstract class RolloutStoreContract {
  protected static final RolloutId ONE = new RolloutId("checkout-1");
  protected static final RolloutId TWO = new RolloutId("checkout-2");
  protected static final Instant NOW = Samples.START.plusSeconds(1000);
  protected static final int ALL = 1000;

  private RolloutStore store;

  /** A store with nothing in it. */
  protected abstract RolloutStore open() throws Exception;

  @BeforeEach
  void openTheStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeTheStore() {
    await(store.close());
  }

  protected static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  protected static Message flag(RolloutId id, String key) {
    return new Message(key, id, "flags", false, Message.Kind.FLAG, "body of " + key);
  }

  protected static Message rollback(RolloutId id, String key) {
    return new Message(key, id, "flags", true, Message.Kind.FLAG, "body of " + key);
  }

  protected static Message news(RolloutId id, String key, String target) {
    return new Message(key, id, target, false, Message.Kind.ANNOUNCEMENT, "body of " + key);
  }

  private void begin(RolloutId id, Message... messages) {
    await(store.commit(Samples.commit(id, 0, 3, messages)));
  }

  private List<String> dueAt(Instant now) {
    return await(store.due(now, ALL)).stream().map(p -> p.message().id()).toList();
  }

  private Pending pending(String id) {
    return await(store.due(NOW.plus(Duration.ofDays(9)), ALL)).stream()
        .filter(p -> p.message().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private void record(String id, Attempt attempt) {
    await(store.record(pending(id).row(), attempt));
  }

  private String stateOf(RolloutId id, String message) {
    return await(store.deliveries(id, ALL)).stream()
        .filter(d -> d.messageId().equals(message))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static Attempt failedUntil(Instant next) {
    return new Attempt.Failed("HTTP 503", NOW, next);
  }

  @Test
  void anEmptyStoreHasNothing() {
    assertEquals(Optional.empty(), await(store.load(ONE)));
    assertEquals(List.of(), await(store.list(ALL)));
    assertEquals(List.of(), await(store.live()));
    assertEquals(Optional.empty(), await(store.latestOf("checkout")));
    assertEquals(List.of(), await(store.events(ONE, 0, ALL)));
    assertEquals(List.of(), await(store.due(NOW, ALL)));
    assertEquals(List.of(), await(store.deliveries(ONE, ALL)));
    await(store.probe());
  }

  @Test
  void everyStateOnTheWayComesBackAsItWasWritten() {
    int events = Samples.events(ONE).size();
    for (int version = 1; version <= events; version++) {
      await(store.commit(Samples.commit(ONE, version - 1, version)));
      Rollout expected = Samples.after(ONE, Samples.plan("checkout"), version);
      assertEquals(expected, await(store.load(ONE)).orElseThrow().rollout());
    }
  }

  @Test
  void eventsComeBackInTheirOrderWithTheirVersions() {
    begin(ONE);
    await(store.commit(Samples.commit(ONE, 3, 20)));

    List<Recorded> all = await(store.events(ONE, 0, ALL));

    assertEquals(Samples.events(ONE).subList(0, 20), all.stream().map(Recorded::event).toList());
    assertEquals(
        List.of(5L, 6L), await(store.events(ONE, 4, 2)).stream().map(Recorded::version).toList());
  }

  @Test
  void evidenceComesBackBitForBitAndStaysUntilItIsReplaced() {
    Map<String, double[]> evidence = new LinkedHashMap<>();
    evidence.put(
        "judge:guardrails",
        new double[] {1, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Math.PI, Double.MIN_VALUE});
    evidence.put("absent:größe", new double[] {});
    Commit first = Samples.commit(ONE, 0, 3);
    await(
        store.commit(
            new Commit(first.after(), 0, first.events(), Optional.of(evidence), List.of())));

    assertSame(evidence, await(store.load(ONE)).orElseThrow().evidence());
    await(store.commit(Samples.commit(ONE, 3, 5)));
    assertSame(evidence, await(store.load(ONE)).orElseThrow().evidence());

    Map<String, double[]> newer = Map.of("traffic", new double[] {2});
    Commit third = Samples.commit(ONE, 5, 6);
    await(
        store.commit(new Commit(third.after(), 5, third.events(), Optional.of(newer), List.of())));
    assertSame(newer, await(store.load(ONE)).orElseThrow().evidence());
  }

  private static void assertSame(Map<String, double[]> expected, Map<String, double[]> actual) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
    expected.forEach((name, numbers) -> assertArrayEquals(numbers, actual.get(name), name));
  }

  @Test
  void aRolloutWithoutEvidenceHasAnEmptyOne() {
    begin(ONE);
    assertEquals(Map.of(), await(store.load(ONE)).orElseThrow().evidence());
  }

  @Test
  void whoWritesOnAnOldVersionIsRefusedAndWritesNothing() {
    begin(ONE);
    Commit late = Samples.commit(ONE, 2, 4, flag(ONE, "late"));

    assertThrows(RolloutStore.VersionConflict.class, () -> await(store.commit(late)));

    assertEquals(3, await(store.load(ONE)).orElseThrow().rollout().version());
    assertEquals(3, await(store.events(ONE, 0, ALL)).size());
    assertEquals(List.of(), dueAt(NOW));
  }

  @Test
  void aRolloutBeginsOnce() {
    begin(ONE);
    assertThrows(RolloutStore.VersionConflict.class, () -> begin(ONE));
  }

  @Test
  void aRolloutThatDoesNotExistCannotGoOn() {
    assertThrows(
        RolloutStore.VersionConflict.class, () -> await(store.commit(Samples.commit(ONE, 3, 4))));
    assertEquals(Optional.empty(), await(store.load(ONE)));
  }

  @Test
  void ofManyWhoWriteOnOneVersionExactlyOneWins() {
    begin(ONE);
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(store.commit(Samples.commit(ONE, 3, 4, flag(ONE, "writer-" + i))));
    }

    await(Future.join(all).otherwiseEmpty());

    assertEquals(1, all.stream().filter(Future::succeeded).count());
    all.stream()
        .filter(Future::failed)
        .forEach(f -> assertInstanceOf(RolloutStore.VersionConflict.class, f.cause()));
    assertEquals(1, await(store.deliveries(ONE, ALL)).size());
  }

  @Test
  void rolloutsAreListedNewestFirst() {
    begin(ONE);
    begin(TWO);
    await(store.commit(Samples.commit(ONE, 3, 5)));

    assertEquals(List.of(TWO, ONE), await(store.list(ALL)).stream().map(Rollout::id).toList());
    assertEquals(List.of(TWO), await(store.list(1)).stream().map(Rollout::id).toList());
  }

  @Test
  void theNewestRolloutOfAPlanIsFoundWhetherItRunsOrNot() {
    begin(ONE);
    begin(TWO);
    await(store.commit(Samples.commit(TWO, 3, 18)));

    assertEquals(TWO, await(store.latestOf("checkout")).orElseThrow().id());
    assertEquals(Optional.empty(), await(store.latestOf("other")));
  }

  @Test
  void onlyRolloutsThatHaveNotEndedAreLive() {
    begin(ONE);
    begin(TWO);
    await(store.commit(Samples.commit(ONE, 3, 18)));

    assertEquals(List.of(TWO), await(store.live()));
  }

  @Test
  void messagesOfOneRolloutToOneTargetComeOneAtATimeInTheirOrder() {
    begin(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"));
    await(store.commit(Samples.commit(ONE, 3, 4, news(ONE, "c", "chat"))));

    for (String next : List.of("a", "b", "c")) {
      assertEquals(List.of(next), dueAt(NOW));
      record(next, new Attempt.Delivered(NOW));
    }
    assertEquals(List.of(), dueAt(NOW));
  }

  @Test
  void aPendingMessageIsAllThatIsNeededToSendIt() {
    begin(ONE, flag(ONE, "checkout-1-1"));

    Pending pending = await(store.due(NOW, ALL)).getFirst();

    assertEquals(flag(ONE, "checkout-1-1"), pending.message());
    assertEquals(0, pending.attempts());
    assertEquals(Samples.START.plusSeconds(2), pending.createdAt());
  }

  @Test
  void aMessageThatFailedWaitsAndHoldsUpOnlyItsOwnRolloutAndTarget() {
    begin(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"), news(ONE, "c", "pager"));
    begin(TWO, news(TWO, "d", "chat"));
    Instant next = NOW.plusMillis(1500);

    record("a", failedUntil(next));

    assertEquals(List.of("c", "d"), dueAt(NOW));
    assertEquals(List.of("c", "d"), dueAt(next.minusNanos(1000)));
    assertTrue(dueAt(next).contains("a"));
    assertEquals(1, pending("a").attempts());
    assertEquals(next, pending("a").dueAt());
  }

  @Test
  void aMessageThatWasGivenUpMakesWayForTheNext() {
    begin(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"));

    record("a", new Attempt.GivenUp("410 Gone", NOW));

    assertEquals(List.of("b"), dueAt(NOW));
    assertEquals("given-up", stateOf(ONE, "a"));
  }

  @Test
  void aRollbackOvertakesWhatWaitsAndSupersedesTheFlagCommandsAmongIt() {
    begin(ONE, flag(ONE, "up"), news(ONE, "hello", "flags"), news(ONE, "hi", "chat"));
    begin(TWO, flag(TWO, "other"));
    record("up", failedUntil(NOW.plusSeconds(600)));

    await(store.commit(Samples.commit(ONE, 3, 16, rollback(ONE, "down"))));

    assertEquals(List.of("down", "hi", "other"), dueAt(NOW));
    assertEquals("superseded", stateOf(ONE, "up"));
    assertEquals("pending", stateOf(TWO, "other"));
    record("down", new Attempt.Delivered(NOW));
    assertTrue(dueAt(NOW).contains("hello"), "announcements still come, after the rollback");
  }

  @Test
  void aRollbackThatWaitsForItsNextAttemptStillBlocksItsLane() {
    begin(ONE, news(ONE, "hello", "flags"));
    await(store.commit(Samples.commit(ONE, 3, 16, rollback(ONE, "down"))));

    record("down", failedUntil(NOW.plusSeconds(1)));

    assertEquals(List.of(), dueAt(NOW));
  }

  @Test
  void anUrgentAnnouncementGoesFirstAndSupersedesNothing() {
    begin(ONE, flag(ONE, "up"));
    Message urgent = new Message("bad", ONE, "flags", true, Message.Kind.ANNOUNCEMENT, "");
    await(store.commit(Samples.commit(ONE, 3, 4, urgent)));

    assertEquals(List.of("bad"), dueAt(NOW));
    assertEquals("pending", stateOf(ONE, "up"));
  }

  @Test
  void urgentMessagesComeFirstOverAllRollouts() {
    begin(ONE, flag(ONE, "up"));
    begin(TWO);
    await(store.commit(Samples.commit(TWO, 3, 16, rollback(TWO, "down"))));

    assertEquals(List.of("down", "up"), dueAt(NOW));
    assertEquals(1, await(store.due(NOW, 1)).size());
  }

  @Test
  void aTargetWithMuchToDoHidesNoOther() {
    begin(ONE, news(ONE, "a", "chat"));
    begin(TWO, news(TWO, "b", "chat"), news(TWO, "c", "pager"));

    assertEquals(
        List.of("a", "c"), await(store.due(NOW, 1)).stream().map(p -> p.message().id()).toList());
  }

  @Test
  void aFlagCommandOfARolloutThatEndedIsNotSent() {
    begin(ONE, flag(ONE, "up"), news(ONE, "hi", "chat"));

    await(store.commit(Samples.commit(ONE, 3, 20)));

    assertEquals(List.of("hi"), dueAt(NOW));
    assertEquals("superseded", stateOf(ONE, "up"));
  }

  @Test
  void whatIsSupersededWhileItIsOnItsWayIsDeliveredIfItArrives() {
    begin(ONE, flag(ONE, "up"));
    long row = pending("up").row();
    await(store.commit(Samples.commit(ONE, 3, 16, rollback(ONE, "down"))));

    await(store.record(row, new Attempt.Delivered(NOW)));

    assertEquals("delivered", stateOf(ONE, "up"));
    assertEquals(List.of("down"), dueAt(NOW));
  }

  @Test
  void whatIsSupersededWhileItIsOnItsWayIsNotTriedAgain() {
    begin(ONE, flag(ONE, "up"));
    long row = pending("up").row();
    await(store.commit(Samples.commit(ONE, 3, 16, rollback(ONE, "down"))));

    await(store.record(row, failedUntil(NOW)));

    assertEquals("superseded", stateOf(ONE, "up"));
    assertEquals(List.of("down"), dueAt(NOW.plusSeconds(9)));
  }

  @Test
  void whatIsDeliveredStaysDelivered() {
    begin(ONE, flag(ONE, "up"));
    long row = pending("up").row();
    await(store.record(row, new Attempt.Delivered(NOW)));

    await(store.record(row, failedUntil(NOW)));

    assertEquals("delivered", stateOf(ONE, "up"));
    assertEquals(List.of(), dueAt(NOW));
  }

  @Test
  void anAttemptOnAnUnknownRowIsAMistake() {
    assertThrows(
        IllegalArgumentException.class, () -> await(store.record(99, new Attempt.Delivered(NOW))));
  }

  @Test
  void theSameIdIsPutIntoTheOutboxOnce() {
    begin(ONE, news(ONE, "a", "chat"));
    await(store.commit(Samples.commit(ONE, 3, 4, news(ONE, "a", "chat"))));

    assertEquals(1, await(store.deliveries(ONE, ALL)).size());
  }

  @Test
  void aMessageThatWasNeverTriedIsDueEvenIfTheClockWentBack() {
    begin(ONE, flag(ONE, "up"));
    assertEquals(List.of("up"), dueAt(Samples.START.minus(Duration.ofHours(1))));
  }

  @Test
  void theDeliveryLogTellsWhatBecameOfEveryMessageNewestFirst() {
    begin(ONE, flag(ONE, "a"), news(ONE, "b", "chat"), news(ONE, "c", "pager"));
    begin(TWO, flag(TWO, "other"));
    record("a", failedUntil(NOW.plusSeconds(1)));
    record("a", new Attempt.Delivered(NOW.plusSeconds(2)));
    record("b", failedUntil(NOW.plusSeconds(5)));

    assertEquals(
        List.of(
            new Delivery(
                "c",
                "pager",
                Message.Kind.ANNOUNCEMENT,
                "pending",
                0,
                "",
                Samples.START.plusSeconds(2)),
            new Delivery("b", "chat", Message.Kind.ANNOUNCEMENT, "pending", 1, "HTTP 503", NOW),
            new Delivery("a", "flags", Message.Kind.FLAG, "delivered", 2, "", NOW.plusSeconds(2))),
        await(store.deliveries(ONE, ALL)));
    assertEquals(1, await(store.deliveries(ONE, 1)).size());
  }

  @Test
  void aPlansNewestRevisionIsKept() {
    PlanText first = new PlanText("checkout", "aa", "name: checkout\n", NOW);
    PlanText second = new PlanText("checkout", "bb", "name: checkout # ü\n", NOW.plusSeconds(1));
    PlanText other = new PlanText("billing", "cc", "name: billing\n", NOW);
    await(store.putPlan(first));
    await(store.putPlan(other));
    await(store.putPlan(second));

    assertEquals(Optional.of(second), await(store.plan("checkout")));
    assertEquals(Optional.empty(), await(store.plan("unknown")));
    assertEquals(List.of(other, second), await(store.plans()));
  }

  @Test
  void theSamePlanAgainChangesNothing() {
    PlanText first = new PlanText("checkout", "aa", "name: checkout\n", NOW);
    await(store.putPlan(first));
    await(store.putPlan(new PlanText("checkout", "aa", "name: checkout\n", NOW.plusSeconds(9))));

    assertEquals(Optional.of(first), await(store.plan("checkout")));
  }

  @Test
  void anOlderRevisionThatIsHandedInAgainIsTheNewestAgain() {
    PlanText first = new PlanText("checkout", "aa", "name: checkout\n", NOW);
    PlanText again = new PlanText("checkout", "aa", "name: checkout\n", NOW.plusSeconds(9));
    await(store.putPlan(first));
    await(store.putPlan(new PlanText("checkout", "bb", "x", NOW.plusSeconds(1))));
    await(store.putPlan(again));

    assertEquals(Optional.of(again), await(store.plan("checkout")));
  }

  @Test
  void everyRevisionOfAPlanIsKeptAndCountedFromOne() {
    PlanText first = new PlanText("checkout", "aa", "1", NOW);
    PlanText second = new PlanText("checkout", "bb", "2", NOW.plusSeconds(1));
    PlanText again = new PlanText("checkout", "aa", "1", NOW.plusSeconds(2));
    await(store.putPlan(new PlanText("billing", "cc", "x", NOW)));
    for (PlanText text : List.of(first, second, second, again)) {
      await(store.putPlan(text));
    }

    assertEquals(
        List.of(new Revision(3, again), new Revision(2, second)),
        await(store.revisions("checkout", Long.MAX_VALUE, 2)));
    assertEquals(List.of(new Revision(1, first)), await(store.revisions("checkout", 2, 2)));
    assertEquals(List.of(), await(store.revisions("unknown", Long.MAX_VALUE, 2)));
  }

  @Test
  void aPlanIsReplacedOnlyWhereItIsStillTheOneThatWasRead() {
    PlanText first = new PlanText("checkout", "aa", "1", NOW);
    PlanText second = new PlanText("checkout", "bb", "2", NOW);

    assertFalse(await(store.replacePlan(first, Optional.of("zz"))));
    assertTrue(await(store.replacePlan(first, Optional.empty())));
    assertFalse(await(store.replacePlan(second, Optional.empty())));
    assertTrue(await(store.replacePlan(second, Optional.of("aa"))));
    assertFalse(await(store.replacePlan(first, Optional.of("aa"))));

    assertEquals(Optional.of(second), await(store.plan("checkout")));
  }

  @Test
  void plansAreReadInPagesByName() {
    for (String name : List.of("c", "a", "b-1", "b")) {
      await(store.putPlan(new PlanText(name, "aa", "1", NOW)));
    }

    assertEquals(List.of("a", "b"), names(await(store.plansAfter("", 2))));
    assertEquals(List.of("b-1", "c"), names(await(store.plansAfter("b", 2))));
    assertEquals(List.of(), names(await(store.plansAfter("c", 2))));
  }

  private static List<String> names(List<PlanText> plans) {
    return plans.stream().map(PlanText::name).toList();
  }

  @Test
  void rolloutsAndDeliveriesAreReadInPages() {
    begin(ONE);
    begin(TWO);
    Message first = new Message("a", ONE, "chat", false, Message.Kind.ANNOUNCEMENT, "");
    Message second = new Message("b", ONE, "chat", false, Message.Kind.ANNOUNCEMENT, "");
    await(store.commit(Samples.commit(ONE, 3, 4, first)));
    await(store.commit(Samples.commit(ONE, 4, 5, second)));

    assertEquals(List.of(ONE), await(store.listBefore(TWO, 5)).stream().map(Rollout::id).toList());
    assertEquals(List.of(), await(store.listBefore(ONE, 5)));
    assertEquals(List.of(), await(store.listBefore(new RolloutId("unknown"), 5)));
    assertEquals(
        List.of("a"),
        await(store.deliveriesBefore(ONE, "b", 5)).stream().map(Delivery::messageId).toList());
    assertEquals(List.of(), await(store.deliveriesBefore(TWO, "b", 5)));
  }

  private static StartRequest asked(String key, int seconds) {
    return new StartRequest("ci", key, "f", NOW.plusSeconds(seconds), Optional.empty());
  }

  @Test
  void aKeyBelongsToTheFirstRequestUntilItIsGivenBack() {
    begin(ONE);
    StartRequest first = asked("k", 0);
    StartRequest second = asked("k", 1);

    assertEquals(Optional.empty(), await(store.takeKey(first, NOW, 9)));
    assertEquals(Optional.of(first), await(store.takeKey(second, NOW, 9)));
    await(store.giveKeyBack(second));
    await(store.noteStarted(second.started(TWO)));
    assertEquals(Optional.of(first), await(store.takeKey(second, NOW, 9)));
    await(store.noteStarted(first.started(ONE)));
    assertEquals(Optional.of(first.started(ONE)), await(store.takeKey(second, NOW, 9)));
    await(store.giveKeyBack(first));
    assertEquals(Optional.empty(), await(store.takeKey(second, NOW, 9)));
  }

  @Test
  void keysAreForgottenByAgeAndByNumber() {
    for (int i = 0; i < 4; i++) {
      await(store.takeKey(asked("k" + i, i), NOW, 3));
    }

    assertEquals(Optional.of(asked("k1", 1)), await(store.takeKey(asked("k1", 9), NOW, 3)));
    assertEquals(Optional.empty(), await(store.takeKey(asked("k0", 9), NOW, 9)));
    assertEquals(Optional.empty(), await(store.takeKey(asked("k2", 9), NOW.plusSeconds(3), 9)));
    assertEquals(
        Optional.of(asked("k3", 3)), await(store.takeKey(asked("k3", 9), NOW.plusSeconds(3), 9)));
  }

  private static final Run.Key KEY = new Run.Key("flagger", "checkout", "test/\"podinfo\" ü");

  private static Run run(Run.Key key, RolloutId rollout, long version, Duration lease) {
    return new Run(
        key, version, rollout, NOW, NOW, lease, true, Map.of("weight", "10", "say", "a \"b\""));
  }

  @Test
  void aRunIsFoundByItsKeyAndByItsRollout() {
    begin(ONE);
    Run run = run(KEY, ONE, 1, Duration.ofHours(1));

    assertTrue(await(store.putRun(run)));

    assertEquals(Optional.of(run), await(store.run(KEY)));
    assertEquals(Optional.of(run), await(store.runOf(ONE)));
    assertEquals(Optional.empty(), await(store.runOf(TWO)));
    assertEquals(Optional.empty(), await(store.run(new Run.Key("argo", "checkout", KEY.name()))));
  }

  @Test
  void whoWritesARunSecondWritesNothing() {
    begin(ONE);
    begin(TWO);
    Run first = run(KEY, ONE, 1, Duration.ofHours(1));
    assertTrue(await(store.putRun(first)));

    assertFalse(await(store.putRun(run(KEY, TWO, 1, Duration.ofHours(1)))));
    assertTrue(await(store.putRun(first.seen(NOW.plusSeconds(9), Duration.ofHours(2)))));
    assertFalse(await(store.putRun(first.closed())));
    assertTrue(await(store.putRun(run(KEY, TWO, 3, Duration.ofHours(1)))));

    assertEquals(TWO, await(store.run(KEY)).orElseThrow().rollout());
    assertEquals(Optional.empty(), await(store.runOf(ONE)));
  }

  @Test
  void openRunsComeInTheOrderInWhichTheirLeasesEnd() {
    begin(ONE);
    begin(TWO);
    Run.Key other = new Run.Key("argo", "checkout", "x");
    Run late = run(KEY, ONE, 1, Duration.ofHours(2));
    Run soon = run(other, TWO, 1, Duration.ofMinutes(2));
    await(store.putRun(late));
    await(store.putRun(soon));

    assertEquals(List.of(soon, late), await(store.openRuns(ALL)));
    assertEquals(List.of(soon), await(store.openRuns(1)));
    await(store.putRun(soon.closed()));
    assertEquals(List.of(late), await(store.openRuns(ALL)));
    assertFalse(await(store.run(other)).orElseThrow().open());
  }

  @Test
  void ofManyWhoBeginOnWhatTheyFoundExactlyOneBegins() {
    long newest = await(store.newest());
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      RolloutId id = new RolloutId("checkout-" + i);
      all.add(store.commit(Samples.commit(id, 0, 3, flag(id, "up-" + i)).ifNewestIs(newest)));
    }

    await(Future.join(all).otherwiseEmpty());

    assertEquals(1, all.stream().filter(Future::succeeded).count());
    all.stream()
        .filter(Future::failed)
        .forEach(f -> assertInstanceOf(RolloutStore.VersionConflict.class, f.cause()));
    assertEquals(1, await(store.list(ALL)).size());
    assertTrue(await(store.newest()) > newest);
  }

  @Test
  void whoFoundTheNewestMayBegin() {
    begin(ONE);
    await(store.commit(Samples.commit(TWO, 0, 3).ifNewestIs(await(store.newest()))));
    assertEquals(2, await(store.list(ALL)).size());
  }

  @Test
  void aCommitThatFailsHalfWayLeavesNothing() {
    begin(ONE);
    Commit good = Samples.commit(ONE, 3, 5, flag(ONE, "up"));
    Commit bad =
        new Commit(
            good.after(),
            good.expectedVersion(),
            good.events(),
            Optional.of(new FailsWhenRead()),
            good.messages());

    assertThrows(FailsWhenRead.Failure.class, () -> await(store.commit(bad)));

    assertEquals(3, await(store.load(ONE)).orElseThrow().rollout().version());
    assertEquals(3, await(store.events(ONE, 0, ALL)).size());
    assertEquals(List.of(), dueAt(NOW));
    assertEquals(2, await(store.audit(0, ALL)).size());
    await(store.commit(good));
    assertEquals(List.of("up"), dueAt(NOW));
  }

  /** Evidence that cannot be written: what comes before it in a commit is written already. */
  private static final class FailsWhenRead extends java.util.AbstractMap<String, double[]> {
    static final class Failure extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }

    @Override
    public java.util.Set<Entry<String, double[]>> entrySet() {
      throw new Failure();
    }
  }

  @Test
  void manyRolloutsAreWrittenAtTheSameTimeWithoutLosingAnything() {
    List<RolloutId> ids = new ArrayList<>();
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      RolloutId id = new RolloutId("checkout-" + i);
      ids.add(id);
      all.add(
          store
              .commit(Samples.commit(id, 0, 3, flag(id, id + "-up")))
              .compose(v -> store.commit(Samples.commit(id, 3, 16, news(id, id + "-hi", "chat"))))
              .compose(v -> store.commit(Samples.commit(id, 16, 20))));
    }

    await(Future.all(all));

    for (RolloutId id : ids) {
      assertEquals(20, await(store.load(id)).orElseThrow().rollout().version());
      assertEquals(2, await(store.deliveries(id, ALL)).size());
    }
    assertUnbroken(await(store.audit(0, ALL)));
  }

  private static void assertUnbroken(List<RolloutStore.Audited> audit) {
    String before = AuditEntry.GENESIS;
    long number = 1;
    for (RolloutStore.Audited audited : audit) {
      AuditEntry.Sealed sealed = audited.entry();
      assertEquals(number++, sealed.number());
      assertTrue(sealed.follows(before), "entry " + sealed.number() + " follows the one before");
      assertEquals(Optional.of(sealed.entry().event()), audited.event());
      before = sealed.hash();
    }
  }

  @Test
  void everyActAndEveryDecisionIsInTheAuditAndLooksAreNot() {
    begin(ONE);
    await(store.commit(Samples.commit(ONE, 3, 20)));

    List<RolloutStore.Audited> audit = await(store.audit(0, ALL));

    assertUnbroken(audit);
    assertEquals(
        List.of(
            "start anna",
            "promote anna",
            "hold sluice",
            "release sluice",
            "pause anna",
            "resume anna",
            "ask sluice",
            "approve anna",
            "rollback anna",
            "rollback-overdue sluice",
            "rollback-confirmed sluice",
            "finish sluice",
            "abort anna"),
        audit.stream()
            .map(a -> a.entry().entry())
            .map(entry -> entry.act() + " " + entry.actor().name())
            .toList());
    AuditEntry promoted = audit.get(1).entry().entry();
    assertEquals("anna went on by hand.", promoted.reason());
    assertTrue(promoted.forced());
    assertEquals(Optional.of("checkout-1-1"), promoted.decision());
  }

  @Test
  void theAuditIsReadPageByPage() {
    begin(ONE);
    await(store.commit(Samples.commit(ONE, 3, 20)));

    assertEquals(
        List.of(3L, 4L),
        await(store.audit(2, 2)).stream().map(audited -> audited.entry().number()).toList());
  }

  @Test
  void whoIsRefusedLeavesNoTraceInTheAudit() {
    begin(ONE);
    int before = await(store.audit(0, ALL)).size();

    assertThrows(
        RolloutStore.VersionConflict.class, () -> await(store.commit(Samples.commit(ONE, 1, 4))));

    assertEquals(before, await(store.audit(0, ALL)).size());
  }

  @Test
  void textWithCharactersOfEveryKindComesBack() {
    String text = "größe 漢字 \ud83d\ude80 'quoted' \"twice\" \\ % _ \n\t";
    begin(ONE);
    await(store.commit(Samples.commit(ONE, 3, 4, flag(ONE, "up"))));
    record("up", new Attempt.Failed(text, NOW, NOW));
    await(store.putPlan(new PlanText("checkout", "aa", text, NOW)));

    assertEquals(text, await(store.deliveries(ONE, ALL)).getFirst().lastDetail());
    assertEquals(text, await(store.plan("checkout")).orElseThrow().text());
  }

  @Test
  protected void whatALookWasJudgedFromIsKeptBesideItAndReadInOrder() {
    begin(ONE);
    LookTrace first = trace(1, "c0ffee");
    LookTrace second = trace(2, "beef");
    await(store.commit(Samples.commit(ONE, 3, 4).with(Optional.of(first))));
    await(store.commit(Samples.commit(ONE, 4, 5)));
    await(store.commit(Samples.commit(ONE, 5, 6).with(Optional.of(second))));

    assertEquals(List.of(first, second), await(store.traces(ONE, 0, ALL)));
    assertEquals(List.of(first), await(store.traces(ONE, 0, 1)));
    assertEquals(List.of(second), await(store.traces(ONE, 1, ALL)));
    assertEquals(List.of(), await(store.traces(TWO, 0, ALL)));
  }

  private static LookTrace trace(long look, String samples) {
    return new LookTrace(look, "aa", 3, "bb", Map.of("errors", samples, "traffic", "0"));
  }
}
