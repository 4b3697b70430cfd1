package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sluice.service.cli.Main;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** The pages can be believed: every block is read, every link leads somewhere. */
class DocsTest {
  private static final Pattern SCRIPT = Pattern.compile("(?m)(?:^|[ (])(bin/[a-z]+)\\b");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^|[|;&] |bin/)sluice((?: [-\\w=./]+)+)");
  private static final Set<String> KUBERNETES = Set.of("apps/v1", "v1", "policy/v1", "batch/v1");

  private final YAMLMapper yaml =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final PlanReader plans = new PlanReader();
  private final KubernetesFields kubernetes = new KubernetesFields();

  private static List<Path> pages() {
    return Stream.concat(
            Stream.of("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md").map(Project::file),
            Project.files("docs", ".md").stream())
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> everyBlockIsRead() {
    return pages().stream()
        .map(Markdown::read)
        .flatMap(
            page ->
                page.blocks().stream()
                    .map(
                        block ->
                            DynamicTest.dynamicTest(
                                Project.name(page.file()) + ":" + block.line(),
                                () -> read(Project.name(page.file()), block))));
  }

  private void read(String page, Markdown.Block block) throws Exception {
    switch (block.language()) {
      case "yaml" -> readYaml(block.text());
      case "json" -> json.readTree(block.text());
      case "sh", "bash" -> readShell(block.text());
      // Run on a real store, by the test of that page.
      case "sql" -> assertEquals("docs/reference/store.md", page);
      // What a program says: there is nothing to parse.
      case "text" -> {}
      default ->
          throw new AssertionError(
              "no test reads '"
                  + block.language()
                  + "': say yaml, json, sh, bash or text, or teach this test to read it");
    }
  }

  /**
   * A whole plan, a whole configuration or a manifest is read as what it is; other pieces as YAML.
   */
  private void readYaml(String text) throws IOException {
    List<JsonNode> documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
    if (documents.isEmpty()) {
      assertTrue(text.lines().allMatch(l -> l.startsWith("#")), "neither YAML nor a comment");
      return;
    }
    JsonNode first = documents.getFirst();
    if (first.path("kind").asText().equals("RolloutPlan")) {
      assertInstanceOf(PlanReading.Ok.class, plans.read(text), () -> plans.read(text).toString());
    } else if (first.has("prometheus") && !first.path("prometheus").isTextual()) {
      ConfigReader.NamesReading names = ConfigReader.names(text);
      assertInstanceOf(ConfigReader.NamesReading.Ok.class, names, names::toString);
    }
    for (JsonNode document : documents) {
      if (KUBERNETES.contains(document.path("apiVersion").asText())) {
        assertEquals(List.of(), kubernetes.unknown(yaml.writeValueAsString(document)));
      }
    }
  }

  private static void readShell(String text) throws Exception {
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(bash.waitFor(10, TimeUnit.SECONDS), "bash does not end");
    assertEquals(0, bash.exitValue(), said);
    Matcher script = SCRIPT.matcher(text);
    while (script.find()) {
      assertTrue(Files.isExecutable(Project.file(script.group(1))), script::group);
    }
    Matcher command = COMMAND.matcher(text);
    while (command.find()) {
      known(new CommandLine(Main.class), command.group(1).strip().split(" +"));
    }
  }

  /** Sub-commands and long options that a page names exist. */
  private static void known(CommandLine command, String[] words) {
    CommandLine at = command;
    for (String word : words) {
      String option = word.replaceFirst("=.*", "");
      if (at.getSubcommands().containsKey(word)) {
        at = at.getSubcommands().get(word);
      } else if (option.startsWith("--")) {
        String path = at.getCommandSpec().qualifiedName();
        assertTrue(
            at.getCommandSpec().optionsMap().containsKey(option), path + " has no " + option);
      } else {
        String path = at.getCommandSpec().qualifiedName();
        assertTrue(at.getParent() != null, path + " has no command " + word);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyLinkLeadsSomewhere() {
    return pages().stream()
        .map(Markdown::read)
        .flatMap(
            page ->
                page.links().stream()
                    .map(
                        link ->
                            DynamicTest.dynamicTest(
                                Project.name(page.file()) + ":" + link.line() + " " + link.target(),
                                () -> follow(page, link.target()))));
  }

  private static void follow(Markdown page, String target) {
    if (target.startsWith("http")) {
      assertTrue(URI.create(target).getHost() != null, target);
      return;
    }
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
    assertTrue(Files.exists(file), () -> file + " does not exist");
    if (hash >= 0) {
      Set<String> anchors = Markdown.read(file).anchors();
      assertTrue(
          anchors.contains(target.substring(hash + 1)), () -> target + ", known: " + anchors);
    }
  }

  @Test
  void everyPageCanBeReachedFromTheReadme() {
    Set<Path> reached = new LinkedHashSet<>();
    Deque<Path> ahead = new ArrayDeque<>(List.of(Project.file("README.md")));
    while (!ahead.isEmpty()) {
      Path page = ahead.pop();
      if (reached.add(page) && page.toString().endsWith(".md") && Files.exists(page)) {
        Markdown.read(page).links().stream()
            .map(Markdown.Link::target)
            .filter(t -> !t.startsWith("http") && !t.startsWith("#"))
            .map(t -> page.resolveSibling(t.replaceFirst("#.*", "")).normalize())
            .forEach(ahead::push);
      }
    }
    List<String> lost =
        pages().stream().filter(p -> !reached.contains(p)).map(Project::name).toList();
    assertEquals(List.of(), lost, "no page links to them");
  }
}
