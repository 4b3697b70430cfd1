package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flagger against the running service, tick by tick. */
class FlaggerConformanceTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Named<JsonNode>> scenarios() {
    return StreamSupport.stream(
            Fixtures.read("flagger-sequences").get("scenarios").spliterator(), false)
        .map(s -> Named.of(s.get("name").textValue(), s));
  }

  private FlaggerClient flagger(
      FlaggerClient.Canary canary, Set<String> down, boolean events, boolean good) {
    return new FlaggerClient(
        canary, server.uri("/flagger/podinfo"), down, events, "revision-2", () -> good);
  }

  private Rollout rollout() {
    return Scenes.await(server.store.latestOf("podinfo")).orElseThrow();
  }

  /** A minute in which the metrics are looked at, as they are while somebody watches. */
  private static void aMinute(TestServer server) {
    Optional<Rollout> now = Scenes.await(server.store.latestOf("podinfo"));
    if (now.filter(r -> !r.ended()).isPresent()) {
      server.scenes.looks(now.get().id().value(), 2, Scenes.well());
    } else {
      server.clock.advance(Duration.ofMinutes(1));
    }
  }

  /** What the scenario is about, read from its name as people do. */
  private static FlaggerClient.Canary canary(String name) {
    int threshold = name.contains("threshold 1") ? 1 : name.contains("threshold 5") ? 5 : 3;
    if (name.contains("stepWeight 100")) {
      return new FlaggerClient.Canary(100, 100, 50, threshold);
    }
    return name.startsWith("our service down")
        ? new FlaggerClient.Canary(25, 50, 0, threshold)
        : new FlaggerClient.Canary(10, 50, 0, threshold);
  }

  private static String steps(FlaggerClient.Canary canary) {
    List<String> steps = new ArrayList<>();
    for (int w = canary.stepWeight(); w <= canary.maxWeight(); w += canary.stepWeight()) {
      steps.add("" + w);
    }
    return String.join(",", steps);
  }

  private static Set<String> down(String name) {
    return name.startsWith("our service down for hook ")
        ? Set.of(name.replaceAll("our service down for hook ([a-z-]+),.*", "$1"))
        : Set.of();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyScenarioGoesAsFlaggerGoes(JsonNode scenario) {
    String name = scenario.get("name").textValue();
    FlaggerClient.Canary canary = canary(name);
    server.plan("podinfo", steps(canary));
    FlaggerClient flagger =
        flagger(canary, down(name), name.contains("maxWeight 50"), !name.startsWith("bad canary"));
    int last = scenario.get("states").size();
    for (int tick = 0; tick < last && !flagger.over(); tick++) {
      if (name.contains("turns 2xx at tick 4") && tick == 4) {
        server.scenes.tell(
            rollout().id().value(), new Command.RollBack(Scenes.ANNA, "It is broken."));
      }
      flagger.tick();
      aMinute(server);
      goOn(tick);
    }

    assertEquals(calls(scenario), described(flagger), name);
    assertEquals(states(scenario), flagger.states().stream().map(Object::toString).toList(), name);
  }

  /** After each tick with traffic the plan goes to its next step. */
  private void goOn(int tick) {
    Optional<Rollout> now = Scenes.await(server.store.latestOf("podinfo"));
    if (tick >= 1 && now.filter(r -> !r.ended()).isPresent()) {
      server.scenes.tell(
          now.get().id().value(), new Command.Promote(Scenes.ANNA, "The test goes on."));
    }
  }

  private static List<String> calls(JsonNode scenario) {
    List<String> all = new ArrayList<>();
    scenario
        .get("calls")
        .forEach(
            c ->
                all.add(
                    c.get("tick")
                        + " "
                        + c.get("hook").textValue()
                        + " "
                        + c.get("phase").textValue()
                        + " "
                        + c.get("answered").textValue()));
    return all;
  }

  private static List<String> described(FlaggerClient flagger) {
    return flagger.asked().stream()
        .map(a -> a.tick() + " " + a.hook() + " " + a.phase() + " " + (a.yes() ? "2xx" : "other"))
        .toList();
  }

  private static List<String> states(JsonNode scenario) {
    List<String> all = new ArrayList<>();
    scenario
        .get("states")
        .forEach(
            s ->
                all.add(
                    new FlaggerClient.State(
                            s.get("tick").intValue(),
                            s.get("phase").textValue(),
                            s.get("weight").intValue(),
                            s.get("failedChecks").intValue())
                        .toString()));
    return all;
  }

  private FlaggerClient begun(boolean events) {
    server.plan("podinfo", "10,50");
    FlaggerClient flagger = flagger(new FlaggerClient.Canary(40, 50, 0, 1), Set.of(), events, true);
    flagger.tick();
    return flagger;
  }

  @Test
  void askedAgainAndAgainNothingBeginsTwice() {
    FlaggerClient flagger = begun(false);
    for (int i = 0; i < 5; i++) {
      assertTrue(flagger.hook("pre-rollout", "Progressing"));
    }

    assertEquals(1, Scenes.await(server.store.list(10)).size());
    assertEquals(Actor.Kind.CONTROLLER, rollout().startedBy().kind());
  }

  @Test
  void eachStepOfThePlanRaisesTheWeightOnceHoweverOftenItIsAsked() {
    for (boolean events : List.of(false, true)) {
      try (TestServer other = new TestServer()) {
        other.plan("podinfo", "10,50");
        FlaggerClient flagger =
            new FlaggerClient(
                new FlaggerClient.Canary(10, 50, 0, 1),
                other.uri("/flagger/podinfo"),
                Set.of(),
                events,
                "revision-2",
                () -> true);
        for (int i = 0; i < 6; i++) {
          flagger.tick();
          aMinute(other);
        }

        assertEquals(10, flagger.states().getLast().weight(), "events: " + events);
        assertEquals("Progressing", flagger.states().getLast().phase());
      }
    }
  }

  @Test
  void whereTheWeightIsKnownSeveralRaisesFitIntoOneStep() {
    server.plan("podinfo", "30,50");
    FlaggerClient flagger = flagger(new FlaggerClient.Canary(10, 50, 0, 1), Set.of(), true, true);
    for (int i = 0; i < 8; i++) {
      flagger.tick();
      aMinute(server);
    }

    assertEquals(30, flagger.states().getLast().weight());
    assertTrue(flagger.lastBody().startsWith("no: The canary has 30 %"), flagger.lastBody());
  }

  @Test
  void aYesThatWasLostIsSaidAgainWithinTheSameTick() {
    FlaggerClient flagger = begun(false);

    assertTrue(flagger.hook("confirm-traffic-increase", "Progressing"));
    server.clock.advance(Duration.ofSeconds(2));
    assertTrue(flagger.hook("confirm-traffic-increase", "Progressing"));
    server.clock.advance(Duration.ofSeconds(10));
    assertFalse(flagger.hook("confirm-traffic-increase", "Progressing"));
  }

  @Test
  void onlyADecidedRollbackIsOne() {
    FlaggerClient flagger = begun(false);
    String id = rollout().id().value();

    assertFalse(flagger.hook("rollback", "Progressing"));
    server.scenes.tell(id, new Command.Pause(Scenes.ANNA, "lunch"));
    assertFalse(flagger.hook("rollback", "Progressing"));
    assertFalse(flagger.hook("confirm-promotion", "Progressing"));
    server.scenes.tell(id, new Command.RollBack(Scenes.ANNA, "It is broken."));
    assertTrue(flagger.hook("rollback", "Progressing"));
    assertFalse(flagger.hook("rollout", "Progressing"));
    assertFalse(flagger.hook("confirm-traffic-increase", "Progressing"));
  }

  @Test
  void anAbortedRolloutIsNoRollbackAndNoPromotion() {
    FlaggerClient flagger = begun(false);
    server.scenes.tell(rollout().id().value(), new Command.Abort(Scenes.ANNA, "by mistake"));

    assertFalse(flagger.hook("rollback", "Progressing"));
    assertFalse(flagger.hook("confirm-traffic-increase", "Progressing"));
    assertFalse(flagger.hook("confirm-promotion", "Progressing"));
    assertEquals("no: It was aborted by anna.\n", flagger.lastBody());
  }

  @Test
  void aYesToOneRevisionIsNoYesToTheNext() {
    FlaggerClient flagger = begun(false);
    String first = rollout().id().value();
    flagger.hook("pre-rollout", "Progressing");
    server.scenes.tell(first, new Command.Promote(Scenes.ANNA, "good"));
    server.scenes.tell(first, new Command.Promote(Scenes.ANNA, "good"));
    assertTrue(flagger.hook("confirm-promotion", "Progressing"));
    flagger.hook("post-rollout", "Succeeded");

    flagger.anotherRevision();

    assertFalse(flagger.hook("confirm-promotion", "Progressing"));
    assertFalse(rollout().id().value().equals(first));
  }

  @Test
  void aRevisionInTheMiddleOfTheAnalysisEndsTheOneBefore() {
    FlaggerClient flagger = begun(false);
    flagger.hook("pre-rollout", "Progressing");
    String first = rollout().id().value();

    FlaggerClient newer =
        new FlaggerClient(
            new FlaggerClient.Canary(10, 50, 0, 1),
            server.uri("/flagger/podinfo"),
            Set.of("confirm-rollout"),
            false,
            "revision-3",
            () -> true);
    newer.anotherRevision();
    server.post(
        "/flagger/podinfo/pre-rollout",
        "{\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Progressing\",\"checksum\":\"revision-3\"}");

    assertTrue(server.scenes.load(first).stage() instanceof Stage.Aborted);
    assertFalse(rollout().id().value().equals(first));
  }

  @Test
  void whatCannotBeToldIsANoThatFlaggerShows() {
    FlaggerClient flagger = begun(false);
    server.breakStore();

    for (String hook : List.of("rollback", "confirm-traffic-increase", "confirm-rollout")) {
      assertFalse(flagger.hook(hook, "Progressing"), hook);
      assertTrue(flagger.lastBody().startsWith("A mistake of this server: "), flagger.lastBody());
    }
  }

  @Test
  void aPlanThatIsNotThereIsNoYes() {
    FlaggerClient flagger = flagger(new FlaggerClient.Canary(10, 50, 0, 1), Set.of(), false, true);
    for (String hook :
        List.of("confirm-rollout", "pre-rollout", "rollout", "rollback", "confirm-promotion")) {
      assertFalse(flagger.hook(hook, "Progressing"), hook);
    }
  }
}
