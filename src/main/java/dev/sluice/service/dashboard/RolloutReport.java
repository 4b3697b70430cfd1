package dev.sluice.service.dashboard;

import dev.sluice.service.dashboard.Timeline.Entry;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.CourseView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All that is known of a rollout, to keep.
 *
 * @param madeAt as of then
 * @param timeline newest first
 */
public record RolloutReport(
    Instant madeAt, RolloutView rollout, List<Entry> timeline, CourseView course) {

  /** For a ticket or a wiki. */
  public String markdown() {
    StringBuilder to = new StringBuilder();
    to.append("# ").append(plain(rollout.plan())).append(": ").append(plain(rollout.sentence()));
    to.append("\n\n")
        .append("Rollout `")
        .append(rollout.id())
        .append("`, plan revision `")
        .append(rollout.planHash())
        .append("`, started ")
        .append(Times.full(rollout.startedAt()))
        .append(" by ")
        .append(plain(rollout.startedBy().name()))
        .append(". As of ")
        .append(Times.full(madeAt))
        .append(".\n\n")
        .append("Exposure: commanded ")
        .append(Figures.percent(rollout.exposure().desired()))
        .append(", applied ")
        .append(Figures.percent(rollout.exposure().applied()))
        .append(". Step ")
        .append(plain(rollout.step().id()))
        .append(", ")
        .append(rollout.look().number())
        .append(" looks.\n");
    metrics(to);
    happened(to);
    return to.toString();
  }

  private void metrics(StringBuilder to) {
    to.append("\n## Metrics\n\n");
    if (rollout.checks().isEmpty()) {
      to.append("No look was taken yet.\n");
      return;
    }
    row(to, List.of("Metric", "Verdict", "Estimate", "Interval", "Accepted", "Canary", "Baseline"));
    row(to, List.of("---", "---", "---", "---", "---", "---", "---"));
    rollout.checks().stream().sorted(CheckView.BY_URGENCY).forEach(check -> row(to, cells(check)));
  }

  private static List<String> cells(CheckView check) {
    Figures figures = new Figures(check);
    return List.of(
        check.name(),
        check.words(),
        check.estimate().isPresent() ? figures.estimate() : check.sentence(),
        check.limit() ? "" : figures.interval(),
        figures.accepted(),
        figures.value(check.canary().value()),
        check.baseline().map(b -> figures.value(b.value())).orElse(""));
  }

  private static void row(StringBuilder to, List<String> cells) {
    to.append(
            cells.stream().map(RolloutReport::plain).collect(Collectors.joining(" | ", "| ", " |")))
        .append('\n');
  }

  private void happened(StringBuilder to) {
    to.append("\n## What happened\n\n");
    for (Entry entry : timeline.reversed()) {
      to.append("- ")
          .append(Times.full(entry.at()))
          .append(": **")
          .append(plain(entry.what()))
          .append("** ")
          .append(plain(entry.detail()).strip())
          .append('\n');
    }
  }

  /** What people wrote stays text, on one line. */
  private static String plain(String text) {
    String escaped = text.replaceAll("\\R", " ").replaceAll("([\\\\`*_\\[\\]|#])", "\\\\$1");
    return Tag.escaped(escaped).replace("&#39;", "'").replace("&quot;", "\"");
  }
}
