package dev.sluice.service.cli;

import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfiguredNames;
import dev.sluice.service.config.PlanNames;
import dev.sluice.service.config.TextFile;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Problem;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice plan validate}: says everything that is wrong with plans, before they are used. */
@Command(
    name = "validate",
    description = "Checks plans and prints every problem with its line and column.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every plan is valid",
      "2:a plan or the configuration is not, or wrong usage"
    })
final class PlanValidate implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Plans; - reads standard input.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Server configuration: checks the names that plans use, needs no secrets.")
  private Optional<String> config = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = FormatConverter.class,
      description = "text, json or github; ${DEFAULT-VALUE} where absent.")
  private PlanReport.Format format = PlanReport.Format.TEXT;

  @Spec private @Nullable CommandSpec spec;

  private final InputStream in;

  PlanValidate() {
    this(System.in);
  }

  /**
   * @param in what "-" reads
   */
  PlanValidate(InputStream in) {
    this.in = in;
  }

  @Override
  public Integer call() {
    List<PlanReport> reports = new ArrayList<>();
    Optional<ConfiguredNames> names = names(reports);
    PlanReader reader = new PlanReader();
    for (String file : files) {
      reports.add(report(file, reader, names));
    }
    PlanReport.print(reports, format, spec().commandLine().getOut());
    return reports.stream().allMatch(PlanReport::valid) ? ExitCode.OPEN : ExitCode.INVALID;
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls");
    }
    return spec;
  }

  private Optional<ConfiguredNames> names(List<PlanReport> reports) {
    if (config.isEmpty()) {
      return Optional.empty();
    }
    return switch (TextFile.read(config.get(), in)) {
      case TextFile.Unreadable u -> {
        reports.add(unreadable(config.get(), u));
        yield Optional.empty();
      }
      case TextFile.Text t ->
          switch (ConfigReader.names(t.text())) {
            case ConfigReader.NamesReading.Ok ok -> Optional.of(ok.names());
            case ConfigReader.NamesReading.Broken broken -> {
              reports.add(PlanReport.broken(config.get(), broken.problems()));
              yield Optional.empty();
            }
          };
    };
  }

  private PlanReport report(String file, PlanReader reader, Optional<ConfiguredNames> names) {
    return switch (TextFile.read(file, in)) {
      case TextFile.Unreadable u -> unreadable(file, u);
      case TextFile.Text t ->
          switch (reader.read(t.text())) {
            case PlanReading.Broken broken -> PlanReport.broken(label(file), broken.problems());
            case PlanReading.Ok ok -> valid(file, ok, names);
          };
    };
  }

  private static PlanReport valid(String file, PlanReading.Ok ok, Optional<ConfiguredNames> names) {
    List<Problem> problems = names.map(n -> PlanNames.check(ok, n)).orElse(List.of());
    return new PlanReport(label(file), Optional.of(ok.plan()), problems, ok.remarks());
  }

  private static PlanReport unreadable(String file, TextFile.Unreadable why) {
    return PlanReport.broken(
        label(file), List.of(new Problem("", 0, 0, why.sentence(), Optional.empty())));
  }

  private static String label(String file) {
    return file.equals("-") ? "standard input" : file;
  }

  /** Picocli knows enums by the names of their constants only. */
  static final class FormatConverter implements ITypeConverter<PlanReport.Format> {
    @Override
    public PlanReport.Format convert(String word) {
      return switch (word) {
        case "text" -> PlanReport.Format.TEXT;
        case "json" -> PlanReport.Format.JSON;
        case "github" -> PlanReport.Format.GITHUB;
        default ->
            throw new TypeConversionException("'" + word + "' is none of text, json, github");
      };
    }
  }
}
