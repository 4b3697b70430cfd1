package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.sluice.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What Helm itself makes of the chart, with the engine that users have. */
class HelmTest {
  private static final Path CHART = Project.file("k8s/helm/sluice");

  private static final String SEVERAL =
      """
      replicas: 2
      image: { digest: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' }
      config:
        store:
          postgresql:
            host: postgresql.databases.svc
            password: '${file:/run/secrets/sluice/database-password}'
      ingress: { enabled: true, annotations: { example.com/a: b } }
      monitoring: { enabled: true, labels: { release: prometheus } }
      networkPolicy: { ports: [443, 5432] }
      javaOptions: -Xss512k
      nodeSelector: { zone: a }
      tolerations: [{ key: dedicated, operator: Exists }]
      podAnnotations: { example.com/c: d }
      service: { annotations: { example.com/e: f } }
      """;

  private final YAMLMapper yaml = new YAMLMapper();
  private final KubernetesFields fields = new KubernetesFields();
  private final CustomFields custom = new CustomFields();

  @TempDir private Path folder;

  private Map<String, JsonNode> built(String release, String values) throws IOException {
    Path file = Files.writeString(folder.resolve("values.yaml"), values);
    String text =
        new Helm(CHART)
            .template()
            .withName(release)
            .withNamespace("rollouts")
            .withKubeVersion("1.31.0")
            .withValuesFile(file)
            .call();
    Map<String, JsonNode> objects = new TreeMap<>();
    List<JsonNode> documents = new ArrayList<>();
    yaml.readerFor(JsonNode.class).<JsonNode>readValues(text).forEachRemaining(documents::add);
    for (JsonNode object : documents) {
      if (object.isObject()) {
        assertFalse(objects.containsKey(object.path("kind").asText()), object::toString);
        objects.put(object.path("kind").asText(), object);
      }
    }
    return objects;
  }

  private static JsonNode only(Map<String, JsonNode> objects, String kind) {
    JsonNode object = objects.get(kind);
    assertTrue(object != null, () -> "no " + kind + " among " + objects.keySet());
    return object;
  }

  @Test
  void helmHasNothingToComplainAbout() {
    LintResult lint = new Helm(CHART).lint().strict().call();
    // A wish of Helm's, not a fault: charts of shops have pictures.
    List<String> said =
        lint.getMessages().stream().filter(m -> !m.contains("icon is recommended")).toList();
    assertFalse(lint.isFailed(), said::toString);
  }

  @TestFactory
  Stream<DynamicTest> kubernetesKnowsEveryFieldOfWhatIsBuilt() {
    return Stream.of("", SEVERAL)
        .map(
            values ->
                DynamicTest.dynamicTest(
                    values.isEmpty() ? "as it comes" : "several pods",
                    () -> {
                      for (JsonNode object : built("sluice", values).values()) {
                        List<String> unknown =
                            custom.knows(object)
                                ? custom.unknown(object)
                                : fields.unknown(yaml.writeValueAsString(object));
                        assertEquals(List.of(), unknown, object.path("kind").asText());
                      }
                    }));
  }

  @Test
  void thePodIsTheOneOfTheManifests() throws IOException {
    JsonNode pod = only(built("sluice", ""), "Deployment").at("/spec/template/spec");
    JsonNode base =
        yaml.readTree(Project.read("k8s/base/deployment.yaml")).at("/spec/template/spec");

    for (String field :
        List.of(
            "/securityContext",
            "/automountServiceAccountToken",
            "/enableServiceLinks",
            "/terminationGracePeriodSeconds",
            "/containers/0/args",
            "/containers/0/ports",
            "/containers/0/startupProbe",
            "/containers/0/livenessProbe",
            "/containers/0/readinessProbe",
            "/containers/0/resources",
            "/containers/0/securityContext",
            "/containers/0/volumeMounts",
            "/volumes/2",
            "/volumes/3")) {
      assertEquals(base.at(field), pod.at(field), field);
    }
    assertEquals("registry.example.com/sluice:0.1.0", pod.at("/containers/0/image").asText());
  }

  @TestFactory
  Stream<DynamicTest> theServiceAcceptsTheConfiguration() {
    return Stream.of("", SEVERAL)
        .map(
            values ->
                DynamicTest.dynamicTest(
                    values.isEmpty() ? "as it comes" : "several pods",
                    () -> {
                      JsonNode map = only(built("sluice", values), "ConfigMap");
                      String text = map.at("/data").path("sluice.yaml").asText();
                      ConfigReader.NamesReading names = ConfigReader.names(text);
                      assertInstanceOf(ConfigReader.NamesReading.Ok.class, names, text + names);
                    }));
  }

  @Test
  void podsThatShareADatabaseHaveNoVolumeAndStandApart() throws IOException {
    Map<String, JsonNode> objects = built("sluice", SEVERAL);

    assertFalse(objects.containsKey("PersistentVolumeClaim"));
    JsonNode spec = only(objects, "Deployment").path("spec");
    assertEquals("RollingUpdate", spec.at("/strategy/type").asText());
    assertEquals(1, spec.at("/template/spec/topologySpreadConstraints").size());
    assertFalse(spec.toString().contains("/var/lib/sluice"), spec::toString);
    assertFalse(only(objects, "ConfigMap").toString().contains("sluice.db"));
    assertTrue(only(objects, "NetworkPolicy").at("/spec/egress").toString().contains("5432"));
    assertTrue(spec.at("/template/spec/containers/0/image").asText().contains("@sha256:"));
  }

  /** Two writers of one file would be two minds about one rollout. */
  @Test
  void severalPodsWithAFileAreRefused() {
    Exception refused = assertThrows(RuntimeException.class, () -> built("sluice", "replicas: 2"));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("a file has one writer"), refused::toString);
  }

  @Test
  void aMisspeltValueIsRefused() {
    Exception refused =
        assertThrows(RuntimeException.class, () -> built("sluice", "netwrokPolicy: {}"));
    assertTrue(String.valueOf(refused.getMessage()).contains("netwrokPolicy"), refused::toString);
  }

  @Test
  void anotherConfigurationIsAnotherPod() throws IOException {
    String path = "/spec/template/metadata/annotations/sluice~1config";
    String before = only(built("sluice", ""), "Deployment").at(path).asText();
    String after =
        only(built("sluice", "config: { zone: Europe/Berlin }"), "Deployment").at(path).asText();
    assertTrue(before.length() == 64 && !before.equals(after), before + after);
  }

  @Test
  void twoReleasesInOneNamespaceDoNotSelectEachOthersPods() throws IOException {
    Map<String, JsonNode> one = built("sluice", "");
    Map<String, JsonNode> other = built("staging", "");

    assertEquals("sluice", only(one, "Service").at("/metadata/name").asText());
    assertEquals("staging-sluice", only(other, "Service").at("/metadata/name").asText());
    JsonNode selector = only(other, "Service").at("/spec/selector");
    assertFalse(selector.equals(only(one, "Service").at("/spec/selector")), selector::toString);
    assertEquals(selector, only(other, "Deployment").at("/spec/selector/matchLabels"));
    assertEquals(selector, only(other, "NetworkPolicy").at("/spec/podSelector/matchLabels"));
    assertEquals(selector, only(other, "PodDisruptionBudget").at("/spec/selector/matchLabels"));
  }

  @Test
  void theAlertsAreThoseOfTheManifests() throws IOException {
    assertEquals(
        yaml.readTree(Project.read("k8s/components/monitoring/alerts.yaml")).at("/spec"),
        only(built("sluice", SEVERAL), "PrometheusRule").at("/spec"));
  }
}
