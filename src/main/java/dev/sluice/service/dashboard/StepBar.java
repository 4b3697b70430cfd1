package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.RolloutView.StepView;
import dev.sluice.service.http.view.Times;

/** The way from the first step to the last, and how far the users really are on it. */
final class StepBar {
  private final RolloutView rollout;

  StepBar(RolloutView rollout) {
    this.rollout = rollout;
  }

  Tag section() {
    Tag list = Tag.of("ol", "steps");
    rollout.steps().forEach(step -> list.add(step(step)));
    return Tag.of("section").with("aria-label", "Steps").add(list).add(exposures());
  }

  private Tag step(StepView step) {
    boolean present = step.place().equals("now") || step.place().equals("stopped");
    Tag item = Tag.of("li", step.place());
    if (step.place().equals("now")) {
      item.with("aria-current", "step");
    }
    item.add(Tag.of("span", "percent").text(headline(step)))
        .add(Tag.of("span", "name").text(step.id()))
        .add(Tag.of("span", "place").text(step.place()));
    return present ? item.add(dwell(step)) : item.add(least(step));
  }

  private static String headline(StepView step) {
    return switch (step.kind()) {
      case "approve" -> "go?";
      case "retain" -> "keep";
      case "shadow" -> "shadow " + Figures.percent(step.percent());
      case "verify" -> "verify";
      default -> Figures.percent(step.percent());
    };
  }

  private Tag dwell(StepView step) {
    double served = rollout.step().dwellSeconds();
    double least = rollout.step().atLeastSeconds();
    if (step.kind().equals("retain")) {
      return least(step);
    }
    return Tag.of("span", "dwell")
        .add(
            Tag.of("progress")
                .with("max", Double.toString(Math.max(1, least)))
                .with("value", Double.toString(Math.min(served, Math.max(1, least))))
                .with("aria-label", "observed time"))
        .text(Times.words(served) + " of " + Times.words(least) + " observed");
  }

  private static Tag least(StepView step) {
    return Tag.of("span", "dwell")
        .text(step.atLeastSeconds() > 0 ? "at least " + Times.words(step.atLeastSeconds()) : "");
  }

  /**
   * Three numbers that should agree: what is wanted, what was confirmed, what the traffic shows.
   */
  private Tag exposures() {
    Tag list = Tag.of("dl", "exposures");
    list.add(exposure("Commanded", rollout.exposure().desired()));
    list.add(exposure("Applied", rollout.exposure().applied()));
    return rollout.exposure().observed().isPresent() && !rollout.ended()
        ? list.add(exposure("Observed", rollout.exposure().observed().getAsDouble()))
        : list;
  }

  private static Tag exposure(String name, double percent) {
    String width = Axis.number(Math.clamp(percent, 0, 100));
    Tag bar =
        Tag.of("svg")
            .with("viewBox", "0 0 100 6")
            .with("preserveAspectRatio", "none")
            .with("aria-hidden", "true")
            .add(Tag.of("rect", "all").with("width", "100").with("height", "6"))
            .add(Tag.of("rect", "part").with("width", width).with("height", "6"));
    return Tag.of("div")
        .add(Tag.of("dt").text(name))
        .add(Tag.of("dd").add(Tag.of("strong").text(Figures.percent(percent))).add(bar));
  }
}
