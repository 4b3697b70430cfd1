package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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

/** The pages can be believed: every block is read, every link leads somewhere. */
class DocsTest {
  private static final Pattern SCRIPT = Pattern.compile("(?m)(?:^|[ (])(bin/[a-z]+)\\b");
  private static final Set<String> KUBERNETES = Set.of("apps/v1", "v1", "policy/v1", "batch/v1");

  private final YAMLMapper yaml =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
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
                                () -> read(block))));
  }

  private void read(Markdown.Block block) throws Exception {
    switch (block.language()) {
      case "yaml" -> readYaml(block.text());
      case "json" -> json.readTree(block.text());
      case "sh" -> readShell(block.text());
      // What a program says: there is nothing to parse.
      case "text" -> {}
      default ->
          throw new AssertionError(
              "no test reads '"
                  + block.language()
                  + "': say yaml, json, sh or text, or teach this test to read it");
    }
  }

  private void readYaml(String text) throws IOException {
    List<JsonNode> documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
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
