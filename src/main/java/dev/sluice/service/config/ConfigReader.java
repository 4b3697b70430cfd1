package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.config.ServerConfig.Prometheus;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.plan.yaml.DidYouMean;
import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.plan.yaml.Place;
import dev.sluice.service.plan.yaml.Problems;
import dev.sluice.service.plan.yaml.SchemaCheck;
import dev.sluice.service.plan.yaml.Yaml;
import dev.sluice.service.plan.yaml.YamlReader;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the server configuration: YAML, with secrets taken from the environment or from files. All
 * addresses that the server ever calls come from here; plans only name them.
 */
public final class ConfigReader {
  public static final String SCHEMA = "/schema/server-config.schema.json";

  private final Field root;
  private final References references;

  /** Compiled when the first configuration is read, and not before. */
  private static final class Shape {
    static final SchemaCheck SCHEMA = SchemaCheck.ofResource(ConfigReader.SCHEMA);
  }

  private ConfigReader(Field root, References references) {
    this.root = root;
    this.references = references;
  }

  /** What came of reading only the names. */
  public sealed interface NamesReading {
    record Ok(ConfiguredNames names) implements NamesReading {}

    /**
     * @param problems at least one, in the order of the text
     */
    record Broken(List<Problem> problems) implements NamesReading {
      public Broken {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * The configuration in this file, or all its problems. Relative paths in it start at its folder.
   */
  public static ConfigReading read(Path file, Map<String, String> environment) {
    return switch (TextFile.read(file)) {
      case TextFile.Text t -> read(t.text(), folder(file), environment);
      case TextFile.Unreadable u ->
          new ConfigReading.Broken(
              List.of(
                  new Problem("", 0, 0, "the configuration " + u.sentence(), Optional.empty())));
    };
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /**
   * The configuration in this text, or all its problems.
   *
   * @param folder relative paths in the text start here
   */
  public static ConfigReading read(String text, Path folder, Map<String, String> environment) {
    Yaml yaml = shaped(text);
    Optional<Field> root = yaml.field().filter(Field::isMapping);
    Optional<ServerConfig> config =
        root.map(r -> new ConfigReader(r, new References(folder, environment)).config());
    return config.isPresent() && yaml.problems().isEmpty()
        ? new ConfigReading.Ok(config.get())
        : new ConfigReading.Broken(yaml.problems().list());
  }

  /** Only what plans may name: needs no secret, no file and no environment. */
  public static NamesReading names(String text) {
    Yaml yaml = shaped(text);
    Optional<Field> root = yaml.field().filter(Field::isMapping);
    return root.isPresent() && yaml.problems().isEmpty()
        ? new NamesReading.Ok(
            new ConfiguredNames(
                root.get().at("prometheus").entries().keySet(),
                root.get().at("flags").entries().keySet(),
                root.get().at("sinks").entries().keySet(),
                byName(root.get().at("flags"), FlagReader::granularity)))
        : new NamesReading.Broken(yaml.problems().list());
  }

  private static Yaml shaped(String text) {
    Yaml yaml = YamlReader.read(text);
    Problems problems = yaml.problems();
    if (yaml.root().isEmpty() && problems.isEmpty()) {
      problems.add(
          "",
          Place.START,
          "the configuration is empty",
          "it needs prometheus: { NAME: { url: ... } }");
    }
    Shape.SCHEMA.check(yaml);
    return yaml;
  }

  private ServerConfig config() {
    PrometheusReader prometheus = new PrometheusReader(references);
    EndpointReader endpoints = new EndpointReader(references);
    Map<String, Prometheus> sources = byName(root.at("prometheus"), prometheus::read);
    Map<String, FlagEndpoint> flags =
        byName(root.at("flags"), new FlagReader(endpoints, references)::read);
    Map<String, Endpoint> sinks = byName(root.at("sinks"), endpoints::read);
    return new ServerConfig(
        new HttpReader(references).read(root.at("http")),
        new StoreReader(references).read(root.at("store")),
        zone(root.at("zone")),
        sources,
        flags,
        sinks);
  }

  private static <T> Map<String, T> byName(Field field, Function<Field, Optional<T>> read) {
    Map<String, T> byName = new LinkedHashMap<>();
    field
        .entries()
        .forEach((name, entry) -> read.apply(entry).ifPresent(value -> byName.put(name, value)));
    return byName;
  }

  private static ZoneId zone(Field field) {
    String id = field.text().orElse("UTC");
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      field.problem("no time zone is called '" + id + "'", zoneHint(id));
      return ZoneOffset.UTC;
    }
  }

  /** "Berlin" is meant to be "Europe/Berlin". */
  private static String zoneHint(String id) {
    String tail = "/" + id.toLowerCase(Locale.ROOT).replace(' ', '_');
    return ZoneId.getAvailableZoneIds().stream()
        .filter(known -> known.toLowerCase(Locale.ROOT).endsWith(tail))
        .min(Comparator.comparingInt(String::length))
        .or(() -> DidYouMean.closest(id, ZoneId.getAvailableZoneIds()))
        .map(DidYouMean::question)
        .orElse("like Europe/Berlin or UTC");
  }
}
