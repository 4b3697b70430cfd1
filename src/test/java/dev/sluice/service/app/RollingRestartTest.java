package dev.sluice.service.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.store.postgresql.RealPostgresql;
import dev.sluice.service.store.postgresql.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas behind a real nginx, restarted one after the other while clients ask all the time:
 * no request fails.
 */
class RollingRestartTest {
  private static final int CLIENTS = 4;
  private static final String PLAN =
      """
      {"name":"podinfo","namespace":"test","phase":"Progressing","checksum":"85d5"}
      """;

  @TempDir private Path folder;
  private final ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean enough;
  private Stage stage = new Stage(Path.of("."));

  @AfterEach
  void closeAll() throws Exception {
    enough = true;
    stage.end();
  }

  private static String config(Server server, RealPostgresql postgresql) {
    return """
        store:
          postgresql:
            host: 127.0.0.1
            port: %d
            database: %s
            user: %s
            password: ${env:TEST_DB_PASSWORD}
            schema: %s
            connections: 4
        prometheus:
          main: { url: 'http://127.0.0.1:9' }
        """
        .formatted(postgresql.port(), server.database(), server.user(), server.schema());
  }

  /**
   * As the how-to page of replicas has it: connections are kept, nothing is tried twice that acts.
   */
  private AutoCloseable nginx(int port, Replica a, Replica b) throws IOException {
    Path file = folder.resolve("nginx.conf");
    Files.writeString(
        file,
        """
        daemon off;
        worker_processes 1;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream sluice {
            server 127.0.0.1:%3$d max_fails=1 fail_timeout=1s;
            server 127.0.0.1:%4$d max_fails=1 fail_timeout=1s;
            keepalive 8;
          }
          server {
            listen 127.0.0.1:%2$d;
            location / {
              proxy_pass http://sluice;
              proxy_http_version 1.1;
              proxy_next_upstream error timeout non_idempotent;
              proxy_set_header Connection "";
              proxy_set_header Host localhost;
            }
          }
        }
        """
            .formatted(folder, port, a.port(), b.port()));
    Process process =
        new ProcessBuilder("nginx", "-c", file.toString(), "-e", folder + "/nginx.log")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.out").toFile())
            .start();
    return () -> {
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
      process.destroyForcibly();
    };
  }

  /** Reads and questions with a body, in turn, until it is enough. */
  private void ask(int port, int client) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    URI list = URI.create("http://127.0.0.1:" + port + "/api/v1/rollouts");
    URI hook = URI.create("http://127.0.0.1:" + port + "/flagger/checkout/rollback");
    while (!enough) {
      once(http, HttpRequest.newBuilder(list).build(), 200, "GET " + client);
      once(
          http,
          HttpRequest.newBuilder(hook)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(PLAN))
              .build(),
          403,
          "POST " + client);
    }
  }

  private void once(HttpClient http, HttpRequest request, int expected, String what) {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      answered.incrementAndGet();
      if (answer.statusCode() != expected) {
        failed.add(what + ": " + answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      failed.add(what + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      enough = true;
    }
  }

  @Test
  @Timeout(300)
  void noRequestFailsWhileOneReplicaAfterTheOtherIsRestarted() throws Exception {
    stage = new Stage(folder);
    RealPostgresql postgresql = stage.keep(RealPostgresql.make()).start();
    String config = config(postgresql.emptySchema(), postgresql);
    String password = postgresql.password();
    Replica a = stage.keep(new Replica(folder, "a", config, password));
    Replica b = stage.keep(new Replica(folder, "b", config, password));
    stage.until("both answer", () -> answers(a) && answers(b));
    int port = Replica.freePort();
    stage.keep(nginx(port, a, b));
    stage.until("nginx answers", () -> answersAt(port));

    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    stage.keep(clients::shutdownNow);
    List<CompletableFuture<Void>> asking =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> CompletableFuture.runAsync(() -> ask(port, i), clients))
            .toList();
    for (Replica old : List.of(a, b)) {
      int before = answered.get();
      stage.until("requests go", () -> answered.get() > before + 100);
      old.terminate();
      Replica next =
          stage.keep(new Replica(folder, "after-" + old.port(), config, password, old.port()));
      stage.until("the next one answers", () -> answers(next));
    }
    int last = answered.get();
    stage.until("requests go on", () -> answered.get() > last + 100);
    enough = true;
    asking.forEach(CompletableFuture::join);

    System.out.println("requests during two restarts: " + answered + ", failed: " + failed.size());
    assertEquals(List.of(), List.copyOf(failed));
    assertTrue(answered.get() > 500, answered + "");
  }

  private static boolean answers(Replica replica) {
    return replica.get("/health/live").status() == 200;
  }

  private static boolean answersAt(int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/live"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
