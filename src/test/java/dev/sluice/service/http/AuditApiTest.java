package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditApiTest {
  private final TestServer server = new TestServer();

  @BeforeEach
  void twoRolloutsAndAPause() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.begun("billing-1", Scenes.plan("billing"));
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode audit(String query) {
    return json(server.get("/api/v1/audit" + query));
  }

  @Test
  void pagesFollowOneAnotherToTheEnd() {
    int all = audit("?limit=200").get("entries").size();
    List<Long> numbers = new ArrayList<>();
    JsonNode page = audit("?limit=1");
    while (true) {
      page.get("entries").forEach(e -> numbers.add(e.get("number").longValue()));
      if (!page.hasNonNull("next")) {
        break;
      }
      page = audit("?limit=1&after=" + page.get("next"));
    }

    assertTrue(all >= 3, "only " + all);
    assertEquals(all, numbers.size());
    assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
  }

  @Test
  void itIsReadByRolloutActorActAndTime() {
    JsonNode checkout = audit("?rollout=checkout-1").get("entries");
    checkout.forEach(e -> assertEquals("checkout-1", e.get("rollout").textValue()));
    JsonNode anna = audit("?actor=anna&rollout=checkout-1").get("entries");
    assertEquals("pause", anna.get(anna.size() - 1).get("act").textValue());
    assertEquals("lunch", anna.get(anna.size() - 1).get("reason").textValue());
    assertEquals(0, audit("?since=2100-01-01T00:00:00Z").get("entries").size());
    assertEquals(0, audit("?until=2000-01-01T00:00:00Z").get("entries").size());
    assertFalse(audit("?plan=billing").get("entries").isEmpty());
  }

  @Test
  void theLinkKeepsWhatWasAsked() {
    String link =
        server.get("/api/v1/audit?limit=1&plan=checkout").headers().firstValue("Link").orElse("");

    assertTrue(link.endsWith("&limit=1&plan=checkout>; rel=\"next\""), link);
  }
}
