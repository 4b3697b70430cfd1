package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code sluice explain}: why it stands where it stands. Every sentence is the server's own, the
 * one that the page shows; here they are only put in the order of the questions people ask.
 */
@Command(
    name = "explain",
    description =
        "Says why the last decision on a rollout was taken, what is still missing, and how long"
            + " that will take.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code: ",
    footer = "0 once it was read, 2 there is no such rollout, 4 the server is gone, 5 no right.")
final class ExplainCommand extends ServerCommand {
  @Parameters(paramLabel = "ROLLOUT", description = "Its id, or the name of its plan.")
  private String name = "";

  /**
   * With {@code -o json}.
   *
   * @param now how it stands
   * @param decided why the last decision was taken
   * @param missing what keeps the next step back, the most urgent first
   * @param until the one instant that matters now
   */
  record Told(
      String rollout,
      long version,
      String now,
      Optional<String> decided,
      List<String> missing,
      Optional<RolloutView.ClockView> until) {}

  @Override
  int run(ServerClient client) {
    Reply reply = RunTarget.find(client, name);
    RolloutView rollout = reply.as(RolloutView.class);
    Told told = told(rollout, options().now());
    if (options().json()) {
      terminal().raw(ApiJson.write(told).toString());
    } else {
      print(rollout, told);
    }
    return ExitCode.OPEN;
  }

  private void print(RolloutView rollout, Told told) {
    Terminal terminal = terminal();
    terminal.line(Terminal.safe(rollout.plan()) + "   " + Terminal.safe(told.now()));
    told.decided().ifPresent(text -> terminal.line("Why: " + Terminal.safe(text)));
    if (!told.missing().isEmpty()) {
      terminal.line("Still missing:");
      told.missing().forEach(text -> terminal.line("  - " + Terminal.safe(text)));
    }
    told.until()
        .ifPresent(
            clock ->
                terminal.line(
                    "When: "
                        + clock.label()
                        + " "
                        + Times.clock(clock.at(), options().now())
                        + " ("
                        + Times.relative(clock.at(), options().now())
                        + ")."));
  }

  static Told told(RolloutView rollout, Instant now) {
    return new Told(
        rollout.id(),
        rollout.version(),
        rollout.sentence(),
        rollout.lastDecision().map(d -> decided(d, now)),
        rollout.ended() ? List.of() : missing(rollout),
        rollout.clock());
  }

  private static String decided(RolloutView.DecisionView decision, Instant now) {
    return RunText.decided(decision, now) + ": " + decision.sentence();
  }

  private static List<String> missing(RolloutView rollout) {
    List<String> all = new ArrayList<>();
    RolloutView.StepNowView step = rollout.step();
    double left = step.atLeastSeconds() - step.dwellSeconds();
    if (left > 0) {
      all.add(
          "step "
              + step.id()
              + ": "
              + Times.words(step.dwellSeconds())
              + " of at least "
              + Times.words(step.atLeastSeconds()));
    }
    rollout.traffic().ifPresent(trouble -> all.add("traffic: " + trouble.sentence()));
    rollout.checks().stream()
        .filter(check -> !check.verdict().equals("pass") && !check.waived())
        .filter(check -> check.role().equals("guardrail"))
        .sorted(CheckView.BY_URGENCY)
        .map(ExplainCommand::missing)
        .forEach(all::add);
    return all;
  }

  private static String missing(CheckView check) {
    StringBuilder text = new StringBuilder(check.sentence());
    if (!check.sentence().startsWith(check.name())) {
      text.insert(0, check.name() + ": ");
    }
    check
        .shortage()
        .filter(why -> !check.sentence().contains(why))
        .ifPresent(why -> text.append(' ').append(why));
    check.looksMissing().ifPresent(looks -> text.append(" " + looks + " more looks."));
    check
        .ahead()
        .flatMap(CheckView.AheadView::sentence)
        .filter(ahead -> !check.sentence().contains(ahead))
        .ifPresent(ahead -> text.append(' ').append(ahead));
    return text.toString();
  }
}
