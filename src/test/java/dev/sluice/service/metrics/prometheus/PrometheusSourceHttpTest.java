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
import dev.sluice.gates.look.Question;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Credentials;
import dev.sluice.service.metrics.SourceUnusable;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the source makes of servers that behave in every way a server can. */
class PrometheusSourceHttpTest {
  private static final String GOOD =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"0.25\"]}]}}";
  private static final String TOKEN = "s3cr3t-t0k3n";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Telemetry telemetry = new Telemetry(registry);
  private Duration deadline = LONG;
  private Credentials credentials = new Credentials.Bearer(new Secret(TOKEN));
  private long maxBytes = 4_000_000;
  private int maxSeries = 100;

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private URI http(Handler<HttpServerRequest> handler) throws Exception {
    int port =
        await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1")).actualPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A server that need not know HTTP. */
  private URI tcp(Handler<NetSocket> handler) throws Exception {
    NetServer server = vertx.createNetServer().connectHandler(handler);
    return URI.create("http://127.0.0.1:" + await(server.listen(0, "127.0.0.1")).actualPort());
  }

  private PrometheusSource source(URI url) {
    ServerConfig.Prometheus config =
        new ServerConfig.Prometheus(
            url,
            credentials,
            Map.of("X-Scope-OrgID", new Secret("tenant-7")),
            new ServerConfig.Tls(Optional.empty(), false),
            deadline,
            4,
            maxBytes,
            maxSeries,
            Shop.SCRAPE);
    return new PrometheusSource(vertx, "main", config, telemetry);
  }

  private static Question question(Metric... metrics) {
    return new Question(
        "main",
        Shop.window(0, 30),
        java.util.Arrays.stream(metrics)
            .map(m -> new Question.OfMetric(m, Shop.CANARY, Optional.empty()))
            .toList(),
        Optional.empty());
  }

  private Observations ask(URI url) throws Exception {
    return await(source(url).ask(question(Shop.value("sum(x{$cohort})"))));
  }

  private Observed.Absent absent(URI url) throws Exception {
    Observed.Absent absent =
        assertInstanceOf(Observed.Absent.class, ask(url).metrics().get("value"));
    assertFalse(absent.detail().contains(TOKEN), absent.detail());
    assertTrue(absent.detail().contains("'main'"), absent.detail());
    return absent;
  }

  private static Handler<HttpServerRequest> answering(int status, String type, String body) {
    return request ->
        request.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
  }

  private void assertAbsent(Absence why, String part, URI url) throws Exception {
    Observed.Absent absent = absent(url);
    assertEquals(why, absent.why(), absent.detail());
    assertTrue(absent.detail().contains(part), absent.detail());
  }

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
        "403 | UNAUTHORIZED | prometheus.main.credentials",
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
  void aPortWhereNobodyListensIsUnreachable() throws Exception {
    URI gone = http(request -> {});
    int port = gone.getPort();
    await(vertx.createNetClient().connect(port, "127.0.0.1")).close();
    URI nobody = URI.create("http://127.0.0.1:" + unusedPort());

    assertAbsent(Absence.UNREACHABLE, "connection was refused", nobody);
    assertTrue(ask(nobody).sourceLost());
  }

  private int unusedPort() throws Exception {
    NetServer server = vertx.createNetServer().connectHandler(s -> {});
    int port = await(server.listen(0, "127.0.0.1")).actualPort();
    await(server.close());
    return port;
  }

  @Test
  void aHostThatDoesNotExistIsUnreachable() throws Exception {
    deadline = Duration.ofSeconds(50);
    assertEquals(Absence.UNREACHABLE, absent(URI.create("http://no-such-host.invalid:9090")).why());
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpAtTheDeadline() throws Exception {
    deadline = Duration.ofMillis(300);
    assertAbsent(Absence.UNREACHABLE, "no answer within 300 ms", tcp(socket -> {}));
  }

  @Test
  void aServerThatDripsIsCutAtTheDeadline() throws Exception {
    deadline = Duration.ofMillis(500);
    CompletableFuture<Void> cut = new CompletableFuture<>();
    URI url =
        tcp(
            socket -> {
              socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{\"a\":\"");
              long drip = vertx.setPeriodic(20, t -> socket.write("x"));
              socket.closeHandler(
                  v -> {
                    vertx.cancelTimer(drip);
                    cut.complete(null);
                  });
            });

    assertAbsent(Absence.UNREACHABLE, "no answer within 500 ms", url);
    cut.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aConnectionThatIsCutIsTriedOnceMore() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    URI url =
        tcp(
            socket -> {
              boolean first = connections.incrementAndGet() == 1;
              socket.handler(
                  request -> {
                    if (first) {
                      socket.close();
                    } else {
                      socket.write(response(GOOD, GOOD.length()));
                    }
                  });
            });

    assertInstanceOf(Observed.Seen.class, ask(url).metrics().get("value"));
    assertEquals(2, connections.get());
  }

  private static String response(String body, int length) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n"
        + body;
  }

  @Test
  void anAnswerThatIsCutTwiceIsUnreachable() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    URI url =
        tcp(
            socket -> {
              connections.incrementAndGet();
              socket.handler(
                  request ->
                      socket
                          .write(response(GOOD.substring(0, 60), GOOD.length()))
                          .onComplete(v -> socket.close()));
            });

    assertAbsent(Absence.UNREACHABLE, "closed the connection before its answer was complete", url);
    assertEquals(2, connections.get());
  }

  @Test
  void jsonThatEndsTooEarlyIsMalformed() throws Exception {
    assertAbsent(
        Absence.MALFORMED,
        "broke off before its end",
        http(answering(200, "application/json", GOOD.substring(0, 70))));
  }

  @Test
  void aServerThatDoesNotSpeakHttpIsNamed() throws Exception {
    assertAbsent(
        Absence.MALFORMED,
        "does not answer in HTTP",
        tcp(socket -> socket.handler(b -> socket.write("SSH-2.0-OpenSSH_9.2\r\n\r\n"))));
  }

  @Test
  void anAnswerThatIsTooLargeIsStoppedUnderWay() throws Exception {
    maxBytes = 100_000;
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Buffer megabyte = Buffer.buffer("x".repeat(1_000_000));
    URI url =
        http(
            request -> {
              request.response().setChunked(true).putHeader("Content-Type", "application/json");
              request.response().exceptionHandler(e -> stopped.complete(null));
              request.response().closeHandler(v -> stopped.complete(null));
              request.response().write("{\"data\":{\"other\":\"");
              pour(request, megabyte, sent);
            });

    assertAbsent(Absence.TOO_LARGE, "more than 100000 bytes", url);
    stopped.get(60, TimeUnit.SECONDS);
    assertTrue(sent.get() < 1000, "it poured " + sent.get() + " MB");
  }

  private static void pour(HttpServerRequest request, Buffer piece, AtomicLong sent) {
    if (!request.response().closed() && sent.incrementAndGet() < 1000) {
      request.response().write(piece).onSuccess(v -> pour(request, piece, sent));
    }
  }

  @Test
  void tenMegabytesOfOneStringAreRefusedWithoutBeingHeld() throws Exception {
    maxBytes = 20_000_000;
    assertAbsent(
        Absence.MALFORMED,
        "breaks a bound of this reader",
        http(
            answering(200, "application/json", "{\"status\":\"" + "x".repeat(10_000_000) + "\"}")));
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
  void noMoreQueriesAreUnderWayThanAllowedAndAllAreAnswered() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CopyOnWriteArrayList<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
    URI url =
        http(
            request -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              waiting.add(request);
              // Answered in fours: a fifth one that came along would be seen.
              if (waiting.size() == 4) {
                waiting.forEach(
                    r -> {
                      now.decrementAndGet();
                      r.response().end(GOOD);
                    });
                waiting.clear();
              }
            });
    PrometheusSource source = source(url);
    Metric[] metrics = new Metric[8];
    java.util.Arrays.setAll(
        metrics, i -> new Metric.Value(Shop.common("v" + i), "sum(x" + i + "{$cohort})"));

    Future<Observations> one = source.ask(question(metrics));
    Future<Observations> other = source.ask(question(metrics));

    assertEquals(8, await(one).metrics().size());
    assertEquals(8, await(other).metrics().size());
    assertEquals(4, most.get());
  }

  @Test
  void whoGetsNoTurnInTimeIsToldSo() throws Exception {
    deadline = Duration.ofMillis(400);
    PrometheusSource source = source(tcp(socket -> {}));
    Metric[] metrics = new Metric[5];
    java.util.Arrays.setAll(metrics, i -> new Metric.Value(Shop.common("v" + i), "x" + i));

    Observations seen = await(source.ask(question(metrics)));

    assertTrue(seen.sourceLost());
    assertEquals(
        1,
        seen.metrics().values().stream()
            .filter(o -> ((Observed.Absent) o).detail().contains("kept busy by 4 other queries"))
            .count());
  }

  @Test
  void aSlowSourceIsUsableAgainAfterADeadline() throws Exception {
    deadline = Duration.ofMillis(400);
    AtomicInteger requests = new AtomicInteger();
    URI url =
        http(
            request -> {
              if (requests.incrementAndGet() > 4) {
                request.response().end(GOOD);
              }
            });
    PrometheusSource source = source(url);
    Metric[] metrics = new Metric[4];
    java.util.Arrays.setAll(metrics, i -> new Metric.Value(Shop.common("v" + i), "x" + i));
    assertTrue(await(source.ask(question(metrics))).sourceLost());

    Observations later = await(source.ask(question(metrics)));

    assertTrue(later.metrics().values().stream().allMatch(o -> o instanceof Observed.Seen));
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
    assertInstanceOf(SourceUnusable.class, e.getCause());
    assertTrue(e.getCause().getMessage().contains("prometheus.main.credentials"));
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
                .onComplete(done -> sameContext.complete(Vertx.currentContext() == caller)));

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
