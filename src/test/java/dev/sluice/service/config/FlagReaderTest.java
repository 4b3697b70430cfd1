package dev.sluice.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.plan.Texts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TOKEN", "*:*.5ecret", "SPOILT", "one\ntwo");

  @TempDir Path folder;

  @BeforeEach
  void theAuthorityLiesBesideTheConfiguration() throws IOException {
    Files.writeString(folder.resolve("ca.pem"), Texts.resource("/config/ca.pem"));
  }

  private ConfigReading read(String flag) {
    return ConfigReader.read(
        "prometheus:\n  main: { url: 'http://127.0.0.1:9090' }\nflags:\n  prod: { " + flag + " }\n",
        folder,
        ENVIRONMENT);
  }

  private FlagEndpoint flag(String flag) {
    ConfigReading.Ok ok = assertInstanceOf(ConfigReading.Ok.class, read(flag), read(flag) + "");
    return Objects.requireNonNull(ok.config().flags().get("prod"));
  }

  private List<String> said(String flag) {
    return assertInstanceOf(ConfigReading.Broken.class, read(flag)).problems().stream()
        .map(p -> p.at("c"))
        .toList();
  }

  @Test
  void unleashIsRead() {
    assertEquals(
        new FlagEndpoint.Unleash(
            URI.create("https://unleash.example/u"),
            new Secret("*:*.5ecret"),
            new Tls(Optional.of(folder.resolve("ca.pem")), false),
            "shop",
            Optional.of("production"),
            true,
            "userId",
            Duration.ofSeconds(4)),
        flag(
            "type: unleash, url: https://unleash.example/u/, token: '${env:TOKEN}', project: shop,"
                + " environment: production, createStrategy: true, stickiness: userId, timeout: 4s,"
                + " tls: { caFile: ca.pem }"));
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    assertEquals(
        new FlagEndpoint.Unleash(
            URI.create("http://unleash:4242"),
            new Secret("*:*.5ecret"),
            new Tls(Optional.empty(), false),
            "default",
            Optional.empty(),
            false,
            "default",
            Duration.ofSeconds(15)),
        flag("type: unleash, url: 'http://unleash:4242', token: '${env:TOKEN}'"));
  }

  @Test
  void allThatIsWrongIsSaidAtOnceAndNoSecretIsShown() {
    assertEquals(
        List.of(
            "c:4:31: the address ends with /api (leave /api out; Sluice adds it)",
            "c:4:62: the token holds a blank, a line break or a control character (it is one word)",
            "c:4:79: 'tls' means nothing for an http address (write https, or take tls out)"),
        said(
            "type: unleash, url: 'http://u.example/api', token: '${env:SPOILT}',"
                + " tls: { insecure: true }"));
  }

  @Test
  void whatBelongsToAnotherTypeIsAMistake() {
    assertEquals(1, said("type: unleash, url: 'http://u', token: x, secrets: [a]").size());
    assertEquals(1, said("type: unleash, url: 'http://u'").size());
    assertEquals(1, said("type: slack, url: 'https://u'").size());
  }

  @Test
  void theNamesAloneTellWhatExposuresAFlagSystemTakes() {
    ConfigReader.NamesReading names =
        ConfigReader.names(
            """
            prometheus: { main: { url: 'http://p' } }
            flags:
              one: { type: unleash, url: 'http://u', token: '${env:NOT_THERE}' }
              two: { type: webhook, url: 'http://u', secrets: ['${env:NOT_THERE}'] }
            """);
    assertEquals(
        Map.of("one", Granularity.WHOLE_PERCENT, "two", Granularity.ANY),
        assertInstanceOf(ConfigReader.NamesReading.Ok.class, names).names().granularities());
  }
}
