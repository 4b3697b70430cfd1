package dev.sluice.service.outbox;

import static dev.sluice.service.outbox.ScriptedTarget.OK;
import static dev.sluice.service.outbox.ScriptedTarget.retry;
import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.ManualScheduler;
import dev.sluice.service.store.InMemoryRolloutStore;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RelayTest {
  private static final RolloutId ONE = new RolloutId("checkout-1");
  private static final RolloutId TWO = new RolloutId("checkout-2");
  private static final int ALL = 1000;

  private final ManualScheduler time = new ManualScheduler(Samples.START.plusSeconds(60));
  private final InMemoryRolloutStore store = new InMemoryRolloutStore();
  private final ScriptedTarget flags = new ScriptedTarget(time);
  private final ScriptedTarget chat = new ScriptedTarget(time);
  private final ScriptedTarget pager = new ScriptedTarget(time);
  private final RecordingReplies replies = new RecordingReplies();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Relay relay = relay();
  private final Map<RolloutId, Integer> versions = new HashMap<>();

  /** Days of failures pass here. */
  @BeforeAll
  static void beQuiet() {
    ((Logger) LoggerFactory.getLogger(Relay.class)).setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    ((Logger) LoggerFactory.getLogger(Relay.class)).setLevel(null);
  }

  /** Remembers what the rollouts were told, together with what the store knew at that moment. */
  private final class RecordingReplies implements FlagReplies {
    private final List<String> heard = new ArrayList<>();
    private Optional<RuntimeException> failure = Optional.empty();

    @Override
    public Future<Void> obeyed(RolloutId id, long decisionSequence) {
      return hear("obeyed " + id + " " + decisionSequence, id);
    }

    @Override
    public Future<Void> refused(RolloutId id, long decisionSequence, String detail) {
      return hear("refused " + id + " " + decisionSequence + " " + detail, id);
    }

    private Future<Void> hear(String what, RolloutId id) {
      heard.add(what + " [" + await(store.deliveries(id, 1)).getFirst().state() + "]");
      return failure.<Future<Void>>map(Future::failedFuture).orElse(Future.succeededFuture());
    }
  }

  private Relay relay() {
    return new Relay(
        store,
        Map.of("flags", flags, "chat", chat, "pager", pager),
        replies,
        time,
        time,
        new Random(7),
        new Telemetry(new PrometheusRegistry()),
        () -> true);
  }

  private static Message raise(RolloutId id, long sequence) {
    return new Message(id + "-" + sequence, id, "flags", false, Message.Kind.FLAG, "raise");
  }

  private static Message rollback(RolloutId id, long sequence) {
    return new Message(id + "-" + sequence, id, "flags", true, Message.Kind.FLAG, "rollback");
  }

  private static Message news(RolloutId id, String key, String target) {
    return new Message(id + "-" + key, id, target, false, Message.Kind.ANNOUNCEMENT, "news");
  }

  private void put(RolloutId id, Message... messages) {
    int from = versions.getOrDefault(id, 0);
    versions.put(id, from + 1);
    await(store.commit(Samples.commit(id, from, from + 1, messages)));
  }

  private Delivery log(RolloutId id, String message) {
    return await(store.deliveries(id, ALL)).stream()
        .filter(d -> d.messageId().equals(message))
        .findFirst()
        .orElseThrow();
  }

  private static List<Duration> gaps(ScriptedTarget target) {
    List<Instant> at = target.arrivals().stream().map(ScriptedTarget.Arrival::at).toList();
    return IntStream.range(1, at.size())
        .mapToObj(i -> Duration.between(at.get(i - 1), at.get(i)))
        .toList();
  }

  private static void assertBetween(Duration least, Duration most, Duration actual) {
    assertTrue(
        actual.compareTo(least) >= 0 && actual.compareTo(most) <= 0,
        actual + " is not between " + least + " and " + most);
  }

  @Test
  void whatWaitsIsDeliveredAtTheStartAndNoted() {
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "pager"));

    relay.start();

    assertEquals(List.of("checkout-1-a"), chat.ids());
    assertEquals(List.of("checkout-1-b"), pager.ids());
    assertEquals("delivered", log(ONE, "checkout-1-a").state());
  }

  @Test
  void whatComesLaterIsFoundWithinASecondEvenIfNobodyWakesTheRelay() {
    relay.start();
    put(ONE, news(ONE, "a", "chat"));

    time.advance(Duration.ofSeconds(1));

    assertEquals(List.of("checkout-1-a"), chat.ids());
  }

  @Test
  void messagesOfOneRolloutToOneTargetGoOneAfterTheOther() {
    List<Promise<Target.Result>> open = chat.hangs();
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"), news(ONE, "c", "pager"));
    put(TWO, news(TWO, "d", "chat"));
    relay.start();
    time.advance(Duration.ofSeconds(3));

    assertEquals(List.of("checkout-1-a", "checkout-2-d"), chat.ids());
    assertEquals(List.of("checkout-1-c"), pager.ids());

    open.getFirst().complete(new Target.Result.Ok());
    assertEquals(List.of("checkout-1-a", "checkout-2-d", "checkout-1-b"), chat.ids());
  }

  @Test
  void aTargetThatHangsHoldsUpOnlyItself() {
    chat.hangs();
    for (int i = 0; i < 200; i++) {
      RolloutId id = new RolloutId("busy-" + i);
      put(id, news(id, "a", "chat"));
    }
    put(ONE, news(ONE, "a", "pager"));

    relay.start();
    time.advance(Duration.ofSeconds(10));

    assertEquals(Traffic.PER_TARGET, chat.ids().size(), "so many and not more");
    assertEquals(List.of("checkout-1-a"), pager.ids());
  }

  @Test
  void anAnnouncementIsTriedTenTimesOnTheScheduleAndThenGivenUp() {
    chat.answers(message -> retry("HTTP 500"));
    put(ONE, news(ONE, "a", "chat"));
    relay.start();

    time.advance(Duration.ofDays(3));

    List<Duration> waits =
        List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10));
    List<Duration> gaps = gaps(chat);
    assertEquals(waits.size(), gaps.size());
    for (int i = 0; i < waits.size(); i++) {
      Duration wait = waits.get(i);
      assertBetween(wait.multipliedBy(8).dividedBy(10), wait.plusMillis(2), gaps.get(i));
    }
    assertEquals("given-up", log(ONE, "checkout-1-a").state());
    assertEquals("HTTP 500", log(ONE, "checkout-1-a").lastDetail());
    assertEquals(10, log(ONE, "checkout-1-a").attempts());
  }

  @Test
  void whatFailedTogetherDoesNotComeBackTogether() {
    chat.answers(message -> retry("HTTP 500"));
    for (int i = 0; i < 4; i++) {
      RolloutId id = new RolloutId("busy-" + i);
      put(id, news(id, "a", "chat"));
    }
    relay.start();
    time.advance(Duration.ofMillis(1100));

    assertEquals(
        4, chat.arrivals().stream().skip(4).map(ScriptedTarget.Arrival::at).distinct().count());
  }

  @Test
  void aMessageThatFailsHoldsBackTheNextOfItsLaneUntilItArrives() {
    chat.answers(message -> chat.arrivals().size() < 3 ? retry("HTTP 500") : OK);
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"));
    relay.start();
    time.advance(Duration.ofMinutes(1));

    assertEquals(
        List.of("checkout-1-a", "checkout-1-a", "checkout-1-a", "checkout-1-b"), chat.ids());
  }

  @Test
  void aRollbackIsTriedForEverAtLeastOnceAMinute() {
    flags.answers(message -> retry("HTTP 503"));
    put(ONE, rollback(ONE, 2));
    relay.start();
    time.advance(Duration.ofDays(2));

    List<Duration> gaps = gaps(flags);
    assertTrue(gaps.size() >= 2 * 24 * 60, gaps.size() + " attempts in two days");
    gaps.forEach(gap -> assertBetween(Duration.ZERO, Duration.ofMillis(60_002), gap));
    assertBetween(Duration.ofMillis(800), Duration.ofMillis(1002), gaps.getFirst());
    assertBetween(Duration.ofSeconds(48), Duration.ofSeconds(61), gaps.getLast());
    assertEquals("pending", log(ONE, "checkout-1-2").state());
  }

  @Test
  void aRaiseIsNeverGivenUpAndEveryFailureIsToldToTheRollout() {
    flags.answers(message -> retry("HTTP 503"));
    put(ONE, raise(ONE, 1));
    relay.start();
    time.advance(Duration.ofDays(3));

    gaps(flags).forEach(g -> assertBetween(Duration.ZERO, Duration.ofMinutes(31), g));
    assertTrue(flags.ids().size() > 3 * 48);
    assertEquals("pending", log(ONE, "checkout-1-1").state());
    assertEquals(flags.ids().size(), replies.heard.size());
    assertEquals("refused checkout-1 1 HTTP 503 [pending]", replies.heard.getFirst());

    flags.answers(message -> OK);
    time.advance(Duration.ofMinutes(31));
    assertEquals("delivered", log(ONE, "checkout-1-1").state());
  }

  @Test
  void theRolloutHearsThatTheFlagSystemHasObeyedBeforeTheDeliveryIsNoted() {
    put(ONE, raise(ONE, 1));
    relay.start();

    assertEquals(List.of("obeyed checkout-1 1 [pending]"), replies.heard);
    assertEquals("delivered", log(ONE, "checkout-1-1").state());
  }

  @Test
  void aCrashBetweenTheTwoRepeatsBoth() {
    put(ONE, raise(ONE, 1));
    store.breakWith(new IllegalStateException("killed here"));
    relay.start();
    store.repair();
    assertTrue(relay.stop().succeeded());

    relay().start();

    assertEquals(List.of("checkout-1-1", "checkout-1-1"), flags.ids());
    assertEquals(
        List.of("obeyed checkout-1 1 [pending]", "obeyed checkout-1 1 [pending]"), replies.heard);
    assertEquals("delivered", log(ONE, "checkout-1-1").state());
  }

  @Test
  void whatArrivedIsNotSentAgainWhileTheStoreCannotBeWritten() {
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"));
    store.breakWith(new IllegalStateException("disk full"));
    relay.start();
    time.advance(Duration.ofHours(1));
    assertEquals(List.of("checkout-1-a"), chat.ids());

    store.repair();
    time.advance(Duration.ofSeconds(30));
    assertEquals(List.of("checkout-1-a", "checkout-1-b"), chat.ids());
    assertEquals("delivered", log(ONE, "checkout-1-a").state());
  }

  @Test
  void aRolloutThatCannotHearIsToldAgainWithoutAnotherDelivery() {
    replies.failure = Optional.of(new IllegalStateException("conflict"));
    put(ONE, raise(ONE, 1));
    relay.start();
    time.advance(Duration.ofSeconds(10));
    replies.failure = Optional.empty();
    time.advance(Duration.ofSeconds(30));

    assertEquals(List.of("checkout-1-1"), flags.ids());
    assertTrue(replies.heard.size() > 2);
    assertEquals("delivered", log(ONE, "checkout-1-1").state());
  }

  @Test
  void aRollbackGoesOnBeingTriedWhileTheStoreCannotBeWritten() {
    flags.answers(message -> flags.arrivals().size() < 6 ? retry("HTTP 503") : OK);
    put(ONE, rollback(ONE, 2));
    store.breakWith(new IllegalStateException("disk full"));
    relay.start();
    time.advance(Duration.ofMinutes(5));

    assertEquals(6, flags.ids().size());
    List<Duration> gaps = gaps(flags);
    assertBetween(Duration.ofSeconds(16), Duration.ofSeconds(21), gaps.getLast());
    store.repair();
    time.advance(Duration.ofSeconds(31));
    assertEquals("delivered", log(ONE, "checkout-1-2").state());
  }

  @Test
  void whatTheTargetAsksForIsHonouredForAllThatGoesThere() {
    chat.answers(
        message ->
            chat.arrivals().size() > 1
                ? OK
                : Future.succeededFuture(
                    new Target.Result.Retry("HTTP 429", Optional.of(Duration.ofSeconds(30)))));
    put(ONE, news(ONE, "a", "chat"));
    relay.start();
    put(TWO, news(TWO, "b", "chat"));
    time.advance(Duration.ofSeconds(29));
    assertEquals(List.of("checkout-1-a"), chat.ids());

    time.advance(Duration.ofSeconds(3));
    assertEquals(3, chat.ids().size());
    assertBetween(Duration.ofSeconds(30), Duration.ofSeconds(31), gaps(chat).getFirst());
  }

  @Test
  void anAbsurdWaitIsCutToAnHourAndForARollbackToAMinute() {
    Target.Result absurd = new Target.Result.Retry("HTTP 503", Optional.of(Duration.ofDays(4000)));
    chat.answers(message -> Future.succeededFuture(absurd));
    flags.answers(message -> Future.succeededFuture(absurd));
    put(ONE, rollback(ONE, 2), news(ONE, "a", "chat"));
    relay.start();
    time.advance(Duration.ofHours(3));

    assertBetween(Duration.ofMinutes(60), Duration.ofSeconds(3601), gaps(chat).getFirst());
    gaps(flags).forEach(g -> assertBetween(Duration.ofSeconds(60), Duration.ofSeconds(61), g));
  }

  @Test
  void anEndpointThatIsGoneIsGivenUpForNewsAndNeverForFlags() {
    Target.Result gone = new Target.Result.Gone("HTTP 410");
    chat.answers(message -> Future.succeededFuture(gone));
    flags.answers(message -> Future.succeededFuture(gone));
    put(ONE, news(ONE, "a", "chat"), raise(ONE, 1));
    put(TWO, rollback(TWO, 2));
    relay.start();
    time.advance(Duration.ofHours(10));

    assertEquals("given-up", log(ONE, "checkout-1-a").state());
    assertEquals(1, chat.ids().size());
    assertEquals("pending", log(ONE, "checkout-1-1").state());
    assertEquals("pending", log(TWO, "checkout-2-2").state());
    assertTrue(replies.heard.contains("refused checkout-1 1 HTTP 410 [pending]"));
    long raises = flags.ids().stream().filter("checkout-1-1"::equals).count();
    assertTrue(raises >= 20 && raises <= 27, raises + " attempts of a raise in ten hours");
  }

  @Test
  void aTargetNobodyKnowsIsToldAsARefusalThatNamesTheKnownOnes() {
    put(ONE, new Message("checkout-1-1", ONE, "flaggs", false, Message.Kind.FLAG, ""));
    relay.start();

    String heard = replies.heard.getFirst();
    assertTrue(
        heard.startsWith(
            "refused checkout-1 1 No flag system or sink is called 'flaggs' in the server configuration. Known: chat, flags, pager."),
        heard);
    assertEquals("pending", log(ONE, "checkout-1-1").state());
  }

  @Test
  void aTargetThatThrowsOrFailsIsTriedAgainAndItsTextIsNotShown() {
    chat.answers(
        message -> {
          throw new IllegalStateException("https://secret.example");
        });
    pager.answers(message -> Future.failedFuture("https://secret.example"));
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "pager"));
    relay.start();

    assertEquals(
        "The attempt failed (IllegalStateException).", log(ONE, "checkout-1-a").lastDetail());
    assertEquals("pending", log(ONE, "checkout-1-a").state());
    assertFalse(log(ONE, "checkout-1-b").lastDetail().contains("secret"));
  }

  @Test
  void aTargetThatNeverAnswersDoesNotKeepItsLaneForEver() {
    List<Promise<Target.Result>> open = chat.hangs();
    put(ONE, news(ONE, "a", "chat"));
    relay.start();
    time.advance(Duration.ofMinutes(6));

    assertEquals(2, chat.ids().size());
    assertEquals("It never answered.", log(ONE, "checkout-1-a").lastDetail());
    open.getFirst().complete(new Target.Result.Ok());
    assertEquals("pending", log(ONE, "checkout-1-a").state(), "too late: the second one counts");
  }

  @Test
  void aRollbackLeavesAtOnceEvenWhileARaiseIsOnItsWay() {
    List<Promise<Target.Result>> open = flags.hangs();
    put(ONE, raise(ONE, 1));
    relay.start();
    put(ONE, rollback(ONE, 2));
    relay.wake();

    assertEquals(List.of("checkout-1-1", "checkout-1-2"), flags.ids());
    assertEquals(time.instant(), flags.arrivals().getLast().at());
    assertEquals(2, open.size());
  }

  @Test
  void aRollbackThatArrivedBeforeAnOlderRaiseIsSentOnceMoreAfterIt() {
    List<Promise<Target.Result>> open = flags.hangs();
    put(ONE, raise(ONE, 1));
    relay.start();
    put(ONE, rollback(ONE, 2));
    relay.wake();

    open.get(1).complete(new Target.Result.Ok());
    time.advance(Duration.ofSeconds(5));
    assertEquals(2, flags.ids().size(), "it waits for the raise");
    assertEquals(List.of(), replies.heard, "nobody is told that users are safe");

    open.get(0).complete(new Target.Result.Ok());
    assertEquals(List.of("checkout-1-1", "checkout-1-2", "checkout-1-2"), flags.ids());
    open.get(2).complete(new Target.Result.Ok());

    assertEquals("obeyed checkout-1 2 [pending]", replies.heard.getLast());
    assertEquals("delivered", log(ONE, "checkout-1-1").state());
    assertEquals("delivered", log(ONE, "checkout-1-2").state());
  }

  @Test
  void slowRaisesDoNotTakeTheRollbacksPlaces() {
    flags.hangs();
    for (int i = 0; i < 50; i++) {
      RolloutId id = new RolloutId("busy-" + i);
      put(id, raise(id, 1));
    }
    relay.start();
    put(ONE, rollback(ONE, 2));
    relay.wake();

    assertEquals(Traffic.PER_TARGET + 1, flags.ids().size());
    assertEquals("checkout-1-2", flags.ids().getLast());
  }

  @Test
  void rollbacksAreSentEvenWhereTheTargetAskedForQuiet() {
    flags.answers(
        message ->
            message.urgent()
                ? OK
                : Future.succeededFuture(
                    new Target.Result.Retry("HTTP 429", Optional.of(Duration.ofMinutes(10)))));
    put(ONE, raise(ONE, 1));
    relay.start();
    put(TWO, rollback(TWO, 2));
    relay.wake();

    assertEquals("delivered", log(TWO, "checkout-2-2").state());
  }

  @Test
  void stoppingWaitsForWhatIsOnItsWayAndSendsNothingNew() {
    List<Promise<Target.Result>> open = chat.hangs();
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "chat"));
    relay.start();
    Future<Void> stopped = relay.stop();
    assertFalse(stopped.isComplete());

    open.getFirst().complete(new Target.Result.Ok());

    assertTrue(stopped.succeeded());
    assertEquals("delivered", log(ONE, "checkout-1-a").state());
    time.advance(Duration.ofMinutes(10));
    assertEquals(List.of("checkout-1-a"), chat.ids());
    assertEquals(0, time.pending(), "no timer is left");
  }

  @Test
  void stoppingDoesNotWaitForEver() {
    chat.hangs();
    put(ONE, news(ONE, "a", "chat"));
    relay.start();
    Future<Void> stopped = relay.stop();
    time.advance(Duration.ofSeconds(20));
    assertTrue(stopped.succeeded());
  }

  @Test
  void attemptsAreCountedByTargetAndResult() {
    Relay counted =
        new Relay(
            store,
            Map.of("chat", chat, "pager", pager),
            replies,
            time,
            time,
            new Random(7),
            new Telemetry(registry),
            () -> true);
    chat.answers(message -> chat.arrivals().size() < 3 ? retry("HTTP 500") : OK);
    pager.answers(message -> Future.succeededFuture(new Target.Result.Gone("HTTP 410")));
    put(ONE, news(ONE, "a", "chat"), news(ONE, "b", "pager"));
    counted.start();
    time.advance(Duration.ofMinutes(1));

    assertEquals(2, count("chat", "failed"));
    assertEquals(1, count("chat", "delivered"));
    assertEquals(1, count("pager", "given-up"));
  }

  private double count(String target, String result) {
    return registry.scrape(name -> name.equals("sluice_deliveries")).stream()
        .flatMap(s -> ((CounterSnapshot) s).getDataPoints().stream())
        .filter(
            p ->
                target.equals(p.getLabels().get("target"))
                    && result.equals(p.getLabels().get("result")))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }
}
