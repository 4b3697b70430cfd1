package dev.sluice.service.cli;

import picocli.CommandLine.Command;

/** {@code sluice flag}: flag systems, as the server configuration names them. */
@Command(
    name = "flag",
    description = "Asks the flag systems of the server configuration.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {FlagShow.class, FlagDoctor.class})
final class FlagCommand {}
