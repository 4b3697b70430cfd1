package dev.sluice.service.flags.unleash;

import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.store.postgresql.RealPostgresql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real Unleash of the tests' own, on a real PostgreSQL, on free ports of loopback. It takes some
 * seconds to start, so all tests of a process share one; each makes flags of its own.
 *
 * <p>Ended by its handle, at the latest with the process that started it.
 */
public final class RealUnleash {
  public static final String ADMIN_TOKEN = "*:*.the-admins-secret-of-the-tests";
  public static final String CLIENT_TOKEN = "*:production.the-clients-secret-of-the-tests";
  public static final String ENVIRONMENT = "production";

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final RealPostgresql database;
  private final Path folder;
  private final int port;
  private Optional<Process> process = Optional.empty();
  private int flags;

  /** Started by the first test that needs it. */
  private static final class Shared {
    static final RealUnleash SERVER = begin();

    private static RealUnleash begin() {
      RealUnleash server = new RealUnleash(RealPostgresql.make().start());
      Runtime.getRuntime().addShutdownHook(new Thread(server::end));
      return server.start();
    }
  }

  private RealUnleash(RealPostgresql database) {
    try {
      this.database = database;
      this.folder = Files.createTempDirectory("sluice-unleash-");
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        this.port = socket.getLocalPort();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static synchronized RealUnleash shared() {
    return Shared.SERVER;
  }

  private static Path installed() {
    String named = System.getenv("SLUICE_UNLEASH");
    String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", home + "/.cache");
    Path folder = Path.of(named == null ? cache + "/sluice/unleash-8.2.0" : named);
    if (!Files.exists(folder.resolve("ready"))) {
      throw new AssertionError(
          "This test needs a real Unleash, and there is none in "
              + folder
              + ". bin/test installs it; alone: bash -c '. bin/common.bash; need_unleash'");
    }
    return folder.resolve("node_modules");
  }

  /** Starts it, on the same port and with the same flags as before if it ran before. */
  public RealUnleash start() {
    Path modules = installed();
    ProcessBuilder node =
        new ProcessBuilder(modules.resolve(".bin/node").toString(), "dist/server.js")
            .directory(modules.resolve("unleash-server").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    node.environment()
        .putAll(
            Map.ofEntries(
                Map.entry("DATABASE_HOST", "127.0.0.1"),
                Map.entry("DATABASE_PORT", "" + database.port()),
                Map.entry("DATABASE_USERNAME", "sluice"),
                Map.entry("DATABASE_PASSWORD", database.password()),
                Map.entry("DATABASE_NAME", "postgres"),
                Map.entry("DATABASE_SSL", "false"),
                Map.entry("HTTP_HOST", "127.0.0.1"),
                Map.entry("HTTP_PORT", "" + port),
                Map.entry("INIT_ADMIN_API_TOKENS", ADMIN_TOKEN),
                Map.entry("INIT_CLIENT_API_TOKENS", CLIENT_TOKEN),
                Map.entry("SEND_TELEMETRY", "false"),
                Map.entry("CHECK_VERSION", "false"),
                Map.entry("NODE_ENV", "production")));
    try {
      process = Optional.of(node.start());
      waitUntilReady();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return folder.resolve("unleash.log");
  }

  private void waitUntilReady() throws IOException {
    Process started = process.orElseThrow();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until && started.isAlive()) {
      if (healthy()) {
        return;
      }
      waitFor(started, 50);
    }
    stop();
    throw new AssertionError("Unleash did not start; it said:\n" + Files.readString(log()));
  }

  private boolean healthy() {
    try {
      return HTTP.send(
                  HttpRequest.newBuilder(url().resolve("/health")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void waitFor(Process process, long millis) {
    try {
      process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** As a machine that loses its power. */
  public void stop() {
    process.ifPresent(
        p -> {
          p.destroyForcibly();
          waitFor(p, PATIENCE.toMillis());
        });
    process = Optional.empty();
  }

  private void end() {
    stop();
    database.close();
    try {
      Files.deleteIfExists(log());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  public FlagEndpoint.Unleash endpoint() {
    return endpoint(url(), ADMIN_TOKEN);
  }

  public static FlagEndpoint.Unleash endpoint(URI url, String token) {
    return new FlagEndpoint.Unleash(
        url,
        new Secret(token),
        new Tls(Optional.empty(), false),
        "default",
        Optional.of(ENVIRONMENT),
        false,
        "default",
        Duration.ofSeconds(5));
  }

  /** A name that no other test uses. */
  public synchronized String newName() {
    return "checkout-" + ++flags;
  }

  /** A flag that is off, without any strategy. */
  public String newFlag() {
    String key = newName();
    call("POST", "/api/admin/projects/default/features", "{\"name\": \"" + key + "\"}");
    return key;
  }

  /** A flag that is on, with one strategy at 0 %. */
  public String newFlag(String title) {
    String key = newFlag();
    strategy(key, title, "0");
    call("POST", environment(key) + "/on", "");
    return key;
  }

  public static String environment(String key) {
    return "/api/admin/projects/default/features/" + key + "/environments/" + ENVIRONMENT;
  }

  /** One more strategy. */
  public void strategy(String key, String title, String rollout) {
    call(
        "POST",
        environment(key) + "/strategies",
        """
        {"name": "flexibleRollout", "title": "%s", "constraints": [],
         "parameters": {"rollout": "%s", "stickiness": "default", "groupId": "%s"}}
        """
            .formatted(title, rollout, key));
  }

  /** The first strategy's id. */
  public String strategyId(String key) {
    String answer = call("GET", environment(key) + "/strategies", "");
    int at = answer.indexOf("\"id\":\"") + 6;
    return answer.substring(at, answer.indexOf('"', at));
  }

  /** As a person would: sets one field of the first strategy. */
  public void patch(String key, String path, String json) {
    call(
        "PATCH",
        environment(key) + "/strategies/" + strategyId(key),
        "[{\"op\": \"replace\", \"path\": \"" + path + "\", \"value\": " + json + "}]");
  }

  /** Something done to Unleash past us; fails where it refuses. */
  public String call(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(url().resolve(path))
            .header("Authorization", ADMIN_TOKEN)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError(method + " " + path + " " + answer.statusCode() + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
