package dev.sluice.service.cli;

import dev.sluice.service.config.TextFile;
import dev.sluice.service.imports.Dialect;
import dev.sluice.service.imports.ImportException;
import dev.sluice.service.imports.Imported;
import dev.sluice.service.imports.Importer;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice plan import}: the plan on standard output, what was lost on standard error. */
@Command(
    name = "import",
    description =
        "Makes a plan of another tool's configuration, and names everything that a plan cannot say.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "2:wrong usage, or nothing in the text can become a plan",
      "3:a plan was written; what it lacks is named in it and on standard error"
    })
final class PlanImport implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TOOL", description = "${COMPLETION-CANDIDATES}.")
  private Dialect dialect = Dialect.kayenta;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "YAML with all objects that belong together, or JSON; - reads standard input.")
  private String file = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final InputStream in;

  PlanImport() {
    this(System.in);
  }

  /**
   * @param in what "-" reads
   */
  PlanImport(InputStream in) {
    this.in = in;
  }

  @Override
  public Integer call() {
    String label = file.equals("-") ? "standard input" : file;
    return switch (TextFile.read(file, in)) {
      case TextFile.Unreadable u -> refused(label + " " + u.sentence());
      case TextFile.Text t -> imported(label, t.text());
    };
  }

  private int imported(String label, String text) {
    try {
      Imported imported = Importer.read(dialect, text);
      PrintWriter out = spec.commandLine().getOut();
      out.print(imported.plan());
      out.flush();
      imported.lost().forEach(sentence -> err("not carried over: " + sentence));
      if (new PlanReader().read(imported.plan()) instanceof PlanReading.Broken broken) {
        broken.problems().forEach(p -> err(p.at("the plan that was written")));
      }
      return ExitCode.INCONCLUSIVE;
    } catch (ImportException e) {
      return refused(label + ": " + e.getMessage());
    }
  }

  private int refused(String sentence) {
    err(sentence);
    return ExitCode.INVALID;
  }

  private void err(String line) {
    spec.commandLine().getErr().println(Terminal.safe(line));
    spec.commandLine().getErr().flush();
  }
}
