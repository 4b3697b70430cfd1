package dev.sluice.service.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference pages say what the server does. */
class ReferenceDocsTest {
  private static final Path PAGES = Path.of("../docs/reference");
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\\n(.*?)```");
  private final TestServer server =
      new TestServer(Telemetry.ofProcess(new PrometheusRegistry(), "1"));

  @AfterEach
  void stop() {
    server.close();
  }

  private static String page(String name) throws IOException {
    return Files.readString(PAGES.resolve(name));
  }

  private static List<String> blocks(String page, String language) throws IOException {
    List<String> found = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(page(page));
    while (blocks.find()) {
      if (blocks.group(1).equals(language)) {
        found.add(blocks.group(2));
      }
    }
    assertTrue(!found.isEmpty(), page + " has no block of " + language);
    return found;
  }

  @Test
  void everyAddressOfTheApiIsOnItsPage() throws IOException {
    String page = page("api.md");

    List<String> missing =
        server.api.endpoints().stream()
            .map(Endpoint::path)
            .map(
                path ->
                    path.replaceFirst("^/api/v1", "")
                        .replaceFirst("/rollouts/\\{id}[:/](\\w+)$", "$1"))
            .map(path -> path.replace("/gates/{name}", "/gates/{plan}"))
            .filter(path -> !path.startsWith("/assets") && !path.startsWith("/session"))
            .filter(path -> !page.contains(path))
            .toList();

    assertEquals(List.of(), missing);
  }

  @Test
  void everyMetricOfTheServiceIsOnItsPage() throws IOException {
    server.telemetry.committed(
        server.scenes.baking("checkout-1", Scenes.plan("checkout")), List.of());
    server.telemetry.query("prod", "ok", Duration.ofMillis(1));
    server.telemetry.delivery("chat", "delivered");
    server.telemetry.looked(Duration.ZERO);
    server.get("/health/live");
    String page = page("service-metrics.md");

    List<String> names =
        server
            .get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("# TYPE sluice_"))
            .map(line -> line.split(" ", -1)[2])
            .toList();

    assertTrue(names.size() > 12, names.toString());
    assertEquals(List.of(), names.stream().filter(name -> !page.contains(name)).toList());
  }

  @Test
  void theStatusOnThePageIsTheOneThatIsPrinted() throws IOException {
    String printed = Files.readString(Path.of("test/resources/golden/cli/status.txt"));

    assertTrue(blocks("cli.md", "text").stream().anyMatch(b -> b.endsWith(printed)), printed);
  }

  @Test
  void everyJsonAndYamlOnThePagesCanBeRead() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    for (String block : blocks("api.md", "json")) {
      assertDoesNotThrow(() -> json.readTree(block), block);
    }
    for (String block : blocks("service-metrics.md", "yaml")) {
      assertDoesNotThrow(() -> yaml.readTree(block), block);
    }
  }

  @Test
  void theAlertsOnThePageAreRules(@TempDir Path folder) throws Exception {
    String rules =
        blocks("service-metrics.md", "yaml").stream()
            .filter(b -> b.startsWith("groups:"))
            .findFirst()
            .orElseThrow();
    Path file = Files.writeString(folder.resolve("rules.yml"), rules);

    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertTrue(promtool.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, promtool.exitValue(), said);
  }
}
