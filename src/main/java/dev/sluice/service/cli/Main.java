package dev.sluice.service.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one entry: {@code sluice COMMAND}. */
@Command(
    name = "sluice",
    description = "Opens traffic to a new version only as far as the metrics prove it safe.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RunCommand.class, CheckCommand.class, CommandLine.HelpCommand.class})
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
