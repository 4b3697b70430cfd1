package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.PlanNames;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptsTest {
  private final YAMLMapper yaml = new YAMLMapper();

  @Test
  void prometheusAcceptsItsConfiguration(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("prometheus.yaml");
    Files.writeString(file, Scripts.prometheus(8080, List.of("v1", "v2")));

    Process promtool =
        new ProcessBuilder("promtool", "check", "config", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), said);
  }

  @Test
  void thePlanComparesThePairOfReleasesItIsAskedFor() throws Exception {
    JsonNode plan = yaml.readTree(Scripts.plan("v3", "v2", 1));

    assertEquals("sluice/v1", plan.path("apiVersion").asText());
    assertEquals("checkout-v3", plan.at("/metadata/name").asText());
    assertEquals("checkout-v3", plan.at("/spec/flag/key").asText());
    assertEquals(
        "{job=\"shop\",version=\"v3\"}", plan.at("/spec/cohorts/canary/selector").asText());
    assertEquals(
        "{job=\"shop\",version=\"v2\"}", plan.at("/spec/cohorts/baseline/selector").asText());
  }

  @Test
  void atDoubleSpeedTheStepsAreHalfAsLongAndNothingElseChanges() throws Exception {
    JsonNode plan = yaml.readTree(Scripts.plan("v2", "v1", 2));

    assertEquals("10s", plan.at("/spec/steps/0/hold/atLeast").asText());
    assertEquals("2s", plan.at("/spec/source/every").asText());
    assertFalse(Scripts.plan("v2", "v1", 2).contains("20s"));
  }

  /** As long as they are ever used, and as short. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3})
  void thePlanIsOneThatTheServiceAccepts(double speed) {
    PlanReading reading = new PlanReader().read(Scripts.plan("v3", "v2", speed));

    PlanReading.Ok ok = assertInstanceOf(PlanReading.Ok.class, reading, reading::toString);
    assertEquals(List.of(), ok.remarks());
    assertEquals("checkout-v3", ok.plan().name());
  }

  @Test
  void theConfigurationIsOneThatTheServiceAcceptsAndKnowsWhatThePlanNames(@TempDir Path folder)
      throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    String text = Scripts.sluice(8080, folder.resolve("sluice.db"), 9090, 7070, secret);

    ConfigReading reading = ConfigReader.read(text, folder, Map.of());

    ConfigReading.Ok ok = assertInstanceOf(ConfigReading.Ok.class, reading, reading::toString);
    PlanReading.Ok plan = (PlanReading.Ok) new PlanReader().read(Scripts.plan("v2", "v1", 1));
    assertEquals(List.of(), PlanNames.check(plan, ok.config()));
  }

  @Test
  void theSecretIsNamedInTheServersConfigurationAndNotWritten() throws Exception {
    String text =
        Scripts.sluice(8080, Path.of("/tmp/x/sluice.db"), 9090, 7070, Path.of("/tmp/x/secret"));
    JsonNode config = yaml.readTree(text);

    assertEquals(8080, config.at("/http/port").asInt());
    assertEquals("http://127.0.0.1:9090", config.at("/prometheus/demo/url").asText());
    assertEquals("${file:/tmp/x/secret}", config.at("/flags/shop-flags/secrets/0").asText());
    assertTrue(text.contains("http://127.0.0.1:7070/decisions"), text);
  }
}
