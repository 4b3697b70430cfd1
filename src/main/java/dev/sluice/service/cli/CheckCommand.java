package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.http.view.GateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice check}: one word and an exit code, for scripts. */
@Command(
    name = "check",
    description = "May I go on? One word: open, closed, unclear (not yet) or error (cannot tell).",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code: ",
    footer =
        "0 open, 1 closed, 2 no such plan or step, 3 unclear, 4 error or no server, 5 no right.")
final class CheckCommand extends ServerCommand {
  private static final Duration BETWEEN = Duration.ofSeconds(5);

  @Parameters(paramLabel = "PLAN", description = "Its name.")
  private String plan = "";

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "May I go past this one? The present step where nothing is said.")
  private String step = "";

  @Option(
      names = "--rollout",
      paramLabel = "ID",
      description = "This rollout, and not the plan's newest.")
  private String rollout = "";

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description =
          "Only a rollout that was started then or later counts, so that last week's yes is none"
              + " today.")
  private String since = "";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Ask again until the word is open or closed, for this long at most.")
  private @Nullable Duration wait;

  @Option(names = "--why", description = "Print the reason behind the word.")
  private boolean why;

  @Override
  int run(ServerClient client) {
    long until = System.nanoTime() + Optional.ofNullable(wait).map(Duration::toNanos).orElse(0L);
    while (true) {
      boolean last = System.nanoTime() >= until;
      try {
        Reply reply = ask(client);
        if (last || settled(reply)) {
          return answer(reply);
        }
      } catch (ServerClient.Unreachable e) {
        if (last) {
          throw e;
        }
      }
      pause(Math.min(BETWEEN.toNanos(), until - System.nanoTime()));
    }
  }

  private Reply ask(ServerClient client) {
    String query =
        parameter("?", "step", step)
            + parameter("&", "rollout", rollout)
            + parameter("&", "since", since);
    String path = "/api/v1/gates/" + ServerClient.segment(plan) + query.replaceFirst("^&", "?");
    Reply reply = client.get(path);
    return reply.status() == 503 && reply.json().has("gate") ? reply : checked(reply);
  }

  private static String parameter(String before, String key, String value) {
    return value.isEmpty() ? "" : before + key + "=" + ServerClient.segment(value);
  }

  private static boolean settled(Reply reply) {
    String word = reply.json().path("gate").asText("");
    return word.equals("open") || word.equals("closed");
  }

  private int answer(Reply reply) {
    GateView gate = reply.as(GateView.class);
    if (!printed(reply, List.of(plan))) {
      terminal().line(why ? gate.gate() + ": " + Terminal.safe(gate.reason()) : gate.gate());
    }
    return switch (gate.gate()) {
      case "open" -> ExitCode.OPEN;
      case "closed" -> ExitCode.REGRESSION;
      case "unclear" -> ExitCode.INCONCLUSIVE;
      default -> ExitCode.CANNOT_TELL;
    };
  }

  private static void pause(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(1, nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerClient.Unreachable("Interrupted.");
    }
  }
}
