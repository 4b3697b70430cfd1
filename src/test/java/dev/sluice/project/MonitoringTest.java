package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and dashboard speak of metrics that exist, and the alerts ring when they should. */
class MonitoringTest {
  private static final String FOLDER = "k8s/components/monitoring/";
  private static final Pattern METRIC = Pattern.compile("\\bsluice_[a-z_]+");

  private final YAMLMapper yaml =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final JsonMapper json =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonNode rules() throws IOException {
    return yaml.readTree(Project.read(FOLDER + "alerts.yaml")).at("/spec");
  }

  private JsonNode dashboard() throws IOException {
    return json.readTree(Project.read(FOLDER + "sluice-dashboard.json"));
  }

  private static Set<String> documented() {
    Matcher name =
        Pattern.compile("`(sluice_[a-z_]+)`")
            .matcher(Project.read("docs/reference/service-metrics.md"));
    Set<String> names = new TreeSet<>();
    while (name.find()) {
      names.add(name.group(1));
    }
    return names;
  }

  private static Set<String> metrics(String expression) {
    return METRIC
        .matcher(expression)
        .results()
        .map(r -> r.group().replaceFirst("_seconds_(bucket|count|sum)$", "_seconds"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMetricOfTheAlertsAndTheDashboardIsDocumented() throws IOException {
    String expressions =
        String.join("\n", rules().findValuesAsText("expr"))
            + String.join("\n", dashboard().findValuesAsText("expr"));

    Set<String> used = metrics(expressions);

    assertTrue(used.size() > 12, used::toString);
    used.removeAll(documented());
    assertEquals(Set.of(), used, "docs/reference/service-metrics.md does not know them");
  }

  @Test
  void everyAlertSaysWhatItMeansAndWhoGetsUp() throws IOException {
    for (JsonNode rule : rules().at("/groups/0/rules")) {
      String alert = rule.path("alert").asText();
      assertTrue(alert.startsWith("Sluice"), alert);
      assertTrue(rule.at("/labels/severity").asText().matches("page|ticket"), alert);
      assertTrue(rule.at("/annotations/summary").asText().endsWith("."), alert);
      assertTrue(rule.at("/annotations/description").asText().length() > 40, alert);
    }
  }

  @Test
  void theAlertsRingWhenTheyShouldAndNotBefore(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("alerts.yaml"), yaml.writeValueAsString(rules()));
    Path tests = folder.resolve("alerts.test.yaml");
    try (var in = getClass().getResourceAsStream("/kubernetes/alerts.test.yaml")) {
      assertTrue(in != null, "no tests of the alerts");
      Files.copy(in, tests);
    }

    promtool("check", "rules", folder.resolve("alerts.yaml").toString());
    promtool("test", "rules", tests.toString());

    String tested = Files.readString(tests);
    for (String alert : rules().findValuesAsText("alert")) {
      assertTrue(tested.contains("alertname: " + alert), () -> "nothing tests " + alert);
    }
  }

  private static void promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "promtool does not end");
    assertEquals(0, process.exitValue(), said);
  }

  @Test
  void panelsHaveTheirOwnIdsAndDoNotOverlap() throws IOException {
    Set<Integer> ids = new TreeSet<>();
    Set<String> cells = new TreeSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      String title = panel.path("title").asText();
      assertTrue(ids.add(panel.path("id").asInt()), title);
      assertFalse(panel.path("description").asText().isEmpty(), title);
      assertEquals("${source}", panel.at("/datasource/uid").asText(), title);
      JsonNode at = panel.path("gridPos");
      assertTrue(at.path("x").asInt() + at.path("w").asInt() <= 24, title);
      for (int x = 0; x < at.path("w").asInt(); x++) {
        for (int y = 0; y < at.path("h").asInt(); y++) {
          String cell = (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
          assertTrue(cells.add(cell), () -> title + " overlaps another panel at " + cell);
        }
      }
    }
  }

  @Test
  void theMonitorScrapesThePortAndTheAddressOfTheService() throws IOException {
    JsonNode endpoint =
        yaml.readTree(Project.read(FOLDER + "service-monitor.yaml")).at("/spec/endpoints/0");
    JsonNode service = yaml.readTree(Project.read("k8s/base/service.yaml"));
    JsonNode routes = json.readTree(Project.read("src/main/resources/openapi.json")).path("paths");

    assertEquals(
        service.at("/spec/ports/0/name").asText(), endpoint.path("port").asText(), "port by name");
    assertTrue(routes.has(endpoint.path("path").asText()));
    String key = endpoint.at("/authorization/credentials/key").asText();
    for (String overlay : List.of("example", "replicas")) {
      String config = Project.read("k8s/overlays/" + overlay + "/sluice.yaml");
      assertTrue(config.contains("role: viewer, secret: '${file:/run/secrets/sluice/" + key), key);
    }
  }
}
