package dev.sluice.service.app;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.flags.unleash.RealUnleash;
import io.getunleash.DefaultUnleash;
import io.getunleash.Unleash;
import io.getunleash.UnleashContext;
import io.getunleash.util.UnleashConfig;
import io.getunleash.util.UnleashScheduledExecutorImpl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole service, a real Prometheus, a real Unleash, and its own SDK as the users' side. */
class UnleashEndToEndTest {
  private static final int USERS = 20_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;
  private final RealUnleash unleash = RealUnleash.shared();
  private final String key = unleash.newFlag("sluice");
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> answers = new ArrayList<>();
  private Optional<Stage> stage = Optional.empty();
  private Optional<Sluice> service = Optional.empty();
  private Optional<Unleash> sdk = Optional.empty();

  @AfterEach
  void end() throws Exception {
    sdk.ifPresent(Unleash::shutdown);
    service.ifPresent(s -> await(s.stop()));
    await(vertx.close());
    if (stage.isPresent()) {
      stage.get().end();
    }
  }

  private Stage begin() {
    Stage here = new Stage(folder);
    stage = Optional.of(here);
    String config =
        """
        http: { port: 0 }
        store: { file: sluice.db }
        prometheus:
          main: { url: '%s', scrapeInterval: 1s }
        flags:
          flags: { type: unleash, url: '%s', token: '${env:TOKEN}', environment: production }
        """
            .formatted(here.prometheus(Duration.ofMinutes(15)).url(), unleash.url());
    ConfigReading reading =
        ConfigReader.read(config, folder, Map.of("TOKEN", RealUnleash.ADMIN_TOKEN));
    ConfigReading.Ok ok = (ConfigReading.Ok) reading;
    service = Optional.of(await(Sluice.start(vertx, ok.config(), InstantSource.system(), "1")));
    sdk =
        Optional.of(
            new DefaultUnleash(
                UnleashConfig.builder()
                    .appName(key)
                    .instanceId(key)
                    .unleashAPI(unleash.url() + "/api")
                    .apiKey(RealUnleash.CLIENT_TOKEN)
                    .backupFile(folder.resolve("backup.json").toString())
                    .fetchTogglesInterval(1)
                    .disableMetrics()
                    // The default one is shared by the process, and ended with the first client.
                    .scheduledExecutor(new UnleashScheduledExecutorImpl())
                    .synchronousFetchOnInitialisation(true)
                    .build()));
    return here;
  }

  private JsonNode call(String method, String path, String type, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + service.orElseThrow().port() + path))
              .header("Content-Type", type)
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      answers.add(answer.body());
      assertTrue(answer.statusCode() < 300, answer.body());
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String start(int seconds) {
    String plan =
        Stage.plan(key, seconds)
            .replace("flag: { target: flags,", "flag: { target: flags, owned: sluice,")
            .replace("action: percent", "action: disable");
    return call("POST", "/api/v1/rollouts", "application/yaml", plan).path("id").asText();
  }

  private JsonNode rollout(String id) {
    return call("GET", "/api/v1/rollouts/" + id, "application/json", "");
  }

  /** What share of made-up users Unleash's own SDK lets onto the canary. */
  private double share() {
    Unleash client = sdk.orElseThrow();
    long on =
        IntStream.range(0, USERS)
            .filter(
                i -> client.isEnabled(key, UnleashContext.builder().userId("user-" + i).build()))
            .count();
    return 100.0 * on / USERS;
  }

  private Duration untilUsersSee(Stage here, double percent) {
    double share = percent / 100;
    double tolerance = 5 * 100 * Math.sqrt(share * (1 - share) / USERS);
    return here.until(percent + " % of the users", () -> Math.abs(share() - percent) <= tolerance);
  }

  private List<JsonNode> events(String id) {
    JsonNode all =
        call("GET", "/api/v1/rollouts/" + id + "/events?limit=200", "application/json", "");
    List<JsonNode> events = new ArrayList<>();
    JsonNode list = all.isArray() ? all : all.path("events");
    list.forEach(events::add);
    return events;
  }

  /** From each decision to the moment at which it was read back. */
  private List<Long> confirmedAfterMillis(String id, String confirmation) {
    List<Long> times = new ArrayList<>();
    Optional<Instant> decided = Optional.empty();
    for (JsonNode recorded : events(id)) {
      JsonNode event = recorded.has("event") ? recorded.path("event") : recorded;
      String type = event.path("type").asText();
      if (type.equals("decided")) {
        decided = Optional.of(Instant.parse(event.path("at").asText()));
      } else if (type.equals(confirmation) && decided.isPresent()) {
        Instant at = Instant.parse(event.path("at").asText());
        times.add(Duration.between(decided.get(), at).toMillis());
      }
    }
    return times;
  }

  private void nothingSecretIsReadable() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(RealUnleash.ADMIN_TOKEN), file.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertTrue(answers.stream().noneMatch(a -> a.contains(RealUnleash.ADMIN_TOKEN)));
  }

  @Test
  @Timeout(300)
  void aGoodReleaseReachesAllUsersStepByStep() {
    Stage here = begin();
    String id = start(10);
    List<String> seen = new ArrayList<>();
    for (double percent : new double[] {1, 10, 50, 100}) {
      here.until(
          percent + " % confirmed",
          () -> rollout(id).path("exposure").path("applied").asDouble() == percent);
      Duration took = untilUsersSee(here, percent);
      seen.add(percent + " %: users after " + took.toMillis() + " ms");
    }
    here.until("the end", () -> rollout(id).path("state").asText().equals("completed"));

    assertEquals(100, share());
    System.out.println("Read back after ms: " + confirmedAfterMillis(id, "exposureApplied") + seen);
    nothingSecretIsReadable();
  }

  @Test
  @Timeout(300)
  void aRollbackReachesAllUsers() {
    Stage here = begin();
    String id = start(60);
    here.until("1 % confirmed", () -> rollout(id).path("exposure").path("applied").asDouble() == 1);
    untilUsersSee(here, 1);

    call("POST", "/api/v1/rollouts/" + id + "/rollback", "application/json", "{\"reason\":\"x\"}");
    here.until("rolled back", () -> rollout(id).path("state").asText().equals("rolledBack"));
    Duration took = untilUsersSee(here, 0);

    assertEquals(0, share());
    System.out.println(
        "Rolled back, read back after ms: "
            + confirmedAfterMillis(id, "rollbackConfirmed")
            + " users after "
            + took.toMillis());
  }

  @Test
  @Timeout(300)
  void aPersonWhoMovesTheFlagIsNamedAndARollbackWorksAllTheSame() {
    Stage here = begin();
    String id = start(120);
    here.until("1 % confirmed", () -> rollout(id).path("exposure").path("applied").asDouble() == 1);
    unleash.patch(key, "/parameters/rollout", "\"60\"");

    here.until("held", () -> rollout(id).path("state").asText().equals("held"));
    String said = rollout(id).toString();
    assertTrue(said.contains("admin set strategy 'sluice' from 1 to 60 %"), said);
    call("POST", "/api/v1/rollouts/" + id + "/rollback", "application/json", "{\"reason\":\"x\"}");
    here.until("rolled back", () -> rollout(id).path("state").asText().equals("rolledBack"));

    untilUsersSee(here, 0);
  }
}
