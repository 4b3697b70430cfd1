package dev.sluice.service.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sluice run}: rollouts of a server. */
@Command(
    name = "run",
    description = "Start rollouts, look at them, and command them.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunStart.class,
      RunList.class,
      RunStatus.class,
      RunVerb.Rollback.class,
      RunVerb.Pause.class,
      RunVerb.Resume.class,
      RunVerb.Promote.class,
      RunVerb.Approve.class,
      RunVerb.Extend.class,
      RunVerb.Retire.class,
      RunVerb.Abort.class,
      CommandLine.HelpCommand.class
    })
final class RunCommand {}
