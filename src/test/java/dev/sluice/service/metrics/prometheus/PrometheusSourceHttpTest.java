package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.look.Observations;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Credentials;
import dev.sluice.service.metrics.SourceUnusable;
import io.prometheus.metrics.model.snapshots.Labels;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the source makes of answers. */
class PrometheusSourceHttpTest extends SourceAgainstServers {
  @Test
  void aQueryIsAFormWithQueryTimeAndCredentials() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    URI url =
        http(
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          seen.complete(
                              request.method()
                                  + " "
                                  + request.uri()
                                  + " "
                                  + request.getHeader("Authorization")
                                  + " "
                                  + request.getHeader("X-Scope-OrgID")
                                  + " "
                                  + body);
                          request.response().end(GOOD);
                        }));

    Observations observed = ask(url.resolve("/prom/"));

    assertEquals(
        "POST /prom/api/v1/query Bearer s3cr3t-t0k3n tenant-7"
            + " query=sum%28x%7Bcohort%3D%22canary%22%7D%29&time=2026-03-02T10%3A00%3A30Z&timeout=20000ms",
        seen.get(60, TimeUnit.SECONDS));
    assertEquals(
        new Observed.Seen(new Values(0.25), Optional.empty()), observed.metrics().get("value"));
    assertEquals(
        List.of(
            new Observations.Asked(
                "value", "canary", "sum(x{cohort=\"canary\"})", "2026-03-02T10:00:30Z", "ok")),
        observed.queries());
  }

  @Test
  void itsClockIsReadWithAQueryThatNamesNoTime() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    URI url =
        http(
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          seen.complete(body.toString());
                          request
                              .response()
                              .putHeader("Content-Type", "application/json")
                              .end(
                                  "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\","
                                      + "\"result\":[{\"metric\":{},\"value\":"
                                      + "[1772445600.25,\"1772445600.25\"]}]}}");
                        }));

    Optional<Instant> time =
        source(url).time().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertEquals("query=vector%28time%28%29%29&timeout=20000ms", seen.get(60, TimeUnit.SECONDS));
    assertEquals(Optional.of(Instant.parse("2026-03-02T10:00:00.250Z")), time);
  }

  @Test
  void aClockThatCannotBeReadIsAbsent() throws Exception {
    URI url = http(answering(500, "text/html", "<html>no</html>"));

    assertEquals(
        Optional.empty(),
        source(url).time().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS));
  }

  @Test
  void basicCredentialsAreSentAsSuch() throws Exception {
    credentials = new Credentials.Basic("anna", new Secret("pa:ss"));
    CompletableFuture<String> seen = new CompletableFuture<>();
    URI url =
        http(
            request -> {
              seen.complete(request.getHeader("Authorization"));
              request.response().end(GOOD);
            });

    ask(url);

    assertEquals("Basic YW5uYTpwYTpzcw==", seen.get(60, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | UNAUTHORIZED | refuses our credentials (401)",
        "403 | UNAUTHORIZED | bearer or basic, and headers, of prometheus.main",
        "404 | MALFORMED    | It ends before /api/v1",
        "405 | MALFORMED    | no query API",
        "429 | SOURCE_ERROR | fewer queries",
        "500 | SOURCE_ERROR | status 500",
        "502 | UNREACHABLE  | a proxy in front of it does not reach it (502)",
        "503 | UNREACHABLE  | not ready",
        "504 | UNREACHABLE  | Is it up",
      })
  void aStatusWithoutAnAnswerHasAName(int status, Absence why, String part) throws Exception {
    assertAbsent(why, part, http(answering(status, "text/html", "<html>no</html>")));
  }

  @Test
  void theMessageOfARefusedQueryIsPassedOn() throws Exception {
    assertAbsent(
        Absence.BAD_QUERY,
        "sum(x{cohort=\"canary\"}): 1:4: parse error: unexpected '}'. Correct it in the plan.",
        http(
            answering(
                400,
                "application/json",
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:4: parse error: unexpected '}'\"}")));
  }

  @ParameterizedTest
  @CsvSource({"422,execution", "503,timeout", "500,internal"})
  void whatTheSourceCouldNotCarryOutIsItsOwnError(int status, String type) throws Exception {
    assertAbsent(
        Absence.SOURCE_ERROR,
        "too much (" + type + ")",
        http(
            answering(
                status,
                "application/json",
                "{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"too much\"}")));
  }

  @Test
  void warningsMakeAnAnswerPartial() throws Exception {
    assertAbsent(
        Absence.PARTIAL,
        "not whole: store-2 is away",
        http(
            answering(
                200,
                "application/json",
                GOOD.replace("{\"status\"", "{\"warnings\":[\"store-2 is away\"],\"status\""))));
  }

  @Test
  void victoriaMetricsHasItsOwnWordForPartial() throws Exception {
    assertAbsent(
        Absence.PARTIAL,
        "isPartial",
        http(
            answering(
                200,
                "application/json",
                GOOD.replace("{\"status\"", "{\"isPartial\":true,\"status\""))));
  }

  @Test
  void infosAreAdviceAndChangeNothing() throws Exception {
    URI url =
        http(
            answering(
                200,
                "application/json",
                GOOD.replace("{\"status\"", "{\"infos\":[\"might not be a counter\"],\"status\"")));

    assertInstanceOf(Observed.Seen.class, ask(url).metrics().get("value"));
  }

  @Test
  void redirectsAreNotFollowedAndTheirSecretsNotShown() throws Exception {
    AtomicInteger followed = new AtomicInteger();
    URI elsewhere =
        http(
            request -> {
              followed.incrementAndGet();
              request.response().end(GOOD);
            });
    URI url =
        http(
            request ->
                request
                    .response()
                    .setStatusCode(302)
                    .putHeader("Location", elsewhere + "/login?state=abcdef")
                    .end());

    Observed.Absent absent = absent(url);

    assertEquals(Absence.MALFORMED, absent.why());
    assertTrue(
        absent.detail().contains("redirects (302) to " + elsewhere + "/login"), absent.detail());
    assertFalse(absent.detail().contains("abcdef"), absent.detail());
    assertEquals(0, followed.get());
  }

  @Test
  void aLoginPageIsNamedAsOne() throws Exception {
    assertAbsent(
        Absence.MALFORMED,
        "is not JSON (text/html). That is a web page, probably of a login",
        http(answering(200, "text/html", "<!doctype html><title>Sign in</title>")));
  }

  @Test
  void secretsThatAServerEchoesAreTakenOut() throws Exception {
    assertAbsent(
        Absence.BAD_QUERY,
        "you sent (secret) and (secret)",
        http(
            answering(
                400,
                "application/json",
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"you sent "
                    + TOKEN
                    + " and tenant-7\"}")));
  }

  @Test
  void tooManySeriesAreNamed() throws Exception {
    maxSeries = 3;
    String one = "{\"metric\":{},\"value\":[1,\"1\"]}";
    assertAbsent(
        Absence.TOO_MANY_SERIES,
        "more than 3 series. Narrow the plan's selectors or raise prometheus.main.maxSeries",
        http(
            answering(
                200,
                "application/json",
                GOOD.replaceAll("\\[\\{.*}]", "[" + String.join(",", one, one, one, one) + "]"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"metric\":{},\"value\":[1,\"NaN\"]}]  | NOT_A_NUMBER    | gives NaN",
        "[{\"metric\":{},\"value\":[1,\"+Inf\"]}] | NOT_A_NUMBER    | gives +Inf",
        "[]                                       | NO_SERIES       | gives no series",
        "[{\"value\":[1,\"1\"]},{\"value\":[1,\"1\"]}] | TOO_MANY_SERIES | Wrap it in sum()",
        "[{\"histogram\":[1,{\"count\":\"1\",\"sum\":\"1\"}]}] | BAD_QUERY | histogram_quantile",
      })
  void aValueMustBeOneNumber(String result, Absence why, String part) throws Exception {
    Observed.Absent absent =
        assertInstanceOf(
            Observed.Absent.class,
            ask(http(
                    answering(
                        200,
                        "application/json",
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                            + result
                            + "}}")))
                .metrics()
                .get("value"));
    assertEquals(why, absent.why());
    assertTrue(absent.detail().contains(part), absent.detail());
  }

  @Test
  void aValueThatIsARangeIsAMistakeOfThePlan() throws Exception {
    Observed.Absent absent =
        assertInstanceOf(
            Observed.Absent.class,
            ask(http(
                    answering(
                        200,
                        "application/json",
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}")))
                .metrics()
                .get("value"));
    assertEquals(Absence.BAD_QUERY, absent.why());
  }

  @Test
  void theProbeAsksForNothingAndSaysWhatIsWrong() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    await(
        source(
                http(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  seen.complete(body.toString());
                                  request.response().end(GOOD);
                                })))
            .probe());
    assertTrue(seen.get().startsWith("query=vector%281%29&time="), seen.get());

    ExecutionException e =
        assertThrows(
            ExecutionException.class,
            () -> await(source(http(answering(401, "text/plain", "no"))).probe()));
    SourceUnusable why = assertInstanceOf(SourceUnusable.class, e.getCause());
    assertTrue(String.valueOf(why.getMessage()).contains("prometheus.main"), why.getMessage());
  }

  @Test
  void theAnswerArrivesOnTheContextOfWhoAsked() throws Exception {
    PrometheusSource source = source(http(answering(200, "application/json", GOOD)));
    CompletableFuture<Boolean> sameContext = new CompletableFuture<>();
    var caller = vertx.getOrCreateContext();

    caller.runOnContext(
        v ->
            source
                .ask(question(Shop.value("x")))
                .onComplete(done -> sameContext.complete(caller.equals(Vertx.currentContext()))));

    assertTrue(sameContext.get(60, TimeUnit.SECONDS));
  }

  @Test
  void queriesAreCountedByOutcome() throws Exception {
    ask(http(answering(200, "application/json", GOOD)));

    assertTrue(
        registry.scrape().stream()
            .filter(s -> s.getMetadata().getName().equals("sluice_prometheus_query_seconds"))
            .flatMap(s -> s.getDataPoints().stream())
            .anyMatch(p -> p.getLabels().equals(Labels.of("source", "main", "result", "ok"))));
  }
}
