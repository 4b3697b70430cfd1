package dev.sluice.service.cli;

import dev.sluice.gates.plan.Plan;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.TextFile;
import dev.sluice.service.explain.Explanation;
import dev.sluice.service.explain.Measured;
import dev.sluice.service.explain.Measurement;
import dev.sluice.service.metrics.prometheus.PrometheusSource;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice plan explain}: a plan in words, and what its steps can show. */
@Command(
    name = "explain",
    description =
        "Says in words what a plan will do, every default filled in; with a Prometheus also what each"
            + " step can show at the traffic there is.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:explained",
      "2:the plan is not valid, or wrong usage",
      "4:the Prometheus cannot be asked"
    })
final class PlanExplain implements Callable<Integer> {
  /** More than all queries of a source may take together, twice. */
  private static final long LIMIT_SECONDS = 180;

  @Parameters(arity = "1", paramLabel = "FILE", description = "A plan; - reads standard input.")
  private String file = "";

  @Mixin private SourceOptions source = new SourceOptions();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description =
          "End of the hour that is measured, like 2026-03-02T10:00:00Z; now where absent.")
  private @Nullable Instant at;

  @Spec private @Nullable CommandSpec spec;

  private final InputStream in;

  PlanExplain() {
    this(System.in);
  }

  /**
   * @param in what "-" reads
   */
  PlanExplain(InputStream in) {
    this.in = in;
  }

  @Override
  public Integer call() {
    return switch (TextFile.read(file, in)) {
      case TextFile.Unreadable u -> invalid(List.of(u.sentence()));
      case TextFile.Text t ->
          switch (new PlanReader().read(t.text())) {
            case PlanReading.Broken b -> invalid(b.problems().stream().map(this::at).toList());
            case PlanReading.Ok ok -> explain(ok.plan());
          };
    };
  }

  private String at(Problem problem) {
    return problem.at(file.equals("-") ? "standard input" : file);
  }

  private int invalid(List<String> problems) {
    print(err(), problems);
    return ExitCode.INVALID;
  }

  private int explain(Plan plan) {
    if (!source.given()) {
      print(out(), Explanation.of(plan, Optional.empty()));
      return ExitCode.OPEN;
    }
    ServerConfig.Prometheus config;
    try {
      config = source.source(plan.source().prometheus(), System.getenv());
    } catch (SourceOptions.Unusable e) {
      return invalid(e.sentences());
    }
    Vertx vertx = Vertx.vertx();
    try {
      print(out(), Explanation.of(plan, Optional.of(measure(vertx, plan, config))));
      return ExitCode.OPEN;
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      print(err(), List.of("Prometheus cannot be asked: " + cause.getMessage()));
      return ExitCode.CANNOT_TELL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.CANNOT_TELL;
    } finally {
      vertx.close();
    }
  }

  private Measured measure(Vertx vertx, Plan plan, ServerConfig.Prometheus config)
      throws ExecutionException, TimeoutException, InterruptedException {
    PrometheusSource prometheus =
        new PrometheusSource(
            vertx, plan.source().prometheus(), config, new Telemetry(new PrometheusRegistry()));
    Instant end = Optional.ofNullable(at).orElseGet(Instant::now);
    Future<Measured> measured =
        prometheus.probe().compose(up -> new Measurement(plan, prometheus, end).measure());
    return measured.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static void print(PrintWriter out, List<String> lines) {
    lines.forEach(out::println);
    out.flush();
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private PrintWriter err() {
    return spec().commandLine().getErr();
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls");
    }
    return spec;
  }
}
