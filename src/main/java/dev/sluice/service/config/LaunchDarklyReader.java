package dev.sluice.service.config;

import dev.sluice.service.config.LaunchDarklyEndpoint.KillTrigger;
import dev.sluice.service.plan.yaml.Field;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Reads where LaunchDarkly is and who we are there. */
final class LaunchDarklyReader {
  private static final URI CLOUD = URI.create("https://app.launchdarkly.com");

  private final References references;

  LaunchDarklyReader(References references) {
    this.references = references;
  }

  Optional<LaunchDarklyEndpoint> read(Field field, Duration timeout) {
    Field address = field.at("url");
    Optional<URI> url = address.given() ? Addresses.read(address, references) : Optional.of(CLOUD);
    Optional<Secret> token = references.secret(field.at("token"));
    Optional<KillTrigger> trigger = trigger(field.at("killTrigger"));
    if (url.isEmpty() || token.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new LaunchDarklyEndpoint(
            url.get(),
            token.get(),
            field.at("project").text(),
            field.at("environment").text(),
            field.at("contextKind").text().orElse("user"),
            variation(field.at("canary"), "true"),
            variation(field.at("baseline"), "false"),
            trigger,
            timeout));
  }

  /** Names and ids are texts, values may be anything. */
  private static String variation(Field field, String otherwise) {
    return field.flag().map(String::valueOf).or(field::written).orElse(otherwise);
  }

  private Optional<KillTrigger> trigger(Field field) {
    if (!field.given()) {
      return Optional.empty();
    }
    Optional<Secret> url = references.secret(field.at("url"));
    boolean web =
        url.flatMap(u -> Addresses.parse(u.value()))
            .filter(u -> u.getHost() != null)
            .filter(u -> "https".equals(u.getScheme()) || "http".equals(u.getScheme()))
            .isPresent();
    if (url.isPresent() && !web) {
      field
          .at("url")
          .problem(
              "this is not the address of a flag trigger",
              "LaunchDarkly shows it once, when the trigger is created");
      return Optional.empty();
    }
    return field.at("flag").text().flatMap(flag -> url.map(u -> new KillTrigger(flag, u)));
  }
}
