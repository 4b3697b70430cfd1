package dev.sluice.service.cli;

import picocli.CommandLine.Command;

/** {@code sluice plan}: what concerns plans as files. */
@Command(
    name = "plan",
    description = "Works on rollout plans.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PlanValidate.class, PlanExplain.class})
final class PlanCommand {}
