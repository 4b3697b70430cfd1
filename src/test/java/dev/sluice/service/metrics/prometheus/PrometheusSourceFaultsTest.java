package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.plan.Metric;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the source makes of connections that fail, and of its own bounds. */
class PrometheusSourceFaultsTest extends SourceAgainstServers {
  @Test
  void aPortWhereNobodyListensIsUnreachable() throws Exception {
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
    Arrays.setAll(metrics, i -> new Metric.Value(Shop.common("v" + i), "sum(x" + i + "{$cohort})"));

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
    Arrays.setAll(metrics, i -> new Metric.Value(Shop.common("v" + i), "x" + i));

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
    deadline = Duration.ofSeconds(2);
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
    Arrays.setAll(metrics, i -> new Metric.Value(Shop.common("v" + i), "x" + i));
    assertTrue(await(source.ask(question(metrics))).sourceLost());

    Observations later = await(source.ask(question(metrics)));

    assertTrue(later.metrics().values().stream().allMatch(o -> o instanceof Observed.Seen));
  }
}
