package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.analysis.Analysis;
import dev.sluice.service.analysis.Comparison;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.TextFile;
import dev.sluice.service.dashboard.AnalysisPage;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.view.AnalysisView;
import dev.sluice.service.http.view.Times;
import dev.sluice.service.metrics.prometheus.PrometheusSource;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.SelectorText;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice analyze}: two cohorts, or a before and an after, compared straight away. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    description = {
      "Compares two cohorts over a stretch of the past, straight from Prometheus and without a server:"
          + " the metrics and cohorts of a plan, look by look, as a rollout would have judged them.",
      "With --against the canary is compared with itself, so long ago."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:proven safe",
      "1:worse",
      "2:wrong usage, or the plan is invalid",
      "3:unclear",
      "4:no data, or Prometheus does not answer"
    })
final class AnalyzeCommand implements Callable<Integer> {
  private static final Duration ANSWER = Duration.ofMinutes(5);

  /** How the answer is printed. */
  enum Format {
    text,
    json,
    html
  }

  /** What "unclear" is for scripts. */
  enum Unclear {
    inconclusive,
    pass,
    fail
  }

  @Mixin private SourceOptions where = new SourceOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "PLAN", description = "The plan's file; - reads standard input.")
  private String file = "";

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "Whose metrics and cohorts; the first step with a baseline if left out.")
  private Optional<String> step = Optional.empty();

  @Option(
      names = "--canary",
      paramLabel = "SELECTOR",
      description = "Instead of the plan's: label matchers like '{version=\"v2\"}'.")
  private Optional<String> canary = Optional.empty();

  @Option(names = "--baseline", paramLabel = "SELECTOR", description = "Instead of the plan's.")
  private Optional<String> baseline = Optional.empty();

  @Option(
      names = "--against",
      paramLabel = "AGO",
      converter = Durations.class,
      description = "Compare the canary with itself, this long before: 1d, say.")
  private @Nullable Duration against;

  @Option(names = "--start", paramLabel = "INSTANT", description = "Like 2026-11-25T01:00:00Z.")
  private Optional<Instant> start = Optional.empty();

  @Option(
      names = "--end",
      paramLabel = "INSTANT",
      description = "Where the data ends; the newest that has settled if left out.")
  private Optional<Instant> end = Optional.empty();

  @Option(
      names = "--last",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Instead of --start: so long before the end.")
  private @Nullable Duration last;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Distance of two looks; the plan's, or a multiple of it, if left out.")
  private @Nullable Duration every;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; text where nothing is said.")
  private Format format = Format.text;

  @Option(
      names = "--treat-inconclusive",
      paramLabel = "AS",
      defaultValue = "inconclusive",
      description = "Exit code where it is unclear: as ${COMPLETION-CANDIDATES}.")
  private Unclear unclear = Unclear.inconclusive;

  @Option(names = "--ascii", description = "No characters beyond ASCII.")
  private boolean ascii;

  /** For tests and the examples of the documentation. */
  @Option(names = "--now", hidden = true)
  private Optional<Instant> now = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    Comparison comparison;
    ServerConfig.Prometheus source;
    try {
      Plan plan = plan();
      comparison = comparison(plan);
      source = where.source(plan.source().prometheus(), System.getenv());
    } catch (SourceOptions.Unusable unusable) {
      unusable.sentences().forEach(this::error);
      return ExitCode.INVALID;
    } catch (IllegalArgumentException e) {
      error(String.valueOf(e.getMessage()));
      return ExitCode.INVALID;
    }
    return switch (analyzed(comparison, source)) {
      case Analysis.Lost lost -> {
        error("look " + lost.look() + " of " + comparison.looks() + ": " + lost.detail());
        yield ExitCode.CANNOT_TELL;
      }
      case Analysis.Concluded concluded -> {
        print(AnalysisView.of(concluded));
        yield code(concluded.answer());
      }
    };
  }

  private int code(Analysis.Answer answer) {
    return switch (answer) {
      case SAFE -> ExitCode.OPEN;
      case WORSE -> ExitCode.REGRESSION;
      case NO_DATA -> ExitCode.CANNOT_TELL;
      case UNCLEAR ->
          switch (unclear) {
            case inconclusive -> ExitCode.INCONCLUSIVE;
            case pass -> ExitCode.OPEN;
            case fail -> ExitCode.REGRESSION;
          };
    };
  }

  private Plan plan() throws SourceOptions.Unusable {
    return switch (TextFile.read(file, System.in)) {
      case TextFile.Unreadable u ->
          throw new SourceOptions.Unusable(List.of(file + ": " + u.sentence()));
      case TextFile.Text t ->
          switch (new PlanReader().read(t.text())) {
            case PlanReading.Ok ok -> ok.plan();
            case PlanReading.Broken broken ->
                throw new SourceOptions.Unusable(
                    broken.problems().stream().map(p -> p.at(file)).toList());
          };
    };
  }

  private Comparison comparison(Plan plan) {
    Step compared = compared(plan);
    Cohort canaries = selected(plan.cohort(compared.canary()), canary, "--canary");
    return Comparison.of(
        plan,
        compared,
        canaries,
        baseline(plan, compared, canaries),
        span(plan),
        Optional.ofNullable(every));
  }

  private Step compared(Plan plan) {
    List<String> ids = plan.steps().stream().map(Step::id).toList();
    if (step.isPresent()) {
      return plan.steps().stream()
          .filter(s -> s.id().equals(step.get()))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "the plan has no step '" + step.get() + "'; it has " + ids));
    }
    return plan.steps().stream()
        .filter(s -> s.baseline().isPresent() && !s.metrics().isEmpty())
        .filter(s -> s.kind() == Step.Kind.EXPOSE)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no step of the plan compares with a baseline: name one with --step, of "
                        + ids));
  }

  private Cohort baseline(Plan plan, Step compared, Cohort canaries) {
    if (against != null) {
      if (baseline.isPresent()) {
        throw new IllegalArgumentException(
            "--against compares the canary with itself: leave --baseline out");
      }
      if (against.isZero()) {
        throw new IllegalArgumentException("--against must be more than nothing");
      }
      return new Cohort(
          "before", canaries.matchers(), canaries.vars(), canaries.offset().plus(against));
    }
    Optional<Cohort> planned = compared.baseline().map(plan::cohort);
    if (planned.isEmpty() && baseline.isEmpty()) {
      throw new IllegalArgumentException(
          "step '" + compared.id() + "' has no baseline: say --baseline or --against");
    }
    return selected(
        planned.orElseGet(() -> new Cohort("baseline", "", Map.of(), Duration.ZERO)),
        baseline,
        "--baseline");
  }

  private static Cohort selected(Cohort planned, Optional<String> selector, String option) {
    if (selector.isEmpty()) {
      return planned;
    }
    try {
      return new Cohort(
          planned.name(), SelectorText.matchers(selector.get()), planned.vars(), planned.offset());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private Window span(Plan plan) {
    if (start.isPresent() == (last != null)) {
      throw new IllegalArgumentException("say how far back: either --start INSTANT or --last 1h");
    }
    Instant settled = now.orElseGet(Instant::now).minus(plan.source().settle());
    Instant to = end.orElse(Instant.ofEpochSecond(settled.getEpochSecond()));
    Instant from = start.orElseGet(() -> to.minus(Optional.ofNullable(last).orElseThrow()));
    if (!to.isAfter(from)) {
      throw new IllegalArgumentException("the end, " + to + ", is not after the start, " + from);
    }
    return new Window(from, to);
  }

  private Analysis analyzed(Comparison comparison, ServerConfig.Prometheus source)
      throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    PrometheusSource prometheus =
        new PrometheusSource(
            vertx,
            comparison.plan().source().prometheus(),
            source,
            new Telemetry(new PrometheusRegistry()));
    try {
      return Analysis.of(comparison, asking(prometheus), progress(comparison.looks()));
    } finally {
      prometheus.close();
      vertx.close();
      cleared();
    }
  }

  /** The source keeps a deadline of its own; this is for the day on which it does not. */
  private static Function<Question, Observations> asking(PrometheusSource source) {
    return question -> {
      try {
        return source
            .ask(question)
            .toCompletionStage()
            .toCompletableFuture()
            .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("a look could not be taken", e);
      }
    };
  }

  private LongConsumer progress(long looks) {
    if (!terminal().interactive()) {
      return look -> {};
    }
    PrintWriter err = spec.commandLine().getErr();
    return look -> {
      err.print("\rlook " + look + " of " + looks);
      err.flush();
    };
  }

  private void cleared() {
    if (terminal().interactive()) {
      spec.commandLine().getErr().print("\r\u001b[K");
      spec.commandLine().getErr().flush();
    }
  }

  private void print(AnalysisView analysis) {
    switch (format) {
      case json -> terminal().raw(json(analysis));
      case html -> terminal().raw(new AnalysisPage(analysis).html().stripTrailing());
      case text -> text(analysis);
    }
  }

  private static String json(AnalysisView analysis) {
    try {
      return ApiJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(analysis);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an analysis can always be written", e);
    }
  }

  private void text(AnalysisView analysis) {
    Terminal terminal = terminal();
    terminal.line(Terminal.safe(analysis.plan()) + "   " + Terminal.safe(analysis.sentence()));
    terminal.line(
        "  "
            + Times.full(analysis.from())
            + " to "
            + Times.full(analysis.to())
            + ", "
            + analysis.looks()
            + (analysis.looks() == 1 ? " look of " : " looks of ")
            + Times.words(analysis.everySeconds()));
    terminal.line("  canary    " + cohort(analysis.canary()));
    terminal.line("  baseline  " + cohort(analysis.baseline()));
    new RunText(terminal, analysis.to()).checks(analysis.checks());
    analysis
        .alarmAt()
        .ifPresent(
            at -> terminal.line("  a rollout would have been rolled back at " + Times.full(at)));
  }

  private static String cohort(AnalysisView.CohortView cohort) {
    return Terminal.safe(cohort.selector())
        + (cohort.offsetSeconds() > 0
            ? ", " + Times.words(cohort.offsetSeconds()) + " earlier"
            : "");
  }

  private Terminal terminal() {
    return new Terminal(spec.commandLine().getOut(), ascii);
  }

  private void error(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("sluice analyze: " + Terminal.safe(sentence));
    err.flush();
  }
}
