package dev.sluice.service.cli;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server, as whom, and how the answer is printed. */
final class ServerOptions {

  /** How answers are printed. */
  enum Format {
    text,
    json,
    yaml,
    name
  }

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:SLUICE_SERVER:-http://127.0.0.1:8080}",
      description = "Where the server is. Else SLUICE_SERVER, else http://127.0.0.1:8080.")
  private URI server = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:SLUICE_TOKEN:-}",
      description =
          "Who you are. Better in SLUICE_TOKEN: other users of this machine can read arguments.")
  private String token = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "${COMPLETION-CANDIDATES}; text where nothing is said. name: only what it is called, for scripts.")
  private Format format = Format.text;

  @Option(names = "--ascii", description = "No characters beyond ASCII.")
  private boolean ascii;

  /** For the examples of the documentation, which must look the same tomorrow. */
  @Option(names = "--now", hidden = true)
  private @Nullable Instant now;

  ServerClient client() {
    return new ServerClient(server, token);
  }

  boolean json() {
    return format == Format.json;
  }

  Format format() {
    return format;
  }

  boolean ascii() {
    return ascii;
  }

  Instant now() {
    return Optional.ofNullable(now).orElseGet(Instant::now);
  }
}
