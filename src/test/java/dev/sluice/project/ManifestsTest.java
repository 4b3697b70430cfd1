package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The manifests say what the service and Kubernetes understand, and agree with each other. */
class ManifestsTest {
  private static final String CONFIG = "sluice.yaml";
  private static final Pattern SECRET_FILE = Pattern.compile("\\$\\{file:([^}]+)}");

  @TempDir private static Path temp;

  private final YAMLMapper yaml = new YAMLMapper();
  private final KubernetesFields fields = new KubernetesFields();
  private final CustomFields custom = new CustomFields();
  private final Deployment deployment =
      (Deployment) fields.read(Project.read("k8s/base/deployment.yaml"));
  private final PodSpec pod = deployment.getSpec().getTemplate().getSpec();
  private final Container container = pod.getContainers().getFirst();

  private static List<Path> manifests() {
    return Project.files("k8s", ".yaml").stream()
        // Templates are no YAML until Helm has filled them: see HelmTest.
        .filter(p -> !Project.name(p).startsWith("k8s/helm/"))
        .filter(p -> !p.endsWith(CONFIG) && !p.endsWith("kustomization.yaml"))
        .toList();
  }

  private static List<Path> configs() {
    return Project.files("k8s", CONFIG);
  }

  @TestFactory
  Stream<DynamicTest> kubernetesKnowsEveryField() {
    return manifests().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    Project.name(file), () -> assertEquals(List.of(), unknown(file))));
  }

  private List<String> unknown(Path file) throws IOException {
    JsonNode object = yaml.readTree(Project.read(file));
    return custom.knows(object) ? custom.unknown(object) : fields.unknown(withoutDirectives(file));
  }

  /** What a patch takes out is marked for kustomize; Kubernetes never sees the mark. */
  private static String withoutDirectives(Path file) {
    return Project.read(file).replace("$patch: delete", "");
  }

  @TestFactory
  Stream<DynamicTest> everyFileOfAFolderIsNamedInItsKustomizationAndTheOtherWayRound() {
    return Project.files("k8s", "kustomization.yaml").stream()
        .map(file -> DynamicTest.dynamicTest(Project.name(file), () -> allNamed(file)));
  }

  private void allNamed(Path kustomization) throws IOException {
    JsonNode read = yaml.readTree(Project.read(kustomization));
    List<String> named = new ArrayList<>();
    read.path("resources").forEach(r -> named.add(r.asText()));
    read.path("patches").forEach(p -> named.add(p.path("path").asText()));
    read.path("configMapGenerator")
        .forEach(g -> g.path("files").forEach(f -> named.add(f.asText())));
    Path folder = kustomization.resolveSibling("");
    for (String name : named) {
      assertTrue(Files.exists(folder.resolve(name)), () -> name + " does not exist");
    }
    try (Stream<Path> there = Files.list(folder)) {
      assertEquals(
          named.stream().filter(n -> n.endsWith(".yaml")).sorted().toList(),
          there
              .map(p -> p.getFileName().toString())
              .filter(n -> n.endsWith(".yaml") && !n.equals("kustomization.yaml"))
              .sorted()
              .toList());
    }
  }

  @Test
  void thereIsOneWriterAndTheOldOneIsGoneBeforeTheNewOneComes() {
    assertEquals(1, deployment.getSpec().getReplicas());
    assertEquals("Recreate", deployment.getSpec().getStrategy().getType());
  }

  @Test
  void theContainerMayDoNothingItDoesNotNeed() {
    assertEquals(false, pod.getAutomountServiceAccountToken());
    assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
    assertEquals("RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
    assertEquals(false, container.getSecurityContext().getAllowPrivilegeEscalation());
    assertEquals(true, container.getSecurityContext().getReadOnlyRootFilesystem());
    assertEquals(List.of("ALL"), container.getSecurityContext().getCapabilities().getDrop());
  }

  @Test
  void theProbesAskWhatTheServiceAnswers() {
    assertEquals("/health/live", path(container.getStartupProbe()));
    assertEquals("/health/live", path(container.getLivenessProbe()));
    assertEquals("/health/ready", path(container.getReadinessProbe()));
  }

  private static String path(Probe probe) {
    assertEquals("http", probe.getHttpGet().getPort().getStrVal());
    return probe.getHttpGet().getPath();
  }

  @TestFactory
  Stream<DynamicTest> thePodHasWhatTheConfigurationNames() {
    return configs().stream()
        .map(file -> DynamicTest.dynamicTest(Project.name(file), () -> podHas(file)));
  }

  private void podHas(Path file) throws IOException {
    JsonNode config = yaml.readTree(Project.read(file));
    Map<String, String> mounts =
        container.getVolumeMounts().stream()
            .collect(Collectors.toMap(VolumeMount::getName, VolumeMount::getMountPath));

    assertEquals(
        container.getPorts().getFirst().getContainerPort(), config.at("/http/port").asInt());
    assertEquals(
        List.of("serve", "--config", mounts.get("config") + "/" + CONFIG), container.getArgs());
    boolean shared = config.at("/store/postgresql/host").isTextual();
    assertTrue(shared || config.at("/store/file").asText().startsWith(mounts.get("data") + "/"));
    Matcher secret = SECRET_FILE.matcher(Project.read(file));
    assertTrue(secret.find(), "no secret is named");
    do {
      assertTrue(secret.group(1).startsWith(mounts.get("secrets") + "/"), secret::group);
    } while (secret.find());
  }

  /** With the volume and the secret of the pod put where this test may write. */
  @TestFactory
  Stream<DynamicTest> theServiceAcceptsTheConfiguration() {
    return configs().stream()
        .map(file -> DynamicTest.dynamicTest(Project.name(file), () -> accepted(file)));
  }

  private void accepted(Path file) throws IOException {
    Path data = Files.createDirectory(temp.resolve("data" + configs().indexOf(file)));
    String text = Project.read(file).replace("/var/lib/sluice", data.toString());
    Matcher secret = SECRET_FILE.matcher(text);
    while (secret.find()) {
      String name = Path.of(secret.group(1)).getFileName().toString();
      Files.writeString(data.resolve(name), secretCalled(name));
    }
    String config = text.replace("/run/secrets/sluice", data.toString());

    ConfigReading reading = ConfigReader.read(config, data, Map.of());

    assertInstanceOf(ConfigReading.Ok.class, reading, reading::toString);
  }

  private static String secretCalled(String name) {
    return switch (name) {
      case "webhook-secret" -> "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
      case "slack-url" -> "https://hooks.slack.com/services/T0/B0/x";
      default -> "0123456789abcdef-" + name;
    };
  }

  @Test
  void theImageIsMadeForThisPod() {
    String containerfile = Project.read("k8s/Containerfile");
    Long user = pod.getSecurityContext().getRunAsUser();
    Long group = pod.getSecurityContext().getRunAsGroup();
    Integer port = container.getPorts().getFirst().getContainerPort();

    assertTrue(containerfile.contains("\nUSER " + user + ":" + group + "\n"), containerfile);
    assertTrue(containerfile.contains("\nEXPOSE " + port + "\n"), containerfile);
    String arguments =
        container.getArgs().stream().map(a -> '"' + a + '"').collect(Collectors.joining(", "));
    assertTrue(containerfile.endsWith("\nCMD [" + arguments + "]\n"), containerfile);
  }

  @Test
  void everythingTheImageIsBuiltFromExists() {
    Matcher copied =
        Pattern.compile("(?m)^COPY (?!--from)(\\S+) ").matcher(Project.read("k8s/Containerfile"));
    while (copied.find()) {
      String path = copied.group(1);
      assertTrue(Files.exists(Project.file(path)), () -> path + " does not exist");
    }
  }

  /** What kustomize makes of it; it must not touch the selector of the cluster's name servers. */
  @Test
  void kustomizeBuildsTheExample() throws Exception {
    String all = kustomize("k8s/overlays/example");
    List<JsonNode> objects = new ArrayList<>();
    yaml.readerFor(JsonNode.class).<JsonNode>readValues(all).forEachRemaining(objects::add);

    JsonNode network = only(objects, "NetworkPolicy");
    assertEquals(
        "{\"k8s-app\":\"kube-dns\"}",
        network.at("/spec/egress/0/to/0/podSelector/matchLabels").toString());
    assertEquals(3, network.at("/spec/ingress/0/from").size());
    JsonNode config = only(objects, "ConfigMap");
    JsonNode built = only(objects, "Deployment");
    List<String> volumes = built.at("/spec/template/spec/volumes").findValuesAsText("name");
    assertTrue(volumes.contains(config.at("/metadata/name").asText()), volumes::toString);
    assertEquals(
        Project.read("k8s/overlays/example/" + CONFIG), config.at("/data").path(CONFIG).asText());
    assertEquals(
        "registry.example.com/sluice:0.1.0",
        built.at("/spec/template/spec/containers/0/image").asText());
  }

  /** Pods that share a database have no volume, and the old ones wait for the new ones. */
  @Test
  void kustomizeBuildsSeveralReplicas() throws Exception {
    List<JsonNode> objects = new ArrayList<>();
    yaml.readerFor(JsonNode.class)
        .<JsonNode>readValues(kustomize("k8s/overlays/replicas"))
        .forEachRemaining(objects::add);

    JsonNode built = only(objects, "Deployment");
    assertEquals(2, built.at("/spec/replicas").asInt());
    assertEquals("RollingUpdate", built.at("/spec/strategy/type").asText());
    assertTrue(
        objects.stream().noneMatch(o -> o.path("kind").asText().equals("PersistentVolumeClaim")));
    String mounts = built.at("/spec/template/spec/containers/0/volumeMounts").toString();
    assertTrue(!mounts.contains("/var/lib/sluice") && mounts.contains("/etc/sluice"), mounts);
    String volumes = built.at("/spec/template/spec/volumes").toString();
    assertTrue(!volumes.contains("persistentVolumeClaim"), volumes);
    assertTrue(only(objects, "NetworkPolicy").at("/spec/egress").toString().contains("5432"));
  }

  private static JsonNode only(List<JsonNode> objects, String kind) {
    List<JsonNode> found =
        objects.stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
    assertEquals(1, found.size(), kind);
    return found.getFirst();
  }

  private static String kustomize(String folder) throws Exception {
    boolean kubectl =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(p -> Files.isExecutable(Path.of(p, "kubectl")));
    assumeTrue(kubectl, "kubectl is not installed");
    Process process =
        new ProcessBuilder("kubectl", "kustomize", Project.file(folder).toString()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), err);
    return out;
  }
}
