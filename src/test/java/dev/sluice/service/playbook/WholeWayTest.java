package dev.sluice.service.playbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.loop.ManualScheduler;
import dev.sluice.service.metrics.prometheus.RealPrometheus;
import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.store.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way of a release, over a real Prometheus that holds five and a half days of three
 * services: from 1 % of the users to 100 % and through the three days in which the old system is
 * kept. Everything is what runs in production (queries over HTTP, SQLite, signed webhooks); only
 * the time is ours.
 *
 * <p>A look every half an hour: each costs some twenty queries, and with looks every 30 s, as the
 * plan this was taken from has them, there were 16,000. What is counted is the same: the windows
 * touch, and a look reads all of the minute's samples in its window.
 */
class WholeWayTest {
  /** A Monday, ten in the morning. */
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");

  private static final Duration LOOK = Duration.ofMinutes(30);
  private static final Instant HISTORY = START.minus(Duration.ofHours(2));
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  /**
   * When the users are moved, which follows from the plan. A look is taken two minutes after its
   * window; a window that saw two exposures does not count, so a step of six hours takes six and a
   * half.
   */
  private static final NavigableMap<Instant, Double> SHARES =
      new TreeMap<>(
          Map.of(
              HISTORY,
              0.0,
              // The first window begins with the rollout.
              START,
              0.01,
              // 24 h later.
              Instant.parse("2026-03-03T10:02:00Z"),
              0.1,
              // Done at 16:32, after hours: the next morning.
              Instant.parse("2026-03-04T09:02:00Z"),
              0.5,
              Instant.parse("2026-03-04T15:32:00Z"),
              1.0));

  private static final Instant RETAINED = Instant.parse("2026-03-05T16:02:00Z");

  /** The look that ends three days after that is taken. */
  private static final Instant FINISHED = Instant.parse("2026-03-08T16:32:00Z");

  private static final Instant LATE_ERRORS = START.plus(Duration.ofHours(20));
  private static final Instant SLOWNESS = Instant.parse("2026-03-04T10:00:00Z");

  @TempDir private static Path data;

  @SuppressWarnings("NullAway.Init") // set before all
  private static RealPrometheus prometheus;

  @TempDir private Path folder;
  private String store = "sluice.db";
  private final Vertx vertx = Vertx.vertx();
  private final Receiver flags = new Receiver(vertx);
  private final Receiver decisions = new Receiver(vertx);
  private ManualScheduler time = new ManualScheduler(START);

  @BeforeAll
  static void backfill() {
    prometheus = RealPrometheus.in(data);
    new History("good", HISTORY, FINISHED, SHARES, 1).writeTo(prometheus);
    new History("failing", HISTORY, START.plus(Duration.ofHours(24)), SHARES, 2)
        .failingFrom(LATE_ERRORS)
        .writeTo(prometheus);
    new History("slow", HISTORY, SLOWNESS.plus(Duration.ofHours(4)), SHARES, 3)
        .slowFrom(SLOWNESS)
        .writeTo(prometheus);
    prometheus.load().start();
  }

  @AfterAll
  static void endPrometheus() {
    prometheus.close();
  }

  @AfterEach
  void end() {
    Await.await(vertx.close());
  }

  private ServerConfig config() {
    String text =
        """
        prometheus:
          prod: { url: '%s', scrapeInterval: 1m }
        store: { file: %s }
        flags:
          flags: { type: webhook, url: '%s', secrets: [whsec_%s] }
        sinks:
          decisions: { type: webhook, url: '%s', secrets: [whsec_%s] }
        """
            .formatted(
                prometheus.url(), store, flags.url("/flag"), KEY, decisions.url("/news"), KEY);
    return switch (ConfigReader.read(text, folder, Map.of())) {
      case ConfigReading.Ok ok -> ok.config();
      case ConfigReading.Broken broken -> fail(broken.problems().toString());
    };
  }

  private static Plan plan(String service) throws IOException {
    try (InputStream in = WholeWayTest.class.getResourceAsStream("/playbook/migration.plan.yaml")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return switch (new PlanReader().read(text.replace("SERVICE", service))) {
        case PlanReading.Ok ok -> ok.plan();
        case PlanReading.Broken broken -> fail(broken.problems().toString());
      };
    }
  }

  private Life begin() {
    return Life.begin(vertx, time, config());
  }

  /** Instant and share of every move, as the rollout decided it. */
  private static NavigableMap<Instant, Double> moves(List<Event> events) {
    NavigableMap<Instant, Double> moves = new TreeMap<>();
    decided(events).forEach(d -> moves.put(d.at(), d.to().share()));
    return moves;
  }

  private static List<Decision> decided(List<Event> events) {
    return events.stream()
        .filter(Event.Decided.class::isInstance)
        .map(e -> ((Event.Decided) e).decision())
        .toList();
  }

  private static List<Event.LookTaken> looks(List<Event> events) {
    return events.stream()
        .filter(Event.LookTaken.class::isInstance)
        .map(Event.LookTaken.class::cast)
        .toList();
  }

  /** What a receiver was told, in order: decision and percentage. Every signature is checked. */
  private static List<String> told(Receiver receiver) throws Exception {
    List<String> told = new ArrayList<>();
    for (Receiver.Received received : receiver.received()) {
      assertSigned(received);
      JsonNode data = new ObjectMapper().readTree(received.body()).path("data");
      if (data.has("decision")) {
        told.add(data.path("decision").asText() + " to " + data.path("to").asText());
      }
    }
    return told;
  }

  /** As the receiver of a Standard Webhook has to check it. */
  private static void assertSigned(Receiver.Received received) throws Exception {
    Map<String, String> headers = received.headers();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
    String signed =
        headers.get("webhook-id") + "." + headers.get("webhook-timestamp") + "." + received.body();
    String expected =
        Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    assertEquals("v1," + expected, headers.get("webhook-signature"));
  }

  /** Units of the canary and of the baseline behind the error rate, at the step's last look. */
  private static List<Double> units(String step, List<Event> events) {
    Assessment last =
        looks(events).stream()
            .map(Event.LookTaken::assessment)
            .filter(a -> a.stepId().equals(step))
            .reduce((earlier, later) -> later)
            .orElseThrow();
    Check errors =
        last.checks().stream().filter(c -> c.id().equals("error-rate")).findFirst().orElseThrow();
    Finding.Comparison seen = assertInstanceOf(Finding.Comparison.class, errors.finding());
    return List.of(seen.canarySize(), seen.baselineSize());
  }

  /** One look alone never decides; a crash takes three or four, and half a dozen are enough. */
  private static void assertFoundWithinSixLooks(Instant since, Decision back) {
    Instant latest = since.plus(LOOK.multipliedBy(6)).plus(Duration.ofMinutes(2));
    assertTrue(back.at().isAfter(since) && !back.at().isAfter(latest), back.toString());
  }

  private static void assertRolledBack(String step, String metric, String other, Decision back) {
    String sentence = back.reason().sentence();
    assertEquals(Decision.Kind.ROLL_BACK, back.kind(), sentence);
    assertEquals(step, back.stepId());
    assertTrue(sentence.contains(metric), sentence);
    assertFalse(sentence.contains(other), sentence);
  }

  @Test
  void aGoodReleaseGoesAllTheWayAndTheOldSystemIsKeptForThreeDays() throws Exception {
    Life life = begin();
    RolloutId id = life.start(plan("good"));
    time.advanceTo(FINISHED);

    NavigableMap<Instant, Double> expected = new TreeMap<>(SHARES.tailMap(START, true));
    expected.put(RETAINED, 1.0);
    expected.put(FINISHED, 1.0);
    List<Event> events = life.events(id);
    assertEquals(expected, moves(events));
    assertEquals(
        List.of(86_400.0, 86_400.0),
        units("users-1", events),
        "a day of one in a hundred of a hundred requests a second: none is lost, none twice");
    assertEquals(new Stage.Completed(FINISHED), life.rollout(id).stage());
    assertEquals(
        List.of("promote to 1", "promote to 10", "promote to 50", "promote to 100"), told(flags));
    assertTrue(
        looks(events).stream()
            .allMatch(l -> l.assessment().usable() && l.assessment().trafficTrouble().isEmpty()),
        "every metric had data in every look, and the traffic followed");
    life.end();
  }

  @Test
  void errorsThatBeginAfterTwentyHoursAtOnePercentAreFoundThere() throws Exception {
    Life life = begin();
    RolloutId id = life.start(plan("failing"));
    time.advanceTo(START.plus(Duration.ofHours(24)));

    Decision back = decided(life.events(id)).getLast();
    assertRolledBack("users-1", "error-rate", "p99", back);
    assertFoundWithinSixLooks(LATE_ERRORS, back);
    assertInstanceOf(Stage.RolledBack.class, life.rollout(id).stage());
    assertEquals(List.of("promote to 1", "rollback to 0"), told(flags));
    assertEquals(List.of("rollback to 0"), told(decisions));
    life.end();
  }

  private static final List<String> SLOW_WAY =
      List.of("promote to 1", "promote to 10", "promote to 50", "rollback to 0");

  private static final Instant SLOW_END = SLOWNESS.plus(Duration.ofHours(4));

  @Test
  void aTailAtFiftyPercentIsFoundThere() throws Exception {
    Life life = begin();
    RolloutId id = life.start(plan("slow"));
    time.advanceTo(SLOW_END);

    Decision back = decided(life.events(id)).getLast();
    assertRolledBack("users-50", "p99", "error-rate", back);
    assertFoundWithinSixLooks(SLOWNESS, back);
    assertEquals(SLOW_WAY, told(flags));
    assertEquals(List.of("rollback to 0"), told(decisions));
    life.end();
  }

  /** The events as they are stored, but for when they were written: that is later after a gap. */
  private static List<String> log(List<Event> events) {
    return events.stream()
        .map(e -> SluiceJson.write(e).replaceAll("\"at\":\"[^\"]*\"", "\"at\":\"\""))
        .toList();
  }

  @Test
  void anHourAndAHalfWithoutServiceAndPrometheusChangesNoDecision() throws Exception {
    Life calm = begin();
    RolloutId id = calm.start(plan("slow"));
    time.advanceTo(SLOW_END);
    List<String> expected = log(calm.events(id));
    calm.end();
    assertEquals(SLOW_WAY, told(flags));
    flags.forget();
    decisions.forget();

    time = new ManualScheduler(START);
    store = "restarted.db";
    Life before = begin();
    assertEquals(id, before.start(plan("slow")));
    Instant gone = Instant.parse("2026-03-03T13:15:00Z");
    time.advanceTo(gone);
    before.end();
    prometheus.stop();
    time.advanceTo(gone.plus(Duration.ofMinutes(90)));
    prometheus.start();
    Life after = begin();
    time.advanceTo(SLOW_END);

    assertEquals(expected, log(after.events(id)));
    assertEquals(SLOW_WAY, told(flags), "nothing was told twice");
    assertEquals(List.of("rollback to 0"), told(decisions));
    after.end();
  }
}
