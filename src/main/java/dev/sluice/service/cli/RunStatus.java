package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.cli.ServerClient.Unreachable;
import dev.sluice.service.http.view.RolloutView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice run status}. */
@Command(
    name = "status",
    description = "How a rollout stands; with -w until it has ended.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code with -w: ",
    footer =
        "0 completed, 1 rolled back or aborted, 3 the time is over, 4 the server is gone. Without"
            + " -w: 0 once it was read.")
final class RunStatus extends ServerCommand {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final int PATIENCE = 10;

  @Parameters(paramLabel = "ROLLOUT", description = "Its id, or the name of its plan.")
  private String name = "";

  @Option(
      names = {"-w", "--watch"},
      description = "Follow it until it has ended.")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "With -w: give up after this time, 3h say.")
  private @Nullable Duration timeout;

  @Override
  int run(ServerClient client) {
    Reply reply = RunTarget.find(client, name);
    RolloutView rollout = reply.as(RolloutView.class);
    print(reply, rollout);
    return watch ? follow(client, reply.etag(), rollout) : ExitCode.OPEN;
  }

  private void print(Reply reply, RolloutView rollout) {
    Terminal terminal = terminal();
    if (watch && options().format() == ServerOptions.Format.yaml) {
      terminal.raw("---"); // a stream of documents
    }
    if (printed(reply, List.of(rollout.id()))) {
      return;
    }
    RunText text = new RunText(terminal, options().now());
    if (watch && !terminal.interactive()) {
      terminal.line(text.oneLine(rollout));
      return;
    }
    if (watch) {
      terminal.clear();
    }
    text.status(rollout);
  }

  /** The server is asked to answer when there is news, so nothing is missed and nothing polled. */
  private int follow(ServerClient client, String first, RolloutView shown) {
    long until = System.nanoTime() + Optional.ofNullable(timeout).map(Duration::toNanos).orElse(0L);
    String etag = first;
    RolloutView rollout = shown;
    int failures = 0;
    while (!rollout.ended()) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      if (timeout != null && (left.isNegative() || left.isZero())) {
        error("Not ended within " + timeout + ".");
        return ExitCode.INCONCLUSIVE;
      }
      try {
        Reply news = client.news(RunTarget.path(rollout.id()), etag, patience(left));
        failures = 0;
        if (news.status() != 304) {
          etag = checked(news).etag();
          String before = rollout.sentence();
          rollout = news.as(RolloutView.class);
          printChange(news, rollout, before);
        }
      } catch (Unreachable e) {
        if (++failures >= PATIENCE) {
          throw e;
        }
        error("No answer, trying again: " + e.getMessage());
        pause(failures);
      }
    }
    return rollout.state().equals("completed") ? ExitCode.OPEN : ExitCode.REGRESSION;
  }

  private Duration patience(Duration left) {
    boolean short30 = timeout != null && left.compareTo(WAIT) < 0;
    return short30 ? Duration.ofSeconds(Math.max(1, left.toSeconds())) : WAIT;
  }

  /** On a screen everything is drawn anew; in a log only what has another sentence is a line. */
  private void printChange(Reply news, RolloutView rollout, String before) {
    if (options().format() != ServerOptions.Format.text
        || terminal().interactive()
        || !rollout.sentence().equals(before)) {
      print(news, rollout);
    }
  }

  private static void pause(int failures) {
    try {
      Thread.sleep(Duration.ofSeconds(Math.min(1L << failures, 15)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable("Interrupted.");
    }
  }
}
