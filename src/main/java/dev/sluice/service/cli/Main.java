package dev.sluice.service.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one entry: {@code sluice COMMAND}. */
@Command(
    name = "sluice",
    description = "Opens traffic to a new version only as far as the metrics prove it safe.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      PlanCommand.class,
      RunCommand.class,
      ExplainCommand.class,
      ReplayCommand.class,
      CheckCommand.class,
      FlagCommand.class,
      AnalyzeCommand.class,
      JudgeCommand.class,
      ReportCommand.class,
      AuditCommand.class,
      WebhookCommand.class,
      SimulateCommand.class,
      CalibrateCommand.class,
      DemoCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // A mistake of ours must not look like a regression: scripts act on that code.
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  failure.printStackTrace(command.getErr());
                  return ExitCode.CANNOT_TELL;
                })
            .execute(args));
  }
}
