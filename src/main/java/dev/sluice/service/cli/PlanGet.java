package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice plan get}: the text that was handed in, to the last blank. */
@Command(
    name = "get",
    description = "Prints a plan of the server as it was handed in; with -o name its revision.",
    mixinStandardHelpOptions = true)
final class PlanGet extends ServerCommand {
  @Parameters(paramLabel = "PLAN", description = "Its name.")
  private String name = "";

  @Override
  int run(ServerClient client) {
    Reply plan = checked(client.get(path(name)));
    switch (options().format()) {
      case text, yaml -> terminal().text(plan.body());
      case json -> terminal().raw(Yaml.toJson(plan.body()));
      case name -> terminal().line(name + "@" + revision(plan));
    }
    return ExitCode.OPEN;
  }

  static String path(String name) {
    return "/api/v1/plans/" + ServerClient.segment(name);
  }

  /** The hash behind an entity tag. */
  static String revision(Reply plan) {
    return plan.etag().replace("\"", "");
  }

  static String shortHash(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }
}
