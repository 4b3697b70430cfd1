package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code sluice plan list}. */
@Command(
    name = "list",
    description = "The plans that the server has.",
    mixinStandardHelpOptions = true)
final class PlanList extends ServerCommand {
  private record Listed(String name, String hash, Instant storedAt) {}

  private record Listing(List<Listed> plans) {}

  @Override
  int run(ServerClient client) {
    Reply all = checked(client.get("/api/v1/plans"));
    List<Listed> plans = all.as(Listing.class).plans();
    if (printed(all, plans.stream().map(Listed::name).toList())) {
      return ExitCode.OPEN;
    }
    Terminal terminal = terminal();
    if (plans.isEmpty()) {
      terminal.line("No plan yet. Hand one in with: sluice plan apply plan.yaml");
      return ExitCode.OPEN;
    }
    int width = plans.stream().mapToInt(p -> p.name().length()).max().orElse(0);
    width = Math.max(width, "PLAN".length());
    terminal.line(Terminal.column("PLAN", width) + "  REVISION      HANDED IN");
    for (Listed plan : plans) {
      terminal.line(
          Terminal.column(Terminal.safe(plan.name()), width)
              + "  "
              + PlanGet.shortHash(plan.hash())
              + "  "
              + Times.clock(plan.storedAt(), options().now()));
    }
    return ExitCode.OPEN;
  }
}
