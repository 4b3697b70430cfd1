package dev.sluice.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.plan.FencedBlocks;
import dev.sluice.service.plan.FencedBlocks.Block;
import dev.sluice.service.plan.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The reference of the configuration says what the reader reads. */
class ConfigurationPageTest {
  private static final String PAGE = Texts.repository("docs/reference/configuration.md");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");
  private static final String SMALLEST = "prometheus:\n  main: { url: 'http://127.0.0.1:9090' }\n";

  @TempDir Path machine;

  @TestFactory
  Stream<DynamicTest> everyBlockIsRead() {
    return FencedBlocks.of(PAGE).stream()
        .filter(b -> b.kind().startsWith("yaml"))
        .map(b -> DynamicTest.dynamicTest("line " + b.line(), () -> read(whole(b))));
  }

  private static String whole(Block block) {
    return block.kind().equals("yaml fragment")
        ? FencedBlocks.replaced(SMALLEST, block.text())
        : block.text();
  }

  /** On a machine where everything is there that the text refers to. */
  private void read(String text) throws IOException {
    String moved = text.replaceAll("/(run|etc|var)/", Matcher.quoteReplacement(machine + "/root/"));
    Map<String, String> environment = new HashMap<>();
    Matcher reference = REFERENCE.matcher(moved);
    while (reference.find()) {
      provide(reference.group(1), reference.group(2), environment);
    }
    Files.createDirectories(machine.resolve("root/lib/sluice"));
    Files.createDirectories(machine.resolve("root/sluice"));
    for (String file : List.of("ca.pem", "tls.pem", "tls-key.pem")) {
      Files.writeString(machine.resolve("root/sluice/" + file), Texts.resource("/config/ca.pem"));
    }
    ConfigReading reading = ConfigReader.read(moved, machine, environment);
    if (reading instanceof ConfigReading.Broken broken) {
      throw new AssertionError(broken.problems() + "\n" + moved);
    }
  }

  /** Each a secret of its own that is good for a token and for a webhook. */
  private static void provide(String kind, String name, Map<String, String> environment)
      throws IOException {
    byte[] key = new byte[32];
    key[0] = (byte) name.hashCode();
    String secret = "whsec_" + java.util.Base64.getEncoder().encodeToString(key);
    String value = name.endsWith("URL") ? "https://hooks.slack.com/services/T/B/x" : secret;
    if (kind.equals("env")) {
      environment.put(name, value);
    } else {
      Files.createDirectories(Path.of(name).getParent());
      Files.writeString(Path.of(name), value + "\n");
    }
  }

  @Test
  void everyFieldOfTheSchemaIsOnThePage() throws Exception {
    JsonNode schema = JsonMapper.builder().build().readTree(Texts.resource(ConfigReader.SCHEMA));
    TreeSet<String> missing = new TreeSet<>();
    for (JsonNode properties : schema.findValues("properties")) {
      properties.fieldNames().forEachRemaining(missing::add);
    }
    missing.removeIf(
        field ->
            PAGE.contains("`" + field + "`")
                || PAGE.contains("." + field + "`")
                || PAGE.contains("`" + field + ".")
                || PAGE.contains("## " + field));
    assertEquals(List.of(), List.copyOf(missing));
  }

  @Test
  void theOverridesAreOnThePage() {
    for (String name : List.of(HttpReader.HOST, HttpReader.PORT, StoreReader.FILE)) {
      assertTrue(PAGE.contains("`" + name + "`"), name);
    }
  }

  @Test
  void everyConfigurationThatIsShippedHasTheRightShape() {
    for (String path :
        List.of(
            "k8s/base/sluice.yaml",
            "k8s/overlays/example/sluice.yaml",
            "k8s/overlays/replicas/sluice.yaml")) {
      ConfigReader.NamesReading names = ConfigReader.names(Texts.repository(path));
      assertInstanceOf(ConfigReader.NamesReading.Ok.class, names, path + " " + names);
    }
  }
}
