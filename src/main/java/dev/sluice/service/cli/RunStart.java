package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.view.RolloutView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice run start}. */
@Command(
    name = "start",
    description = "Start a rollout of a plan in a file, or of a plan the server has.",
    mixinStandardHelpOptions = true)
final class RunStart extends ServerCommand {
  @Parameters(paramLabel = "PLAN", description = "A file, or the name of a plan of the server.")
  private String plan = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why it cannot wait, where the plan is frozen after a rollback.")
  private String reason = "";

  @Override
  int run(ServerClient client) {
    Path file = Path.of(plan);
    if (!Files.isRegularFile(file) && looksLikeAFile()) {
      error("There is no file " + plan + ".");
      return ExitCode.INVALID;
    }
    Reply started =
        checked(Files.isRegularFile(file) ? startFile(client, file) : startNamed(client));
    RolloutView rollout = started.as(RolloutView.class);
    if (!printed(started, List.of(rollout.id()))) {
      terminal().line("Started " + rollout.id() + ": " + Terminal.safe(rollout.sentence()));
      terminal().line("Follow it with: sluice run status -w " + rollout.id());
    }
    return ExitCode.OPEN;
  }

  private boolean looksLikeAFile() {
    return plan.contains("/") || plan.matches(".*\\.(ya?ml|json)");
  }

  private Reply startFile(ServerClient client, Path file) {
    try {
      String why = reason.isEmpty() ? "" : "?reason=" + ServerClient.segment(reason);
      return client.postPlan("/api/v1/rollouts" + why, Files.readString(file));
    } catch (IOException e) {
      throw new ServerClient.Unreachable("Cannot read " + plan + " as UTF-8 text: " + e);
    }
  }

  private Reply startNamed(ServerClient client) {
    ObjectNode body = ApiJson.mapper().createObjectNode();
    if (!reason.isEmpty()) {
      body.put("reason", reason);
    }
    return client.post(
        "/api/v1/plans/" + ServerClient.segment(plan) + "/rollouts", body.toString());
  }

  @Override
  String source() {
    return plan;
  }
}
