package dev.sluice.service.cli;

import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.service.app.FlagSystems;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.TextFile;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which flag of which flag system is meant, and asking it without a server. */
final class FlagOptions {
  private static final long LONGEST_SECONDS = 150;

  @Parameters(paramLabel = "NAME", description = "Flag system, as the configuration names it.")
  private String name = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "sluice.yaml",
      description = "The server configuration (${DEFAULT-VALUE}).")
  private Path config = Path.of("sluice.yaml");

  @Option(names = "--plan", paramLabel = "FILE", description = "Takes the flag from this plan.")
  private Optional<String> plan = Optional.empty();

  @Option(names = "--key", paramLabel = "KEY", description = "The flag, without a plan.")
  private Optional<String> key = Optional.empty();

  @Option(names = "--project", paramLabel = "NAME", description = "Its project.")
  private Optional<String> project = Optional.empty();

  @Option(names = "--environment", paramLabel = "NAME", description = "Its environment.")
  private Optional<String> environment = Optional.empty();

  @Option(names = "--owned", paramLabel = "TITLE", description = "What of it is the plan's.")
  private Optional<String> owned = Optional.empty();

  @Option(names = "-o", paramLabel = "FORMAT", description = "text (the default) or json.")
  private String form = "text";

  String name() {
    return name;
  }

  boolean json() {
    return form.equals("json");
  }

  /**
   * Answers the exit code.
   *
   * @param ask what to ask the flag system; its answer is the exit code
   */
  int ask(PrintWriter err, BiFunction<FlagSystem, Flag, Future<Integer>> ask)
      throws InterruptedException {
    if (!json() && !form.equals("text")) {
      return wrong(err, "-o is text or json, and not '" + form + "'");
    }
    return switch (ConfigReader.read(config, System.getenv())) {
      case ConfigReading.Broken broken -> {
        broken.problems().forEach(p -> err.println(p.at(config.toString())));
        err.flush();
        yield ExitCode.INVALID;
      }
      case ConfigReading.Ok ok -> ask(err, ok.config(), ask);
    };
  }

  private int ask(
      PrintWriter err, ServerConfig server, BiFunction<FlagSystem, Flag, Future<Integer>> ask)
      throws InterruptedException {
    if (!server.flags().containsKey(name)) {
      return wrong(
          err,
          "no flag system is called '%s' in %s (configured: %s)"
              .formatted(name, config, new TreeSet<>(server.flags().keySet())));
    }
    Optional<Flag> flag = flag(err);
    if (flag.isEmpty()) {
      return ExitCode.INVALID;
    }
    Vertx vertx = Vertx.vertx();
    try {
      Map<String, FlagSystem> systems =
          FlagSystems.from(vertx, server, InstantSource.system(), Version.text());
      FlagSystem system = systems.get(name);
      if (system == null) {
        err.println(
            "Flag system '"
                + name
                + "' is only told what to do: it cannot be read. What it answers to a decision is in"
                + " the rollout's deliveries.");
        err.flush();
        return ExitCode.CANNOT_TELL;
      }
      return wait(ask.apply(system, flag.get()));
    } finally {
      closed(vertx);
    }
  }

  private Optional<Flag> flag(PrintWriter err) {
    if (plan.isEmpty() == key.isEmpty()) {
      wrong(err, "say which flag: --plan FILE or --key KEY");
      return Optional.empty();
    }
    if (key.isPresent()) {
      return Optional.of(new Flag(key.get(), project, environment, owned));
    }
    return planned(err, plan.orElseThrow());
  }

  private Optional<Flag> planned(PrintWriter err, String file) {
    return switch (TextFile.read(file, System.in)) {
      case TextFile.Unreadable u -> {
        wrong(err, file + " " + u.sentence());
        yield Optional.empty();
      }
      case TextFile.Text t ->
          switch (new PlanReader().read(t.text())) {
            case PlanReading.Broken broken -> {
              broken.problems().forEach(p -> err.println(p.at(file)));
              err.flush();
              yield Optional.empty();
            }
            case PlanReading.Ok ok -> {
              Optional<FlagTarget> target = ok.plan().flag();
              if (target.isEmpty()) {
                wrong(err, file + " moves no flag: it has no spec.flag");
              }
              yield target.map(Flag::of);
            }
          };
    };
  }

  private static int wrong(PrintWriter err, String sentence) {
    err.println("sluice flag: " + sentence);
    err.flush();
    return ExitCode.INVALID;
  }

  private static int wait(Future<Integer> answer) throws InterruptedException {
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      return ExitCode.CANNOT_TELL;
    }
  }

  private static void closed(Vertx vertx) throws InterruptedException {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The process ends anyway.
    }
  }

  /** What a trouble means to a script. */
  static int exitCode(Trouble trouble) {
    return switch (trouble.kind()) {
      case UNAVAILABLE, BUSY, GONE -> ExitCode.CANNOT_TELL;
      case DENIED, ASKS -> ExitCode.REFUSED;
      case MISSING, UNFIT -> ExitCode.INVALID;
    };
  }
}
