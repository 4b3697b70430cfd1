package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.cli.ServerClient.Unreachable;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code sluice replay}: a server judges the looks of a rollout again. The server and not this
 * program, because it has the store, the addresses and the credentials of the metrics systems.
 */
@Command(
    name = "replay",
    description =
        "Judges the looks of a rollout again from what the metrics system says of them today, and"
            + " names the first that differs. Writes nothing.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code: ",
    footer =
        "0 every look gave the same verdict, 1 one differs, 2 there is no such rollout, 4 it cannot"
            + " be told: the server or its metrics system does not answer, or the data are gone,"
            + " 5 no right.")
final class ReplayCommand extends ServerCommand {
  @Parameters(paramLabel = "ROLLOUT", description = "Its id, or the name of its plan.")
  private String name = "";

  private Optional<JsonNode> last = Optional.empty();
  private Optional<JsonNode> end = Optional.empty();

  @Override
  int run(ServerClient client) {
    Reply rollout = RunTarget.find(client, name);
    String id = rollout.json().path("id").asText("");
    Progress progress = new Progress(spec().commandLine().getErr(), watched(), "looks");
    client.lines(RunTarget.path(id) + "/replay", line -> take(line, progress));
    progress.clear();
    JsonNode whole =
        end.orElseThrow(
            () -> new Unreachable("The answer was cut off: the server stopped, or is too slow."));
    return whole.path("differs").isNumber() ? differs(id) : same(id, whole);
  }

  private boolean watched() {
    return !options().json() && terminal().interactive();
  }

  private void take(JsonNode line, Progress progress) {
    if (options().json()) {
      terminal().raw(line.toString());
    }
    if (line.path("end").asBoolean()) {
      end = Optional.of(line);
    } else {
      last = Optional.of(line);
      progress.line(line.path("look").asText() + " of " + line.path("of").asText() + " looks");
    }
  }

  private int same(String id, JsonNode whole) {
    if (!options().json()) {
      terminal()
          .line(
              "Rollout "
                  + Terminal.safe(id)
                  + ": "
                  + whole.path("looks").asLong()
                  + (whole.path("looks").asLong() == 1 ? " look" : " looks")
                  + " judged again, every verdict the same.");
    }
    return ExitCode.OPEN;
  }

  private int differs(String id) {
    JsonNode look = last.orElseThrow(() -> new Unreachable("What answers is no Sluice server."));
    if (!options().json()) {
      terminal()
          .line(
              "Rollout "
                  + Terminal.safe(id)
                  + ": look "
                  + look.path("look").asLong()
                  + " of "
                  + look.path("of").asLong()
                  + " ("
                  + text(look, "from")
                  + " to "
                  + text(look, "to")
                  + ") is not the same:");
      terminal().line("  " + text(look, "sentence"));
      if (look.path("look").asLong() > 1) {
        terminal().line("  All looks before it gave the same verdict.");
      }
    }
    return switch (look.path("outcome").asText("")) {
      case "sourceLost", "dataGone" -> ExitCode.CANNOT_TELL;
      default -> ExitCode.REGRESSION;
    };
  }

  private static String text(JsonNode node, String name) {
    return Terminal.safe(node.path(name).asText(""));
  }
}
