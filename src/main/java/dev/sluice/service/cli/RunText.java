package dev.sluice.service.cli;

import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutSummary;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A rollout on a terminal: verdict words first, numbers in columns, the rest in few lines. */
final class RunText {
  private static final Duration LATE = Duration.ofSeconds(20);

  private final Terminal terminal;
  private final Instant now;

  RunText(Terminal terminal, Instant now) {
    this.terminal = terminal;
    this.now = now;
  }

  void status(RolloutView rollout) {
    terminal.line(Terminal.safe(rollout.plan()) + "   " + Terminal.safe(rollout.sentence()));
    terminal.line("  " + where(rollout));
    checks(rollout.checks());
    terminal.line("  " + exposure(rollout));
    rollout.traffic().ifPresent(t -> terminal.line("  traffic: " + Terminal.safe(t.sentence())));
    rollout
        .lastDecision()
        .ifPresent(
            d ->
                terminal.line(
                    "  last decision: " + decided(d, now) + ": " + Terminal.safe(d.sentence())));
    terminal.line("  rollout " + rollout.id() + ", version " + rollout.version());
  }

  /** "promoted from 10 % to 50 % at 10:02 UTC". */
  static String decided(RolloutView.DecisionView decision, Instant now) {
    return (decision.forced() ? "forced" : past(decision.decision()))
        + " from "
        + Figures.percent(decision.from())
        + " to "
        + Figures.percent(decision.to())
        + " at "
        + Times.clock(decision.at(), now);
  }

  private static String past(String decision) {
    return switch (decision) {
      case "promote" -> "promoted";
      case "rollBack" -> "rolled back";
      default -> "held";
    };
  }

  private String where(RolloutView rollout) {
    RolloutView.StepNowView step = rollout.step();
    StringBuilder text =
        new StringBuilder("step " + step.number() + " of " + step.of() + " " + step.id());
    if (!rollout.ended()) {
      text.append("   ")
          .append(Times.words(step.dwellSeconds()))
          .append(" of at least ")
          .append(Times.words(step.atLeastSeconds()));
    }
    rollout.clock().ifPresent(c -> text.append("   ").append(clock(c)));
    return text.toString();
  }

  /** "completed 5 min ago (10:02 UTC)", but "held since 10:02 UTC (5 min ago)". */
  private String clock(RolloutView.ClockView clock) {
    String relative = Times.relative(clock.at(), now);
    String absolute = Times.clock(clock.at(), now);
    boolean pointsAtAnInstant =
        clock.label().endsWith(" since") || clock.label().endsWith(" until");
    return clock.label()
        + " "
        + (pointsAtAnInstant ? absolute : relative)
        + " ("
        + (pointsAtAnInstant ? relative : absolute)
        + ")";
  }

  /** One line a check, the most urgent first. */
  void checks(List<CheckView> checks) {
    List<List<String>> rows = new ArrayList<>();
    List<CheckView> sorted = checks.stream().sorted(CheckView.BY_URGENCY).toList();
    for (CheckView check : sorted) {
      Figures figures = new Figures(check);
      rows.add(
          Stream.of(
                  Terminal.safe(check.name()),
                  check.words(),
                  figures.estimate(),
                  check.limit() ? "" : figures.interval(),
                  figures.accepted(),
                  samples(check),
                  check.estimate().isPresent() ? "" : Terminal.safe(check.sentence()))
              .map(terminal::shown)
              .toList());
    }
    int[] widths = widths(rows);
    for (int i = 0; i < rows.size(); i++) {
      StringBuilder line = new StringBuilder("  " + terminal.mark(sorted.get(i).verdict()) + " ");
      for (int j = 0; j < widths.length; j++) {
        line.append(Terminal.column(rows.get(i).get(j), widths[j])).append("  ");
      }
      terminal.line(line.toString().stripTrailing());
    }
  }

  private static int[] widths(List<List<String>> rows) {
    int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
    int[] widths = new int[columns];
    for (int j = 0; j < columns; j++) {
      int column = j;
      widths[j] = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
    return widths;
  }

  private static String samples(CheckView check) {
    String canary = Figures.count(check.canary().samples());
    return check.baseline().map(b -> canary + "/" + Figures.count(b.samples())).orElse(canary);
  }

  private String exposure(RolloutView rollout) {
    StringBuilder text =
        new StringBuilder(
            "exposure: "
                + Figures.percent(rollout.exposure().desired())
                + " wanted, "
                + Figures.percent(rollout.exposure().applied())
                + " confirmed");
    if (rollout.exposure().observed().isPresent() && !rollout.ended()) {
      text.append(", ")
          .append(Figures.percent(rollout.exposure().observed().getAsDouble()))
          .append(" seen");
    }
    rollout
        .look()
        .windowTo()
        .ifPresent(to -> text.append("   data ended ").append(Times.relative(to, now)));
    rollout.look().nextDueAt().ifPresent(at -> text.append("   next look ").append(coming(at)));
    return text.toString();
  }

  /** A look takes a moment; only one that is much too late is worth a worry. */
  private String coming(Instant due) {
    if (due.isAfter(now)) {
      return Times.relative(due, now);
    }
    Duration late = Duration.between(due, now);
    return late.compareTo(LATE) < 0 ? "now" : "overdue by " + Times.words(late);
  }

  /** One line for a rollout; what {@code -w} prints where nobody can watch a screen. */
  String oneLine(RolloutView rollout) {
    return Times.clock(rollout.updatedAt(), now)
        + "  "
        + Terminal.safe(rollout.plan())
        + "  "
        + Terminal.safe(rollout.sentence());
  }

  void list(List<RolloutSummary> rollouts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ROLLOUT", "STATE", "USERS", "STEP", "SINCE", ""));
    for (RolloutSummary rollout : rollouts) {
      rows.add(
          Stream.of(
                  rollout.id(),
                  rollout.state(),
                  Figures.percent(rollout.percent()),
                  rollout.step(),
                  Times.relative(rollout.updatedAt(), now),
                  rollout.sentence())
              .map(Terminal::safe)
              .map(terminal::shown)
              .toList());
    }
    int[] widths = widths(rows);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < widths.length; j++) {
        line.append(Terminal.column(row.get(j), widths[j])).append("  ");
      }
      terminal.line(line.toString().stripTrailing());
    }
  }
}
