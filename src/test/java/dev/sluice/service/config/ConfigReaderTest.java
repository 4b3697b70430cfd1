package dev.sluice.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.config.ServerConfig.Credentials;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.config.ServerConfig.Http;
import dev.sluice.service.config.ServerConfig.Prometheus;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.config.ServerConfig.Token;
import dev.sluice.service.plan.GoldenCase;
import dev.sluice.service.plan.Mutator;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.plan.Texts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The server configuration arrives as it is meant, and says what is wrong with it. */
class ConfigReaderTest {
  private static final String BASE = Texts.resource("/config/base.yaml");
  private static final String TOKEN = "5ecret-t0ken-of-prometheus";
  private static final String CI = "5ecret-0f-the-pipeline-1234";
  private static final String KEY = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String SLACK = "https://hooks.slack.com/services/T0/B0/5ecret";

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PROM_TOKEN", TOKEN,
          "ONCALL_TOKEN", "5ecret-of-the-night-shift",
          "SLACK_URL", SLACK,
          "SPOILT", "one\ntwo",
          "BLANK", "");

  @TempDir Path folder;

  @BeforeEach
  void secretsLieBesideTheConfiguration() throws IOException {
    Files.writeString(folder.resolve("ci-token"), CI + "\n");
    Files.writeString(folder.resolve("key"), KEY + "\n");
    Files.writeString(folder.resolve("empty"), "\n");
    Files.writeString(folder.resolve("ca.pem"), Texts.resource("/config/ca.pem"));
  }

  private ServerConfig read(String text, Map<String, String> environment) {
    ConfigReading reading = ConfigReader.read(text, folder, environment);
    if (reading instanceof ConfigReading.Broken broken) {
      throw new AssertionError(broken.problems().toString());
    }
    return ((ConfigReading.Ok) reading).config();
  }

  private List<String> said(String text, Map<String, String> environment) {
    return switch (ConfigReader.read(text, folder, environment)) {
      case ConfigReading.Ok ok -> List.of("nothing");
      case ConfigReading.Broken broken ->
          broken.problems().stream()
              .map(p -> p.at("").replaceFirst("^: ?", "").replace(folder.toString(), "FOLDER"))
              .toList();
    };
  }

  @TestFactory
  Stream<DynamicTest> everyMistakeIsSaidWithItsPlaceAndItsRemedy() {
    List<GoldenCase> cases = GoldenCase.read(Texts.resource("/config/broken.txt"), BASE);
    return cases.stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.title(),
                    () ->
                        assertEquals(
                            String.join("\n", c.expected()),
                            String.join("\n", said(c.text(), ENVIRONMENT)))));
  }

  @TestFactory
  Stream<DynamicTest> noSecretIsEverRepeated() {
    return GoldenCase.read(Texts.resource("/config/broken.txt"), BASE).stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.title(),
                    () -> {
                      String said = String.join("\n", said(c.text(), ENVIRONMENT));
                      assertFalse(said.contains("5ecret") || said.contains("hunter2"), said);
                    }));
  }

  @Test
  void httpIsRead() {
    assertEquals(
        new Http(
            "0.0.0.0",
            9000,
            Optional.of(URI.create("https://sluice.example")),
            List.of(
                new Token("ci", Role.AUTHOR, new Secret(CI)),
                new Token("oncall", Role.OPERATOR, new Secret("5ecret-of-the-night-shift")))),
        read(BASE, ENVIRONMENT).http());
  }

  @Test
  void metricsSystemsAreRead() {
    Map<String, Prometheus> sources = read(BASE, ENVIRONMENT).prometheus();
    assertEquals(
        new Prometheus(
            URI.create("http://prometheus:9090"),
            new Credentials.Bearer(new Secret(TOKEN)),
            Map.of("X-Scope-OrgID", new Secret("shop"), "X-Key", new Secret("key " + TOKEN)),
            new Tls(Optional.empty(), false),
            Duration.ofSeconds(5),
            4,
            1024 * 1024,
            100,
            Duration.ofSeconds(30)),
        sources.get("prod"));
    assertEquals(
        new Prometheus(
            URI.create("https://thanos.example/prefix"),
            new Credentials.Basic("sluice", new Secret(TOKEN)),
            Map.of(),
            new Tls(Optional.of(folder.resolve("ca.pem")), false),
            Duration.ofSeconds(10),
            8,
            16 * 1024 * 1024,
            2000,
            Duration.ofSeconds(15)),
        sources.get("archive"));
  }

  @Test
  void endpointsAreRead() {
    ServerConfig config = read(BASE, ENVIRONMENT);
    assertEquals(
        Map.of(
            "shop",
            new Endpoint.Webhook(
                URI.create("https://flags.example/hook"),
                List.of(
                    new Secret(KEY),
                    new Secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
                Map.of("X-Team", new Secret("shop")),
                Duration.ofSeconds(20))),
        config.flags());
    assertEquals(
        new Endpoint.Slack(new Secret(SLACK), Duration.ofSeconds(15)), config.sinks().get("chat"));
    assertEquals(Set.of("chat", "audit"), config.sinks().keySet());
  }

  @Test
  void relativePathsStartAtTheConfigurationsFolder() {
    assertEquals(
        new ServerConfig.Store.Sqlite(folder.resolve("sluice.db")),
        read(BASE, ENVIRONMENT).store());
    assertEquals(ZoneId.of("Europe/Berlin"), read(BASE, ENVIRONMENT).zone());
  }

  @Test
  void aMetricsSystemIsAllThatMustBeSaid() {
    ServerConfig config = read("prometheus: { prod: { url: http://localhost:9090 } }", Map.of());
    assertEquals(new Http("127.0.0.1", 8080, Optional.empty(), List.of()), config.http());
    assertEquals(
        new ServerConfig.Store.Sqlite(Path.of("sluice.db").toAbsolutePath()), config.store());
    assertEquals(ZoneId.of("UTC"), config.zone());
    assertEquals(Map.of(), config.flags());
    assertEquals(Map.of(), config.sinks());
    List<Credentials> credentials =
        config.prometheus().values().stream().map(Prometheus::credentials).toList();
    assertEquals(List.of(new Credentials.None()), credentials);
  }

  @Test
  void containersOverrideWhereItListensAndWhatItKeeps() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("SLUICE_HTTP_HOST", "::");
    environment.put("SLUICE_HTTP_PORT", "7000");
    environment.put("SLUICE_STORE_FILE", folder.resolve("other.db").toString());
    ServerConfig config = read(BASE, environment);
    assertEquals("::", config.http().host());
    assertEquals(7000, config.http().port());
    assertEquals(new ServerConfig.Store.Sqlite(folder.resolve("other.db")), config.store());
  }

  @Test
  void anOverrideThatIsEmptyIsNone() {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("SLUICE_HTTP_HOST", "");
    environment.put("SLUICE_HTTP_PORT", " ");
    environment.put("SLUICE_STORE_FILE", "");
    assertEquals(read(BASE, ENVIRONMENT), read(BASE, environment));
  }

  /** Never an exception, and never a secret, whatever stands in the file. */
  @Test
  void noTextMakesTheReaderThrow() {
    Mutator mutator = new Mutator(20_261_124);
    for (int i = 0; i < 500; i++) {
      String text = mutator.mutant(BASE);
      String said = String.join("\n", said(text, ENVIRONMENT));
      assertFalse(said.contains("5ecret"), said);
    }
  }

  @Test
  void anOverrideThatIsWrongIsNamed() {
    String text = "prometheus: { prod: { url: http://localhost:9090 } }\n";
    assertEquals(
        List.of(
            "1:1: SLUICE_HTTP_PORT is 'http', which is no port (0 to 65535)",
            "1:1: the folder of the store FOLDER/no/x.db does not exist (create it)"),
        said(
            text,
            Map.of(
                "SLUICE_HTTP_PORT",
                "http",
                "SLUICE_STORE_FILE",
                folder.resolve("no/x.db").toString())));
  }

  /** Binding to the world through the environment needs tokens all the same. */
  @Test
  void anOverrideDoesNotOpenTheDoor() {
    String text = "prometheus: { prod: { url: http://localhost:9090 } }\n";
    List<String> said = said(text, Map.of("SLUICE_HTTP_HOST", "0.0.0.0"));
    assertEquals(1, said.size());
    assertTrue(said.getFirst().contains("there is no token"), said.getFirst());
  }

  @Test
  void everyLoopbackAddressNeedsNoToken() {
    for (String host : List.of("127.0.0.1", "127.0.0.53", "localhost", "::1")) {
      String text = "http: { host: '" + host + "' }\nprometheus: { p: { url: http://h } }";
      assertEquals(host, read(text, Map.of()).http().host());
    }
  }

  @Test
  void aConfigurationThatIsNotThereIsSaidToBeNotThere() {
    ConfigReading reading = ConfigReader.read(folder.resolve("sluice.yaml"), Map.of());
    List<Problem> problems = assertInstanceOf(ConfigReading.Broken.class, reading).problems();
    assertEquals(
        "sluice.yaml: the configuration cannot be read: there is no such file",
        problems.getFirst().at("sluice.yaml"));
  }

  @Test
  void aFileIsReadLikeItsText() throws IOException {
    Path file = folder.resolve("sluice.yaml");
    Files.writeString(file, BASE);
    assertEquals(
        new ConfigReading.Ok(read(BASE, ENVIRONMENT)), ConfigReader.read(file, ENVIRONMENT));
  }

  @Test
  void namesNeedNoSecrets() {
    ConfigReader.NamesReading names = ConfigReader.names(BASE);
    assertEquals(
        new ConfiguredNames(
            Set.of("prod", "archive"),
            Set.of("shop"),
            Set.of("chat", "audit"),
            Map.of("shop", Granularity.ANY)),
        assertInstanceOf(ConfigReader.NamesReading.Ok.class, names).names());
  }

  /** Whoever logs a configuration logs no secret. */
  @Test
  void noSecretShowsInTheTextOfAConfiguration() {
    String shown = read(BASE, ENVIRONMENT).toString();
    assertFalse(shown.contains("5ecret"), shown);
    assertFalse(shown.contains("whsec_"), shown);
  }
}
