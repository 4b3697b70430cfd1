package dev.sluice.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.config.ServerConfig.Token;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.store.InMemoryRolloutStore;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real server on a free loopback port, with a store that forgets and a clock that stands. */
public final class TestServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern STEPS = Pattern.compile("(?m)^\\s*steps: ([0-9,]+)$");
  private static final Pattern NAME = Pattern.compile("(?m)^\\s*name: ([a-z0-9][-a-z0-9]{0,61})");

  public final Vertx vertx = Vertx.vertx();
  public final InMemoryRolloutStore memory = new InMemoryRolloutStore();
  public final RolloutStore store = oneAtATime(memory);
  public final ManualClock clock = new ManualClock(Scenes.START);
  public final Decider decider = new Decider(ZoneOffset.UTC);
  public final DecidingRollouts rollouts = new DecidingRollouts(store, decider, clock);
  public final Scenes scenes = new Scenes(rollouts, store, clock);
  public final Telemetry telemetry;
  public final Map<String, Supplier<Future<Void>>> probes = new LinkedHashMap<>();
  private volatile boolean broken;
  private volatile boolean slow;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  public final HttpApi api;
  public final int port;

  public TestServer() {
    this(List.of(), generous());
  }

  public TestServer(Telemetry telemetry) {
    this(List.of(), generous(), telemetry);
  }

  public TestServer(List<Token> tokens, Limits limits) {
    this(tokens, limits, new Telemetry(new PrometheusRegistry()));
  }

  /** A server that answers more than others. */
  public static TestServer with(List<Token> tokens, List<Endpoint> more) {
    return new TestServer(tokens, generous(), new Telemetry(new PrometheusRegistry()), more);
  }

  private TestServer(List<Token> tokens, Limits limits, Telemetry telemetry) {
    this(tokens, limits, telemetry, List.of());
  }

  private TestServer(List<Token> tokens, Limits limits, Telemetry telemetry, List<Endpoint> more) {
    this(new ServerConfig.Http("127.0.0.1", 0, Optional.empty(), tokens), limits, telemetry, more);
  }

  public TestServer(ServerConfig.Http config) {
    this(config, generous(), new Telemetry(new PrometheusRegistry()), List.of());
  }

  private TestServer(
      ServerConfig.Http config, Limits limits, Telemetry telemetry, List<Endpoint> more) {
    this.telemetry = telemetry;
    probes.put("store", store::probe);
    api =
        new HttpApi(
            vertx,
            config,
            new HttpApi.Parts(
                store,
                rollouts,
                Set.of("prod"),
                TestServer::read,
                decider,
                telemetry,
                probes,
                clock,
                "1.2.3"),
            limits);
    port = Scenes.await(api.with(more).start());
  }

  /** From now on nothing can be read from the store, or written to it. */
  public void breakStore() {
    broken = true;
  }

  /** From now on the store takes its time. */
  public void slowStore() {
    slow = true;
  }

  /** The store that forgets is not made for two threads: here are the test's and the server's. */
  private RolloutStore oneAtATime(RolloutStore store) {
    Object proxy =
        Proxy.newProxyInstance(
            RolloutStore.class.getClassLoader(),
            new Class<?>[] {RolloutStore.class},
            (self, method, arguments) -> {
              synchronized (store) {
                if (broken && Future.class.equals(method.getReturnType())) {
                  return Future.failedFuture(new IllegalStateException("disk gone"));
                }
                Object answer = method.invoke(store, arguments);
                return slow && answer instanceof Future<?> future ? later(future) : answer;
              }
            });
    return (RolloutStore) proxy;
  }

  /** As a store on a disk answers: not before the caller has gone on. */
  private <T> Future<T> later(Future<T> future) {
    Promise<T> promise = Promise.promise();
    vertx.setTimer(20, t -> future.onComplete(promise));
    return promise.future();
  }

  /** One token for each role, called like the role, with the secret "ROLE-secret". */
  public static List<Token> aTokenForEachRole() {
    return List.of(Role.values()).stream()
        .map(role -> new Token(role.name().toLowerCase(Locale.ROOT), role, secret(role)))
        .toList();
  }

  public static Secret secret(Role role) {
    return new Secret(role.name() + "-secret");
  }

  /** What the server runs with, but it stops at once. */
  public static Limits generous() {
    Limits real = Limits.defaults();
    return new Limits(
        real.bodyBytes(),
        real.bodyDeadline(),
        real.idle(),
        real.longestWait(),
        real.waiters(),
        real.connections(),
        Duration.ZERO,
        real.lastRequests(),
        real.watchers(),
        real.beat());
  }

  /** Limits that a test can reach within its patience. */
  public static Limits small() {
    return new Limits(
        10_000,
        Duration.ofMillis(300),
        Duration.ofMillis(1200),
        Duration.ofSeconds(1),
        2,
        5,
        Duration.ZERO,
        Duration.ofSeconds(5),
        2,
        Duration.ofMillis(100));
  }

  /** Reads the name, or finds the two mistakes in a text that says "broken". */
  private static PlanReading read(String text) {
    if (text.contains("broken")) {
      return new PlanReading.Broken(
          List.of(
              new Problem(
                  "/spec/flag/onDrfit",
                  12,
                  7,
                  "unknown field 'onDrfit'",
                  Optional.of("did you mean 'onDrift'?")),
              new Problem("", 0, 0, "a plan needs at least one step", Optional.empty())));
    }
    Matcher name = NAME.matcher(text);
    String hash = HexFormat.of().formatHex(Tokens.sha256(text));
    Matcher steps = STEPS.matcher(text);
    if (steps.find()) {
      double[] percents =
          Arrays.stream(steps.group(1).split(",")).mapToDouble(Double::parseDouble).toArray();
      return new PlanReading.Ok(
          Scenes.withoutFlag(name.find() ? name.group(1) : "checkout", hash, percents));
    }
    return new PlanReading.Ok(
        Scenes.plan(name.find() ? name.group(1) : "checkout", hash, Step.OnRegression.ROLLBACK));
  }

  /** Stores a plan without a flag, with a step for each percentage. */
  public void plan(String name, String percents) {
    int status =
        put("/api/v1/plans/" + name, "metadata:\n  name: " + name + "\nsteps: " + percents + "\n")
            .statusCode();
    if (status > 201) {
      throw new IllegalStateException("the plan was not stored: " + status);
    }
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(with(request(path).GET(), headers));
  }

  /** A POST with a JSON body. */
  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(
        with(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)),
            headers));
  }

  /** A PUT with a YAML body. */
  public HttpResponse<String> put(String path, String body, String... headers) {
    return send(
        with(
            request(path)
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(body)),
            headers));
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  public static JsonNode json(HttpResponse<String> response) {
    return SluiceJson.read(response.body(), JsonNode.class);
  }

  /** Bytes as they are, to a connection of their own; answers all that comes until it is closed. */
  public String raw(String... parts) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      for (String part : parts) {
        out.write(part.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
      return everything(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String everything(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    Scenes.await(api.stop());
    Scenes.await(vertx.close());
  }
}
