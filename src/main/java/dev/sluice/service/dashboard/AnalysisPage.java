package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.AnalysisView;
import dev.sluice.service.http.view.AnalysisView.CohortView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A one-shot comparison as one file: no script, nothing is loaded from anywhere. */
public final class AnalysisPage {
  private final AnalysisView analysis;

  public AnalysisPage(AnalysisView analysis) {
    this.analysis = analysis;
  }

  /** The whole file. */
  public String html() {
    Tag main =
        Tag.of("main", "report")
            .add(top())
            .add(
                new Tiles(analysis.checks(), analysis.course(), Optional.empty(), analysis.to())
                    .section())
            .add(facts());
    return Page.alone(analysis.plan() + ": " + analysis.sentence(), main);
  }

  private Tag top() {
    return Tag.of("section", "top " + tone())
        .add(
            Tag.of("div", "say")
                .add(Tag.of("h1").text(analysis.plan()))
                .add(Tag.of("p", "sentence").text(analysis.sentence()))
                .add(analysis.alarmAt().map(this::alarm)));
  }

  private Tag alarm(Instant at) {
    return Tag.of("p", "small")
        .text("A rollout would have been rolled back at " + Times.full(at) + ".");
  }

  private String tone() {
    return switch (analysis.answer()) {
      case "safe" -> "good";
      case "worse" -> "bad";
      default -> "hold";
    };
  }

  private Tag facts() {
    Tag list = Tag.of("dl", "facts");
    fact(list, "Canary", cohort(analysis.canary()));
    fact(list, "Baseline", cohort(analysis.baseline()));
    fact(list, "From", Times.full(analysis.from()));
    fact(list, "To", Times.full(analysis.to()));
    fact(list, "Looks", analysis.looks() + ", " + Times.words(analysis.everySeconds()) + " apart");
    fact(list, "Metrics of step", analysis.step());
    fact(
        list,
        "Chance of \"worse\" where nothing is",
        "at most " + Figures.percent(analysis.falseAlarm() * 100));
    return Tag.of("section").with("aria-label", "Facts").add(list);
  }

  private static String cohort(CohortView cohort) {
    return cohort.offsetSeconds() > 0
        ? cohort.selector()
            + ", "
            + Times.words(Duration.ofMillis(Math.round(cohort.offsetSeconds() * 1000)))
            + " earlier"
        : cohort.selector();
  }

  private static void fact(Tag list, String name, String value) {
    list.add(
        Tag.of("div")
            .add(Tag.of("dt").text(name))
            .add(Tag.of("dd").add(Tag.of("code").text(value))));
  }
}
