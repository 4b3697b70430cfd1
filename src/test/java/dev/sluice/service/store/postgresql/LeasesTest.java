package dev.sluice.service.store.postgresql;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Leases.Held;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Attempt;
import dev.sluice.service.store.RolloutStore.LeaseLost;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several replicas on one real PostgreSQL: who looks after what, and whose word counts. */
class LeasesTest {
  private static final RolloutId ONE = new RolloutId("checkout-1");
  private static final Instant NOW = Samples.START.plusSeconds(1000);

  @SuppressWarnings("NullAway.Init")
  private static RealPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private static Vertx vertx;

  private final List<RolloutStore> open = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Server server;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
    postgresql = RealPostgresql.make().start();
  }

  @AfterAll
  static void end() {
    await(vertx.close());
    postgresql.close();
  }

  @BeforeEach
  void anEmptyStore() {
    server = postgresql.emptySchema();
  }

  @AfterEach
  void closeAll() {
    open.forEach(store -> await(store.close()));
  }

  /** Believed for so long that only what a test does declares it dead. */
  private RolloutStore replica() {
    RolloutStore store =
        await(
            PostgresqlOpening.open(
                vertx,
                server,
                InstantSource.system(),
                new Membership.Times(Duration.ofSeconds(1), Duration.ofHours(1)),
                Migrations.ALL));
    open.add(store);
    return store;
  }

  private static List<Held> renew(RolloutStore store) {
    return await(store.leases().orElseThrow().renew());
  }

  private static Set<RolloutId> ids(List<Held> held) {
    return new HashSet<>(held.stream().map(Held::id).toList());
  }

  private static Message flag(RolloutId id, String key) {
    return new Message(key, id, "flags", false, Message.Kind.FLAG, "body");
  }

  private static void start(RolloutStore store, RolloutId id, Message... messages) {
    await(store.commit(Samples.commit(id, 0, 3, messages)));
  }

  private static void startMany(RolloutStore store, int count) {
    for (int i = 0; i < count; i++) {
      start(store, new RolloutId("rollout-" + i));
    }
  }

  /** As if the others had not heard of any replica for too long. */
  private void allAreSilentForTooLong() {
    postgresql.execute(server, "UPDATE replicas SET until = clock_timestamp() - interval '1 s'");
  }

  private static long dues(RolloutStore store) {
    return await(store.due(NOW, 100)).size();
  }

  @Test
  void whoBeginsARolloutLooksAfterIt() {
    RolloutStore a = replica();
    start(a, ONE, flag(ONE, "up"));

    await(a.commitAsOwner(Samples.commit(ONE, 3, 4)));

    assertEquals(List.of(new Held(ONE, 1, 4, true, false)), renew(a));
    assertEquals(1, dues(a));
  }

  @Test
  void anotherReplicaNeitherWritesAsTheOwnerNorDelivers() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    start(a, ONE, flag(ONE, "up"));

    assertThrows(LeaseLost.class, () -> await(b.commitAsOwner(Samples.commit(ONE, 3, 4))));

    assertEquals(0, dues(b));
    assertEquals(3, await(a.load(ONE)).orElseThrow().rollout().version());
  }

  @Test
  void aCommandThatIsCarriedOutElsewhereShowsToTheOwner() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    start(a, ONE);
    renew(a);

    await(b.commit(Samples.commit(ONE, 3, 5, flag(ONE, "up"))));

    assertEquals(5, renew(a).getFirst().version());
    assertEquals(1, dues(a), "its messages are the owner's to deliver");
    assertEquals(0, dues(b));
  }

  @Test
  void whatADeadReplicaHeldIsTakenByAnother() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    start(a, ONE, flag(ONE, "up"));
    allAreSilentForTooLong();

    List<Held> taken = renew(b);

    assertEquals(List.of(new Held(ONE, 2, 3, true, false)), taken);
    assertEquals(1, dues(b));
    assertEquals(0, dues(a));
    await(b.commitAsOwner(Samples.commit(ONE, 3, 4)));
  }

  @Test
  void aReplicaThatWakesUpLateIsRefusedAndJoinsAnewWithNothing() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    start(a, ONE, flag(ONE, "up"));
    renew(a);
    allAreSilentForTooLong();
    renew(b);

    assertThrows(
        LeaseLost.class, () -> await(a.commitAsOwner(Samples.commit(ONE, 3, 4, flag(ONE, "no")))));

    assertEquals(3, await(b.load(ONE)).orElseThrow().rollout().version());
    assertEquals(1, await(b.deliveries(ONE, 10)).size());
    assertEquals(List.of(), renew(a));
    assertThrows(LeaseLost.class, () -> await(a.commitAsOwner(Samples.commit(ONE, 3, 4))));
  }

  @Test
  void whoRenewsAtTheLastMomentKeepsEverythingEvenIfItIsLate() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    start(a, ONE);
    postgresql.execute(
        server,
        "UPDATE replicas SET until = clock_timestamp() - interval '1 s' WHERE id IN"
            + " (SELECT owner FROM leases)");

    assertEquals(Set.of(ONE), ids(renew(a)), "nobody had noticed yet");
    assertEquals(List.of(), renew(b));
    await(a.commitAsOwner(Samples.commit(ONE, 3, 4)));
  }

  @Test
  void whatAStaleOwnerSaysOfADeliveryCountsOnlyIfItArrived() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    start(a, ONE, flag(ONE, "up"));
    long row = await(a.due(NOW, 10)).getFirst().row();
    allAreSilentForTooLong();
    renew(b);

    await(a.record(row, new Attempt.Failed("HTTP 503", NOW, NOW.plusSeconds(3600))));
    assertEquals(1, dues(b), "the new owner tries by its own schedule");
    await(a.record(row, new Attempt.GivenUp("HTTP 410", NOW)));
    assertEquals(1, dues(b));

    await(a.record(row, new Attempt.Delivered(NOW)));
    assertEquals(0, dues(b));
    assertEquals("delivered", await(b.deliveries(ONE, 1)).getFirst().state());
  }

  @Test
  void theWorkIsSpreadEvenly() {
    RolloutStore a = replica();
    startMany(a, 7);
    assertEquals(7, renew(a).size());

    RolloutStore b = replica();
    RolloutStore c = replica();
    renew(a);
    renew(b);
    renew(c);

    Set<RolloutId> all = new HashSet<>();
    for (RolloutStore store : List.of(a, b, c)) {
      List<Held> held = renew(store);
      assertTrue(held.size() <= 3, held.size() + " of 7 for one of three");
      all.addAll(ids(held));
    }
    assertEquals(7, all.size());
  }

  @Test
  void whatIsHandedOverInGoodOrderIsKnownAsSuchOnce() {
    RolloutStore a = replica();
    startMany(a, 2);
    renew(a);
    RolloutStore b = replica();
    renew(a);

    assertTrue(renew(b).getFirst().handedOver());
    assertFalse(renew(b).getFirst().handedOver());
  }

  @Test
  void aRolloutWithAMessageOnItsWayIsNotHandedOver() {
    RolloutStore a = replica();
    RolloutId busy = new RolloutId("rollout-9");
    startMany(a, 1);
    start(a, busy, flag(busy, "up"));
    replica();

    assertEquals(Set.of(busy), ids(renew(a)));
  }

  @Test
  void whoStopsGivesEverythingBackInGoodOrder() {
    RolloutStore a = replica();
    startMany(a, 3);
    RolloutStore b = replica();

    await(a.close());

    List<Held> held = renew(b);
    assertEquals(3, held.size());
    assertTrue(held.stream().allMatch(Held::handedOver));
  }

  @Test
  void aRolloutThatHasEndedIsHeldUntilItsLastMessageIsThrough() {
    RolloutStore a = replica();
    Message bye = new Message("bye", ONE, "chat", false, Message.Kind.ANNOUNCEMENT, "");
    start(a, ONE);
    await(a.commit(Samples.commit(ONE, 3, 20, bye)));

    assertEquals(List.of(false), renew(a).stream().map(Held::live).toList());
    await(a.record(await(a.due(NOW, 10)).getFirst().row(), new Attempt.Delivered(NOW)));

    assertEquals(List.of(), renew(a));
    assertEquals(List.of("0"), postgresql.query(server, "SELECT count(*) FROM leases"));
  }

  @Test
  void whatIsBegunByAReplicaThatIsTakenForDeadIsLookedAfterByAnother() {
    RolloutStore a = replica();
    RolloutStore b = replica();
    allAreSilentForTooLong();
    renew(b);

    start(a, ONE);

    assertThrows(LeaseLost.class, () -> await(a.commitAsOwner(Samples.commit(ONE, 3, 4))));
    assertEquals(Set.of(ONE), ids(renew(b)));
  }

  @Test
  void ofManyWhoTakeAtTheSameTimeEachTakesOthers() {
    RolloutStore first = replica();
    startMany(first, 24);
    List<RolloutStore> others = List.of(replica(), replica(), replica());
    postgresql.execute(
        server,
        "UPDATE replicas SET until = clock_timestamp() - interval '1 s' WHERE id IN"
            + " (SELECT owner FROM leases)");

    for (int round = 0; round < 3; round++) {
      await(Future.all(others.stream().map(s -> s.leases().orElseThrow().renew()).toList()));
    }

    Set<RolloutId> all = new HashSet<>();
    int sum = 0;
    for (RolloutStore store : others) {
      List<Held> held = renew(store);
      all.addAll(ids(held));
      sum += held.size();
    }
    assertEquals(24, all.size());
    assertEquals(24, sum, "none has two owners");
  }

  @Test
  void aDeadReplicaIsReplacedWithinTenSeconds() {
    Membership.Times usual = Membership.Times.USUAL;
    assertTrue(usual.every().plus(usual.believed()).compareTo(Duration.ofSeconds(10)) <= 0);
  }
}
