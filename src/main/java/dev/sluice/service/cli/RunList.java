package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.http.view.RolloutSummary;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice run list}. */
@Command(name = "list", description = "The newest rollouts.", mixinStandardHelpOptions = true)
final class RunList extends ServerCommand {
  @Option(names = "--limit", paramLabel = "N", description = "1 to 200; 20 where nothing is said.")
  private int limit = 20;

  private record Listing(List<RolloutSummary> rollouts) {}

  @Override
  int run(ServerClient client) {
    Reply all = checked(client.get("/api/v1/rollouts?limit=" + limit));
    List<RolloutSummary> rollouts = all.as(Listing.class).rollouts();
    if (printed(all, rollouts.stream().map(RolloutSummary::id).toList())) {
      return ExitCode.OPEN;
    }
    if (rollouts.isEmpty()) {
      terminal().line("No rollout yet. Start one with: sluice run start plan.yaml");
    } else {
      new RunText(terminal(), options().now()).list(rollouts);
    }
    return ExitCode.OPEN;
  }
}
