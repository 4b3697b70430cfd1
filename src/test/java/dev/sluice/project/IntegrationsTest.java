package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.cli.Main;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** The examples for other systems ask what the service answers, by its own list of routes. */
class IntegrationsTest {
  private static final String FOLDER = "k8s/integrations";
  private static final Pattern URL =
      Pattern.compile(
          "(?:https?://(?:\\w+:TOKEN@)?(sluice[.\\w:]*)|\\$SLUICE_SERVER)(/[^'\"\\s]*)");
  private static final Pattern QUERY = Pattern.compile("query: (sluice_\\S+)");
  private static final Pattern STEP = Pattern.compile("users-\\d+");

  private final YAMLMapper yaml =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final JsonMapper json =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private final JsonNode routes = tree(json, "src/main/resources/openapi.json").path("paths");

  private static JsonNode tree(com.fasterxml.jackson.databind.ObjectMapper mapper, String file) {
    try {
      return mapper.readTree(Project.read(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(file, e);
    }
  }

  private JsonNode manifest(String file) {
    return tree(yaml, FOLDER + "/" + file);
  }

  private static List<Path> files() {
    return Stream.of(".yaml", ".yml", ".json")
        .flatMap(ending -> Project.files(FOLDER, ending).stream())
        .toList();
  }

  private static Stream<DynamicTest> each(java.util.function.Consumer<Path> test) {
    return files().stream()
        .map(file -> DynamicTest.dynamicTest(Project.name(file), () -> test.accept(file)));
  }

  @TestFactory
  Stream<DynamicTest> everyFileIsStrictlyReadable() {
    return each(file -> tree(file.toString().endsWith(".json") ? json : yaml, Project.name(file)));
  }

  @TestFactory
  Stream<DynamicTest> everyAddressIsARouteOfTheServiceWithParametersItKnows() {
    return each(
        file -> {
          Matcher url = URL.matcher(Project.read(file));
          while (url.find()) {
            assertHost(url.group(1));
            assertRoute(url.group(2));
          }
        });
  }

  /** Inside of the cluster the Service's name and port; outside, the ingress's host. */
  private void assertHost(@org.jspecify.annotations.Nullable String host) {
    if (host != null) {
      String inside =
          tree(yaml, "k8s/base/service.yaml").at("/metadata/name").asText()
              + "."
              + tree(yaml, "k8s/overlays/example/namespace.yaml").at("/metadata/name").asText();
      assertEquals(80, tree(yaml, "k8s/base/service.yaml").at("/spec/ports/0/port").asInt());
      String outside =
          tree(yaml, "k8s/overlays/example/ingress.yaml").at("/spec/rules/0/host").asText();
      assertTrue(Set.of(inside, outside).contains(host), host);
    }
  }

  private void assertRoute(String address) {
    // What clients append to an address of ours: Kayenta's and Prometheus's own paths.
    String whole =
        switch (address) {
          case "/prometheus" -> "/prometheus/api/v1/query";
          case "/kayenta" -> "/kayenta/canaryConfig";
          default -> address;
        };
    String path = whole.replaceFirst("\\?.*", "");
    JsonNode route = route(path);
    assertTrue(!route.isMissingNode(), () -> path + " is no route");
    Set<String> known = new TreeSet<>(route.findValuesAsText("name"));
    Matcher parameter = Pattern.compile("[?&](\\w+)=").matcher(whole);
    while (parameter.find()) {
      assertTrue(known.contains(parameter.group(1)), () -> address + ", known: " + known);
    }
  }

  private JsonNode route(String path) {
    return routes.properties().stream()
        .filter(r -> path.matches(r.getKey().replaceAll("\\{\\w+}", "[^/]+")))
        .map(java.util.Map.Entry::getValue)
        .findFirst()
        .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
  }

  private static Plan plan(String file) {
    PlanReading reading = new PlanReader().read(Project.read(FOLDER + "/" + file));
    return assertInstanceOf(PlanReading.Ok.class, reading, reading::toString).plan();
  }

  private static List<Plan> plans() {
    return List.of(plan("flagger/podinfo.plan.yml"), plan("argo-rollouts/checkout.plan.yml"));
  }

  @TestFactory
  Stream<DynamicTest> everyStepThatIsNamedIsAStepOfThePlan() {
    Set<String> steps =
        plans().stream().flatMap(p -> p.steps().stream()).map(Step::id).collect(Collectors.toSet());
    return each(
        file -> {
          Matcher step = STEP.matcher(Project.read(file));
          while (step.find()) {
            assertTrue(steps.contains(step.group()), step::group);
          }
        });
  }

  private static List<Integer> percentages(Plan plan) {
    return plan.steps().stream()
        .map(s -> s.exposure().toString().replaceAll("[^0-9.]", ""))
        .map(p -> (int) Double.parseDouble(p))
        .toList();
  }

  private static List<Integer> numbers(Iterable<JsonNode> nodes) {
    return StreamSupport.stream(nodes.spliterator(), false).map(JsonNode::asInt).toList();
  }

  @Test
  void theWeightsOfTheControllersAreThePercentagesOfThePlan() {
    JsonNode analysis = manifest("flagger/canary.yaml").at("/spec/analysis");
    List<Integer> podinfo = percentages(plan("flagger/podinfo.plan.yml"));
    assertEquals(podinfo, numbers(analysis.path("stepWeights")));
    assertEquals(podinfo.getLast(), analysis.path("maxWeight").asInt());

    JsonNode steps = manifest("argo-rollouts/rollout.yaml").at("/spec/strategy/canary/steps");
    assertEquals(
        percentages(plan("argo-rollouts/checkout.plan.yml")),
        numbers(steps.findValues("setWeight")));
  }

  @Test
  void eachHookOfFlaggerGoesToItsOwnAddress() {
    Set<String> types = new TreeSet<>();
    JsonNode canary = manifest("flagger/canary.yaml");
    for (JsonNode hook : canary.at("/spec/analysis/webhooks")) {
      String type = hook.path("type").asText();
      types.add(type);
      assertTrue(hook.path("url").asText().endsWith("/flagger/podinfo/" + type), hook::toString);
    }
    Set<String> served =
        routes.properties().stream()
            .map(r -> r.getKey())
            .filter(p -> p.startsWith("/flagger/"))
            .map(p -> p.substring(p.lastIndexOf('/') + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(served, types, "all types of hooks, each once");
  }

  /** Decisions in the conditions are words the service says, and only "promote" lets go on. */
  @Test
  void theConditionsOfArgoUseTheWordsOfTheService() {
    Set<String> words = Set.of("promote", "continue", "pause", "rollback");
    for (String wiring : List.of("wiring-a", "wiring-b", "wiring-c")) {
      for (JsonNode metric : manifest("argo-rollouts/" + wiring + ".yaml").at("/spec/metrics")) {
        List<String> success = words(metric.path("successCondition").asText());
        List<String> failure = words(metric.path("failureCondition").asText());
        assertTrue(success.contains("promote"), wiring);
        assertTrue(failure.contains("rollback"), wiring);
        assertTrue(words.containsAll(success) && words.containsAll(failure), wiring);
        assertTrue(success.stream().noneMatch(failure::contains), wiring);
      }
    }
  }

  private static List<String> words(String condition) {
    return Pattern.compile("\"(\\w+)\"").matcher(condition).results().map(m -> m.group(1)).toList();
  }

  @Test
  void everyTemplateThatARolloutNamesIsThereAndGetsItsArguments() {
    JsonNode steps = manifest("argo-rollouts/rollout.yaml").at("/spec/strategy/canary/steps");
    for (JsonNode analysis : steps.findValues("analysis")) {
      String name = analysis.at("/templates/0/templateName").asText();
      JsonNode template =
          Project.files(FOLDER + "/argo-rollouts", ".yaml").stream()
              .map(f -> tree(yaml, Project.name(f)))
              .filter(t -> t.at("/metadata/name").asText().equals(name))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no template " + name));
      Set<String> wanted = new TreeSet<>();
      for (JsonNode argument : template.at("/spec/args")) {
        if (!argument.has("value") && !argument.has("valueFrom")) {
          wanted.add(argument.path("name").asText());
        }
      }
      assertEquals(wanted, new TreeSet<>(analysis.path("args").findValuesAsText("name")));
    }
  }

  /** Whatever a manifest wants of a secret is in the secret beside it. */
  @Test
  void everySecretThatIsNamedIsThereWithItsKey() {
    for (String folder : List.of("argo-rollouts", "keda", "keptn")) {
      JsonNode secret = manifest(folder + "/secret.yaml");
      for (Path file : Project.files(FOLDER + "/" + folder, ".yaml")) {
        JsonNode object = tree(yaml, Project.name(file));
        List<JsonNode> references = new ArrayList<>(object.findValues("secretKeyRef"));
        object.findValues("secretTargetRef").forEach(list -> list.forEach(references::add));
        for (JsonNode reference : references) {
          assertEquals(secret.at("/metadata/name"), reference.path("name"), Project.name(file));
          assertTrue(
              secret.path("stringData").has(reference.path("key").asText()), Project.name(file));
        }
      }
    }
    assertEquals(
        manifest("flagger/secret.yaml").at("/metadata/name"),
        manifest("flagger/metric-template.yaml").at("/spec/provider/secretRef/name"));
  }

  @Test
  void everyQueryForAVerdictIsAnswered() {
    Set<String> queries = new TreeSet<>();
    for (Path file : files()) {
      QUERY.matcher(Project.read(file)).results().forEach(m -> queries.add(m.group(1)));
    }
    assertTrue(queries.size() >= 5, queries::toString);
    try (TestServer server = new TestServer()) {
      for (String plan : List.of("checkout", "podinfo")) {
        server.put("/api/v1/plans/" + plan, "metadata:\n  name: " + plan + "\n");
        server.scenes.baking(plan + "-1", Scenes.plan(plan));
      }
      for (String query : queries) {
        String filled = query.replace("{{args.step}}", "users-10");
        HttpResponse<String> answer =
            server.get(
                "/prometheus/api/v1/query?query="
                    + URLEncoder.encode(filled, StandardCharsets.UTF_8));
        assertEquals(200, answer.statusCode(), filled + answer.body());
        assertTrue(answer.body().contains("\"success\""), answer.body());
      }
    }
  }

  @Test
  void theScriptsOfPipelinesAreShellAndKnowTheCommands() throws Exception {
    List<String> scripts = new ArrayList<>();
    manifest("ci/github-actions.yml").findValuesAsText("run").forEach(scripts::add);
    for (String key : List.of("script", "before_script")) {
      manifest("ci/gitlab-ci.yml")
          .findValues(key)
          .forEach(lines -> lines.forEach(line -> scripts.add(line.asText())));
    }
    assertTrue(scripts.size() >= 8, scripts::toString);
    for (String script : scripts) {
      Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
      try (var in = bash.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(bash.waitFor(10, TimeUnit.SECONDS), script);
      assertEquals(0, bash.exitValue(), script + said);
      command(script);
    }
  }

  /** picocli reads the words as the program would, without doing anything. */
  private static void command(String script) {
    Matcher words =
        Pattern.compile("(?:^|-jar \\S*)sluice(?:\\.jar)? ([a-z][^|>\n]*)").matcher(script);
    while (words.find()) {
      String[] arguments =
          words
              .group(1)
              .strip()
              .replace("\"", "")
              .replaceAll("\\$\\([^)]*\\)", "x")
              .split(" +", -1);
      new CommandLine(Main.class).parseArgs(arguments);
    }
  }

  @Test
  void theReadmeNamesEveryFolder() throws IOException {
    String readme = Project.read(FOLDER + "/README.md");
    try (Stream<Path> folders = Files.list(Project.file(FOLDER))) {
      folders
          .filter(Files::isDirectory)
          .forEach(f -> assertTrue(readme.contains("`" + f.getFileName() + "/`"), f::toString));
    }
  }
}
