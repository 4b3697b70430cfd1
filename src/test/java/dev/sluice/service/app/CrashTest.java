package dev.sluice.service.app;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.metrics.prometheus.RealPrometheus;
import dev.sluice.service.store.AuditCheck;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Recorded;
import dev.sluice.service.store.sqlite.StoreOpening;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One service is killed again and again, at moments of chance; another one with the same plans is
 * left alone. In the end both have decided the same, and every receiver has heard it once and in
 * order. How often: {@code bin/crashtest 200}; a few times where nothing is said.
 */
class CrashTest {
  private static final int CRASHES = Integer.getInteger("sluice.crashes", 5);
  private static final long SEED = Long.getLong("sluice.seed", 20260302);
  private static final int PLANS = 3;
  private static final int SECONDS_A_STEP = 4;

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private final List<Stage> stages = new ArrayList<>();
  private int crashes;

  @AfterEach
  void closeAll() throws Exception {
    for (Stage stage : stages) {
      stage.end();
    }
  }

  /** A service with its file and its receiver. */
  private final class Side {
    private final Stage stage;
    private final String name;
    private final Receiver receiver;
    private final String config;
    private final Map<String, String> ids = new TreeMap<>();
    private int starts;
    private Replica running;

    Side(Stage stage, String name, RealPrometheus prometheus) {
      this.stage = stage;
      this.name = name;
      receiver = stage.keep(new Receiver());
      config = "store: { file: " + file() + " }\n" + Stage.around(prometheus, receiver);
      running = spawn();
    }

    Path file() {
      return folder.resolve(name + ".db");
    }

    private Replica spawn() {
      return stage.keep(new Replica(folder, name + "-" + starts++, config, "none"));
    }

    void ready() {
      stage.until(name + " is ready", () -> running.ready());
    }

    void start(String plan) {
      Replica.Reply started =
          running.post("/api/v1/rollouts", "application/yaml", Stage.plan(plan, SECONDS_A_STEP));
      assertEquals(201, started.status(), started.body().toString());
      ids.put(plan, started.body().path("id").asText());
    }

    boolean completed(String plan) {
      return running
          .get("/api/v1/rollouts/" + ids.get(plan))
          .body()
          .path("state")
          .asText()
          .equals("completed");
    }

    /** Most often while it works, now and then while it is still coming up. */
    void crash() {
      boolean early = random.nextInt(5) == 0;
      if (!early) {
        ready();
      }
      Stage.pass(Duration.ofMillis(random.nextInt(early ? 1500 : 3000)));
      running.kill();
      running = spawn();
      crashes++;
    }

    /** What came of it: read when the process is gone. */
    Map<String, String> digests() {
      running.kill();
      Vertx vertx = Vertx.vertx();
      RolloutStore store = await(StoreOpening.open(vertx, file(), InstantSource.system()));
      try {
        assertWhole(store);
        Map<String, String> digests = new TreeMap<>();
        ids.forEach((plan, id) -> digests.put(plan, digest(store, new RolloutId(id))));
        return digests;
      } finally {
        await(store.close());
        await(vertx.close());
      }
    }

    private String digest(RolloutStore store, RolloutId id) {
      List<Event> events =
          await(store.events(id, 0, Integer.MAX_VALUE)).stream().map(Recorded::event).toList();
      assertEquals(folded(store, id, events), rollout(store, id), "the events lead to the state");
      List<Decision> decisions =
          events.stream()
              .filter(Event.Decided.class::isInstance)
              .map(e -> ((Event.Decided) e).decision())
              .toList();
      long told = await(store.deliveries(id, 1000)).stream().filter(Side::flag).count();
      assertEquals(
          LongStream.rangeClosed(1, told).boxed().toList(),
          receiver.of(id.value()),
          "every decision once, in its order, at the receiver of " + name);
      return String.join("; ", decisions.stream().map(CrashTest::words).toList());
    }

    private static boolean flag(RolloutStore.Delivery delivery) {
      assertEquals("delivered", delivery.state(), delivery.toString());
      return delivery.kind() == RolloutStore.Message.Kind.FLAG;
    }
  }

  private static String words(Decision decision) {
    return "%d %s at %s from %s to %s because of %s"
        .formatted(
            decision.sequence(),
            decision.kind(),
            decision.stepId(),
            decision.from(),
            decision.to(),
            decision.reason().code());
  }

  private static Rollout rollout(RolloutStore store, RolloutId id) {
    return await(store.load(id)).orElseThrow().rollout();
  }

  private static Rollout folded(RolloutStore store, RolloutId id, List<Event> events) {
    Rollout rollout =
        Evolution.begin(id, rollout(store, id).plan(), (Event.Started) events.getFirst());
    for (Event event : events.subList(1, events.size())) {
      rollout = Evolution.evolve(rollout, event);
    }
    return rollout;
  }

  private static void assertWhole(RolloutStore store) {
    AuditCheck check = new AuditCheck(Optional.empty());
    long after = 0;
    for (List<RolloutStore.Audited> page = await(store.audit(after, 500));
        !page.isEmpty();
        page = await(store.audit(after, 500))) {
      page.forEach(check::next);
      after = page.getLast().entry().number();
    }
    assertEquals(List.of(), check.faults());
  }

  @Test
  void aServiceThatIsKilledAgainAndAgainDecidesWhatOneDecidesThatIsLeftAlone() {
    Stage stage = new Stage(folder);
    stages.add(stage);
    RealPrometheus prometheus = stage.prometheus(Duration.ofMinutes(30).plusSeconds(40L * CRASHES));
    Side calm = new Side(stage, "calm", prometheus);
    Side crashing = new Side(stage, "crashing", prometheus);

    for (int round = 0; crashes < CRASHES; round++) {
      List<String> plans = new ArrayList<>();
      for (int i = 0; i < PLANS; i++) {
        plans.add("shop-" + round + "-" + i);
      }
      calm.ready();
      crashing.ready();
      plans.forEach(calm::start);
      plans.forEach(crashing::start);
      while (crashes < CRASHES && !plans.stream().allMatch(crashing::completed)) {
        crashing.crash();
      }
      for (Side side : List.of(calm, crashing)) {
        side.ready();
        plans.forEach(plan -> stage.until(plan + " completes", () -> side.completed(plan)));
      }
    }

    assertEquals(calm.digests(), crashing.digests());
    System.out.printf(
        "killed %d times (seed %d), %d rollouts, %d repeats dropped by the receiver%n",
        crashes, SEED, crashing.ids.size(), crashing.receiver.repeats());
  }
}
