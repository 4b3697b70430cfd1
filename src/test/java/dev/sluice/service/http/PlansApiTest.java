package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlansApiTest {
  private static final String PLAN = "metadata:\n  name: checkout\n";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aNewPlanIsCreatedAndGivenBackAsItCame() {
    HttpResponse<String> put = server.put("/api/v1/plans/checkout", PLAN + "# größer\n");

    HttpResponse<String> got = server.get("/api/v1/plans/checkout");
    assertEquals(201, put.statusCode());
    assertEquals(PLAN + "# größer\n", got.body());
    assertEquals(put.headers().firstValue("ETag"), got.headers().firstValue("ETag"));
    assertEquals(
        "application/yaml; charset=utf-8", got.headers().firstValue("Content-Type").orElse(""));
  }

  @Test
  void theSamePlanAgainChangesNothingAndANewTextIsANewRevision() {
    String first = server.put("/api/v1/plans/checkout", PLAN).headers().firstValue("ETag").get();

    HttpResponse<String> again = server.put("/api/v1/plans/checkout", PLAN);
    HttpResponse<String> other = server.put("/api/v1/plans/checkout", PLAN + "# changed\n");

    assertEquals(200, again.statusCode());
    assertFalse(json(again).get("changed").booleanValue());
    assertEquals(first, again.headers().firstValue("ETag").get());
    assertTrue(json(other).get("changed").booleanValue());
    assertFalse(first.equals(other.headers().firstValue("ETag").get()));
  }

  @Test
  void aClientThatHasThePlanIsNotSentItAgain() {
    String etag = server.put("/api/v1/plans/checkout", PLAN).headers().firstValue("ETag").get();

    HttpResponse<String> known = server.get("/api/v1/plans/checkout", "If-None-Match", etag);
    HttpResponse<String> weak =
        server.get("/api/v1/plans/checkout", "If-None-Match", "\"x\", W/" + etag);
    HttpResponse<String> old = server.get("/api/v1/plans/checkout", "If-None-Match", "\"x\"");

    assertEquals(304, known.statusCode());
    assertEquals("", known.body());
    assertEquals(304, weak.statusCode());
    assertEquals(200, old.statusCode());
  }

  @Test
  void aDryRunStoresNothing() {
    HttpResponse<String> dry = server.put("/api/v1/plans/checkout?dryRun=true", PLAN);

    assertEquals(200, dry.statusCode());
    assertFalse(json(dry).get("stored").booleanValue());
    assertEquals("users-1 1 %", json(dry).get("steps").get(0).textValue());
    assertEquals(404, server.get("/api/v1/plans/checkout").statusCode());
  }

  @Test
  void aMisspeltDryRunIsRefusedAndNotCarriedOut() {
    HttpResponse<String> put = server.put("/api/v1/plans/checkout?dryrun=true", PLAN);

    assertEquals(400, put.statusCode());
    assertEquals("did you mean 'dryRun'?", json(put).get("errors").get(0).get("hint").textValue());
    assertEquals(404, server.get("/api/v1/plans/checkout").statusCode());
  }

  @Test
  void everyMistakeOfABrokenPlanIsSaidWithItsPlace() {
    HttpResponse<String> put = server.put("/api/v1/plans/checkout", "broken");

    JsonNode errors = json(put).get("errors");
    assertEquals(422, put.statusCode());
    assertEquals("application/problem+json", put.headers().firstValue("Content-Type").get());
    assertEquals(2, errors.size());
    assertEquals("/spec/flag/onDrfit", errors.get(0).get("pointer").textValue());
    assertEquals(12, errors.get(0).get("line").intValue());
    assertEquals(7, errors.get(0).get("column").intValue());
    assertEquals("did you mean 'onDrift'?", errors.get(0).get("hint").textValue());
    assertFalse(errors.get(1).has("line"));
  }

  @Test
  void aPlanThatCallsItselfOtherwiseIsRefused() {
    HttpResponse<String> put = server.put("/api/v1/plans/basket", PLAN);

    assertEquals(422, put.statusCode());
    assertEquals("/metadata/name", json(put).get("errors").get(0).get("pointer").textValue());
    assertEquals(404, server.get("/api/v1/plans/basket").statusCode());
  }

  @Test
  void whoNamesAnOldRevisionDoesNotOverwriteANewerOne() {
    String old = server.put("/api/v1/plans/checkout", PLAN).headers().firstValue("ETag").get();
    server.put("/api/v1/plans/checkout", PLAN + "# newer\n");

    HttpResponse<String> late =
        server.put("/api/v1/plans/checkout", PLAN + "# late\n", "If-Match", old);
    HttpResponse<String> onlyNew =
        server.put("/api/v1/plans/checkout", PLAN + "# late\n", "If-None-Match", "*");
    HttpResponse<String> nothingThere =
        server.put("/api/v1/plans/basket", "metadata:\n  name: basket\n", "If-Match", old);

    assertEquals(412, late.statusCode());
    assertEquals(412, onlyNew.statusCode());
    assertEquals(412, nothingThere.statusCode());
    assertEquals(PLAN + "# newer\n", server.get("/api/v1/plans/checkout").body());
  }

  @Test
  void plansAreListedByName() {
    server.put("/api/v1/plans/checkout", PLAN);
    server.put("/api/v1/plans/basket", "metadata:\n  name: basket\n");

    JsonNode plans = json(server.get("/api/v1/plans")).get("plans");

    assertEquals(2, plans.size());
    assertEquals("basket", plans.get(0).get("name").textValue());
    assertEquals("2026-03-02T10:00:00Z", plans.get(1).get("storedAt").textValue());
  }

  @Test
  void aNameThatCannotBeOneIsNotFound() {
    assertEquals(404, server.get("/api/v1/plans/Check%20Out").statusCode());
    assertEquals(404, server.put("/api/v1/plans/..%2fx", PLAN).statusCode());
    assertEquals(404, server.get("/api/v1/plans/" + "a".repeat(64)).statusCode());
  }
}
