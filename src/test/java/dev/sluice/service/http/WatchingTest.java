package dev.sluice.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.service.http.EventSource.Message;
import dev.sluice.service.json.SluiceJson;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchingTest {
  private static final String EVENTS = "/api/v1/rollouts/checkout-1/events";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private static JsonNode data(Message message) {
    return SluiceJson.read(message.data(), JsonNode.class);
  }

  @Test
  void whoWatchesIsToldWhatHappensFromNowOn() {
    long seen = server.scenes.begun("checkout-1", Scenes.plan("checkout")).version();

    try (EventSource source = new EventSource(server.port, EVENTS)) {
      assertEquals(200, source.status());
      assertTrue(source.headers().contains("Content-Type: text/event-stream"));
      assertEquals("retry: 2000", source.any().data());
      server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));

      Message paused = source.next();
      assertEquals(Long.toString(seen + 1), paused.id());
      assertEquals("rollout", paused.event());
      assertEquals("pausedBy", data(paused).get("type").textValue());
      assertEquals(seen + 1, data(paused).get("version").longValue());
    }
  }

  @Test
  void whoComesBackMissesNothing() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    long version = server.scenes.load("checkout-1").version();

    try (EventSource source = new EventSource(server.port, EVENTS, "Last-Event-ID: 300")) {
      for (long expected = 301; expected <= version; expected++) {
        assertEquals(Long.toString(expected), source.next().id());
      }
    }
  }

  @Test
  void everythingCanBeAskedForFromTheBeginning() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    try (EventSource source = new EventSource(server.port, EVENTS + "?after=0")) {
      assertEquals("started", data(source.next()).get("type").textValue());
    }
  }

  @Test
  void theEndOfARolloutEndsTheStreamAndNobodyNeedsToComeBack() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    String last;
    try (EventSource source = new EventSource(server.port, EVENTS)) {
      server.scenes.tell("checkout-1", new Command.Abort(Scenes.ANNA, "enough"));
      Message aborted = source.next();
      last = aborted.id();
      assertEquals("abortedBy", data(aborted).get("type").textValue());
      assertEquals("ended", source.next().event());
      assertEquals("closed", source.next().event());
    }

    try (EventSource again = new EventSource(server.port, EVENTS, "Last-Event-ID: " + last)) {
      assertEquals(204, again.status());
    }
    try (EventSource late = new EventSource(server.port, EVENTS, "Last-Event-ID: 1")) {
      List<String> ids = new ArrayList<>();
      for (Message m = late.next(); !m.event().equals("ended"); m = late.next()) {
        ids.add(m.id());
      }
      assertEquals(last, ids.getLast());
    }
  }

  @Test
  void aRolloutThatIsNotThereCannotBeWatched() {
    try (EventSource source = new EventSource(server.port, EVENTS)) {
      assertEquals(404, source.status());
    }
  }

  @Test
  void withoutTheTypeTheEventsAreAPageAsBefore() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    assertTrue(server.get(EVENTS).body().startsWith("{\"events\":["));
  }

  @Test
  void silenceIsBrokenByAHeartbeatAndThereIsAnEndToTheNumberOfWatchers() {
    try (TestServer small = new TestServer(List.of(), TestServer.small())) {
      small.scenes.begun("checkout-1", Scenes.plan("checkout"));
      try (EventSource one = new EventSource(small.port, EVENTS);
          EventSource two = new EventSource(small.port, EVENTS)) {
        one.any();
        assertEquals("beat", one.any().event());
        two.any();
        try (EventSource third = new EventSource(small.port, EVENTS)) {
          assertEquals(503, third.status());
          assertTrue(third.headers().contains("Retry-After: 10"));
        }
      }
    }
  }

  @Test
  void theServersEndEndsTheStreamAndTheNextServerGoesOn() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    try (EventSource source = new EventSource(server.port, EVENTS)) {
      source.any();
      var stopping = server.api.stop();
      assertEquals("closed", source.next().event());
      Scenes.await(stopping);
    }
  }

  @Test
  void aThousandWatchersAreToldOfTheSameEvent() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    List<EventSource> all = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        all.add(new EventSource(server.port, EVENTS));
      }
      server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));
      for (EventSource source : all) {
        assertEquals("pausedBy", data(source.next()).get("type").textValue());
      }
    } finally {
      all.forEach(EventSource::close);
    }
  }

  @Test
  void aWatcherThatDoesNotReadKeepsNobodyElseWaiting() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    try (EventSource asleep = new EventSource(server.port, EVENTS + "?after=0");
        EventSource awake = new EventSource(server.port, EVENTS + "?after=0")) {
      long version = server.scenes.load("checkout-1").version();
      for (long expected = 1; expected <= version; expected++) {
        assertEquals(Long.toString(expected), awake.next().id());
      }
      for (long expected = 1; expected <= version; expected++) {
        assertEquals(Long.toString(expected), asleep.next().id());
      }
    }
  }
}
