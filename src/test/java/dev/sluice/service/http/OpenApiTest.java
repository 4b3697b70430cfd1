package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.Rejudged;
import dev.sluice.service.store.Samples;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The description says what the server does, no more and no less. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final TestServer server = new TestServer();
  private JsonNode description = JSON.createObjectNode();

  @BeforeEach
  void read() {
    description = json(server.get("/openapi.json"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyAddressIsDescribedAndEveryDescriptionHasAnAddress() {
    TreeSet<String> served = new TreeSet<>();
    server.api.endpoints().forEach(e -> served.add(e.method() + " " + e.path()));

    assertEquals(String.join("\n", served), String.join("\n", described().keySet()));
  }

  private Map<String, JsonNode> described() {
    Map<String, JsonNode> all = new TreeMap<>();
    description
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            all.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                method.getValue())));
    return all;
  }

  @Test
  void rolesAndParametersAreDescribedAsTheyAre() {
    TreeSet<String> served = new TreeSet<>();
    for (Endpoint endpoint : server.api.endpoints()) {
      served.add(
          endpoint.method()
              + " "
              + endpoint.path()
              + " "
              + endpoint.need().map(r -> r.name().toLowerCase(Locale.ROOT)).orElse("none")
              + " "
              + (endpoint.knows("anything") ? List.of() : new TreeSet<>(endpoint.query())));
    }
    TreeSet<String> told = new TreeSet<>();
    described()
        .forEach(
            (address, operation) -> {
              TreeSet<String> query = new TreeSet<>();
              operation
                  .path("parameters")
                  .forEach(
                      p -> {
                        if (p.get("in").textValue().equals("query")) {
                          query.add(p.get("name").textValue());
                        }
                      });
              told.add(address + " " + operation.get("x-sluice-role").textValue() + " " + query);
            });
    assertEquals(String.join("\n", served), String.join("\n", told));
  }

  private void assertFits(String schema, String body) {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("$ref", "#/components/schemas/" + schema);
    whole.set("components", description.get("components"));
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole.toString(), InputFormat.JSON);
    List<Error> errors = compiled.validate(body, InputFormat.JSON);
    assertEquals(List.of(), errors, body);
  }

  @Test
  void whatIsAnsweredFitsItsDescription() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.put("/api/v1/plans/checkout", "metadata:\n  name: checkout\n");

    assertFits("Rollout", server.get("/api/v1/rollouts/checkout-1").body());
    assertFits("Report", server.get("/api/v1/rollouts/checkout-1/report").body());
    assertFits("Course", server.get("/api/v1/rollouts/checkout-1/course").body());
    assertFits("RolloutList", server.get("/api/v1/rollouts").body());
    assertFits("PlanList", server.get("/api/v1/plans").body());
    assertFits("RevisionList", server.get("/api/v1/plans/checkout/revisions?limit=1").body());
    assertFits("Deliveries", server.get("/api/v1/rollouts/checkout-1/deliveries").body());
    assertFits("Gate", server.get("/api/v1/gates/checkout").body());
    assertFits("Advice", server.get("/argo/checkout").body());
    assertFits("Advice", server.get("/kargo/checkout?run=other").body());
    server.plan("billing", "10");
    assertFits("StageStatus", server.post("/spinnaker/billing?run=1", "").body());
    assertFits("Advice", server.get("/argo/billing").body());
    assertFits("Audit", server.get("/api/v1/audit").body());
    server.rollouts.rejudgeAs(List.of(ReplayApiTest.look(1, Rejudged.Outcome.SAME, "The same.")));
    List<String> replayed =
        server.get("/api/v1/rollouts/checkout-1/replay").body().lines().toList();
    assertFits("Rejudged", replayed.getFirst());
    assertFits("ReplayEnd", replayed.getLast());
    assertFits("Health", server.get("/health/ready").body());
    assertFits("Problem", server.get("/nope").body());
    assertFits("Problem", server.post("/api/v1/rollouts/checkout-1:pause", "{\"reson\":1}").body());
    assertFits("Problem", server.post("/api/v1/rollouts/checkout-1:promote", "{}").body());
    assertFits("Problem", server.put("/api/v1/plans/checkout", "broken").body());
    assertFits(
        "PlanAccepted",
        server.put("/api/v1/plans/checkout", "metadata:\n  name: checkout\n").body());
  }

  @Test
  void everyStateOfARolloutFitsItsDescription() {
    Scenes.await(server.store.commit(Samples.commit(new RolloutId("r"), 0, 1)));
    for (int version = 1; version < 29; version++) {
      assertFits("Rollout", server.get("/api/v1/rollouts/r").body());
      Scenes.await(server.store.commit(Samples.commit(new RolloutId("r"), version, version + 1)));
    }
    assertFits("Events", server.get("/api/v1/rollouts/r/events?limit=200").body());
  }

  @Test
  void anAnswerThatDoesNotFitIsSeen() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));
    ObjectNode changed = (ObjectNode) json(server.get("/api/v1/rollouts/checkout-1"));
    changed.put("surprise", 1);

    boolean seen = false;
    try {
      assertFits("Rollout", changed.toString());
    } catch (AssertionError expected) {
      seen = true;
    }
    assertFalse(!seen, "an unknown key must not pass");
  }
}
