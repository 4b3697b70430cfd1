package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.Verb;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice run rollback} and its like. */
abstract class RunVerb extends ServerCommand {
  private final Verb verb;

  @Parameters(paramLabel = "ROLLOUT", description = "Its id, or the name of its plan.")
  private String name = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Kept for ever. Needed to go over a gate that is not open, and to abort.")
  private String reason = "";

  @Option(
      names = "--expect-version",
      paramLabel = "N",
      description = "Refuse if the rollout has moved on since you saw this version.")
  private @Nullable Long expected;

  RunVerb(Verb verb) {
    this.verb = verb;
  }

  @Override
  int run(ServerClient client) {
    ObjectNode body = ApiJson.mapper().createObjectNode().put("reason", reason);
    complete(body);
    Optional.ofNullable(expected).ifPresent(version -> body.put("expectedVersion", version));
    Reply told = RunTarget.command(client, name, verb.word(), body.toString());
    RolloutView rollout = told.as(RolloutView.class);
    if (!printed(told, List.of(rollout.id()))) {
      terminal().line(Terminal.safe(rollout.plan()) + "   " + Terminal.safe(rollout.sentence()));
    }
    return ExitCode.OPEN;
  }

  /** Adds what only this verb says. */
  void complete(ObjectNode body) {}

  /** Take everybody back. */
  @Command(
      name = "rollback",
      description = "Take everybody back. Works in every live state.",
      mixinStandardHelpOptions = true)
  static final class Rollback extends RunVerb {
    Rollback() {
      super(Verb.ROLLBACK);
    }
  }

  /** Stop promotion. */
  @Command(
      name = "pause",
      description = "Stop promotion. Protection goes on: a proven regression still rolls back.",
      mixinStandardHelpOptions = true)
  static final class Pause extends RunVerb {
    Pause() {
      super(Verb.PAUSE);
    }
  }

  /** Go on after a pause. */
  @Command(name = "resume", description = "Go on after a pause.", mixinStandardHelpOptions = true)
  static final class Resume extends RunVerb {
    Resume() {
      super(Verb.RESUME);
    }
  }

  /** Go to the next step. */
  @Command(
      name = "promote",
      description = "Go to the next step; over a gate that is not open only with a reason.",
      mixinStandardHelpOptions = true)
  static final class Promote extends RunVerb {
    Promote() {
      super(Verb.PROMOTE);
    }
  }

  /** Answer the question a rollout asked. */
  @Command(
      name = "approve",
      description = "Say go where the rollout waits for a person.",
      mixinStandardHelpOptions = true)
  static final class Approve extends RunVerb {
    Approve() {
      super(Verb.APPROVE);
    }
  }

  /** Move a deadline. */
  @Command(
      name = "extend",
      description = "Give the present step, or the retention, more time. Needs a reason.",
      mixinStandardHelpOptions = true)
  static final class Extend extends RunVerb {
    @Option(
        names = "--by",
        required = true,
        converter = Durations.class,
        paramLabel = "DURATION",
        description = "How much longer: 90s, 10m, 3h or 2d.")
    private Duration by = Duration.ZERO;

    Extend() {
      super(Verb.EXTEND);
    }

    @Override
    void complete(ObjectNode body) {
      body.put("by", by.toSeconds() + "s");
    }
  }

  /** Let go of the old system. */
  @Command(
      name = "retire",
      description =
          "Let go of the old system: nobody can be taken back afterwards. Before the retention is"
              + " over only with a reason.",
      mixinStandardHelpOptions = true)
  static final class Retire extends RunVerb {
    Retire() {
      super(Verb.RETIRE);
    }
  }

  /** End it. */
  @Command(
      name = "abort",
      description = "End it and leave the exposure as it is, with nobody watching.",
      mixinStandardHelpOptions = true)
  static final class Abort extends RunVerb {
    Abort() {
      super(Verb.ABORT);
    }
  }
}
