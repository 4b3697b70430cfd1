package dev.sluice.service.cli;

import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which metrics system, for commands that ask it themselves. */
final class SourceOptions {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int CONCURRENCY = 8;
  private static final long MOST_BYTES = 64L << 20;
  private static final int MOST_SERIES = 5000;
  private static final String TOKEN = "SLUICE_PROMETHEUS_TOKEN";

  @Option(
      names = "--prometheus",
      paramLabel = "URL",
      description = "Where Prometheus is; a bearer token is taken from " + TOKEN + ".")
  private Optional<URI> prometheus = Optional.empty();

  @Option(
      names = "--scrape-interval",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "With --prometheus: how far apart its samples lie; 15s where nothing is said.")
  private @Nullable Duration scrapeInterval;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A server configuration: then the source that the plan names is asked.")
  private Optional<Path> config = Optional.empty();

  /** The options do not say what is needed; the sentences name the remedy. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<String> sentences;

    Unusable(List<String> sentences) {
      super(String.join("; ", sentences));
      this.sentences = sentences;
    }

    List<String> sentences() {
      return sentences;
    }
  }

  /**
   * @param name what the plan calls its source
   */
  ServerConfig.Prometheus source(String name, Map<String, String> environment) throws Unusable {
    if (prometheus.isPresent() == config.isPresent()) {
      throw new Unusable(List.of("say where to ask: either --prometheus URL or --config FILE"));
    }
    return prometheus.isPresent()
        ? direct(prometheus.get(), environment)
        : configured(config.orElseThrow(), name, environment);
  }

  private ServerConfig.Prometheus direct(URI url, Map<String, String> environment) throws Unusable {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new Unusable(
          List.of("'" + url + "' is no address: it should look like http://host:9090"));
    }
    ServerConfig.Credentials credentials =
        Optional.ofNullable(environment.get(TOKEN))
            .filter(t -> !t.isBlank())
            .<ServerConfig.Credentials>map(t -> new ServerConfig.Credentials.Bearer(new Secret(t)))
            .orElseGet(ServerConfig.Credentials.None::new);
    return new ServerConfig.Prometheus(
        url,
        credentials,
        Map.of(),
        new ServerConfig.Tls(Optional.empty(), false),
        DEADLINE,
        CONCURRENCY,
        MOST_BYTES,
        MOST_SERIES,
        Optional.ofNullable(scrapeInterval).orElse(Duration.ofSeconds(15)));
  }

  private static ServerConfig.Prometheus configured(
      Path file, String name, Map<String, String> environment) throws Unusable {
    return switch (ConfigReader.read(file, environment)) {
      case ConfigReading.Broken broken ->
          throw new Unusable(broken.problems().stream().map(p -> p.at(file.toString())).toList());
      case ConfigReading.Ok ok -> {
        ServerConfig.Prometheus found = ok.config().prometheus().get(name);
        if (found == null) {
          throw new Unusable(
              List.of(
                  "the plan asks '"
                      + name
                      + "', which "
                      + file
                      + " does not know; it knows "
                      + ok.config().prometheus().keySet().stream().sorted().toList()));
        }
        yield found;
      }
    };
  }
}
