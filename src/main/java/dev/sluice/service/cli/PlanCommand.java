package dev.sluice.service.cli;

import picocli.CommandLine.Command;

/** {@code sluice plan}: what concerns plans, as files and on a server. */
@Command(
    name = "plan",
    description = "Works on rollout plans, as files and on a server.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PlanValidate.class,
      PlanExplain.class,
      PlanImport.class,
      PlanApply.class,
      PlanDiff.class,
      PlanGet.class,
      PlanList.class
    })
final class PlanCommand {}
