package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.AnalysisView.PointView;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One check: its verdict as a word, its numbers, and how they went. The element around the drawing
 * carries the same numbers for the script, which draws a chart in its place; without scripts the
 * drawing stays.
 */
final class Tile {
  private static final int ROWS = 8;

  private final CheckView check;
  private final List<PointView> points;
  private final Optional<Instant> at;
  private final Instant now;
  private final Figures figures;

  /**
   * @param at where the latest look's data ends
   */
  Tile(CheckView check, List<PointView> points, Optional<Instant> at, Instant now) {
    this.check = check;
    this.points = points;
    this.at = at;
    this.now = now;
    this.figures = new Figures(check);
  }

  Tag article() {
    return Tag.of("article", "tile " + check.verdict() + (check.waived() ? " waived" : ""))
        .with("id", "tile-" + check.id())
        .with("aria-labelledby", "name-" + check.id())
        .add(head())
        .add(numbers())
        .add(chart())
        .add(remaining())
        .add(values())
        .add(lately());
  }

  private Tag head() {
    return Tag.of("div", "head")
        .add(Tag.of("h3").with("id", "name-" + check.id()).text(check.name()))
        .add(Tag.of("span", "role").text(role()))
        .add(Tag.of("span", "verdict").text(check.words()));
  }

  private String role() {
    String tier =
        check
            .tier()
            .filter(t -> t.equals("uncalibrated") || t.equals("noisy"))
            .map(t -> ", " + t)
            .orElse("");
    return check.role() + tier;
  }

  private Tag numbers() {
    if (check.estimate().isEmpty()) {
      return Tag.of("p", "numbers").text(check.sentence());
    }
    return Tag.of("p", "numbers")
        .add(Tag.of("strong").text(figures.estimate()))
        .text(check.limit() ? "" : " " + figures.interval())
        .add(Tag.of("span", "muted").text(" accepted " + figures.accepted()));
  }

  private Optional<Tag> chart() {
    return drawing()
        .map(
            drawn -> {
              Tag chart =
                  Tag.of("sluice-course")
                      .with("id", "course-" + check.id())
                      .with("data-check", check.id())
                      .with("data-name", check.name())
                      .with("data-unit", check.unit())
                      .with("data-scale", check.scale().orElse("value"))
                      .with("data-verdict", check.verdict())
                      .with("data-label", check.name() + ": " + label());
              Axis axis = Axis.of(check);
              chart.with("data-from", Double.toString(axis.from()));
              chart.with("data-to", Double.toString(axis.to()));
              number(chart, "margin", check.margin());
              if (!check.limit()) {
                chart.with("data-still", Double.toString(Axis.still(check)));
              }
              if (check.twoSided()) {
                chart.with("data-mirrored", Double.toString(Axis.mirrored(check)));
              }
              return latest(chart).add(drawn);
            });
  }

  /** What the look added to the course, so that the script need not ask for all of it again. */
  private Tag latest(Tag chart) {
    at.ifPresent(instant -> chart.with("data-at", instant.toString()));
    number(chart, "estimate", check.estimate());
    number(chart, "low", check.intervalLow());
    number(chart, "high", check.intervalHigh());
    number(chart, "canary", check.canary().value());
    check.baseline().ifPresent(b -> number(chart, "baseline", b.value()));
    return chart;
  }

  private static void number(Tag tag, String name, OptionalDouble number) {
    number.ifPresent(value -> tag.with("data-" + name, Double.toString(value)));
  }

  private Optional<Tag> drawing() {
    return Course.of(check, points).or(() -> Drawing.of(check));
  }

  private String label() {
    return (figures.estimate()
            + (check.limit() ? "" : " " + figures.interval())
            + ", accepted "
            + figures.accepted())
        .strip();
  }

  private Optional<Tag> remaining() {
    return check
        .ahead()
        .flatMap(CheckView.AheadView::sentence)
        .map(sentence -> Tag.of("p", "remaining").text(sentence));
  }

  private Tag values() {
    Tag list = Tag.of("dl", "values");
    value(list, "Canary", figures.value(check.canary().value()), check.canary().samples());
    check.baseline().ifPresent(b -> value(list, "Baseline", figures.value(b.value()), b.samples()));
    return list;
  }

  private static void value(Tag list, String name, String value, OptionalDouble samples) {
    list.add(
        Tag.of("div")
            .add(Tag.of("dt").text(name))
            .add(
                Tag.of("dd")
                    .add(Tag.of("strong").text(value))
                    .text(" of " + Figures.count(samples) + " samples")));
  }

  /** The same as the chart, for who cannot see it. */
  private Optional<Tag> lately() {
    if (points.isEmpty()) {
      return Optional.empty();
    }
    Tag body = Tag.of("tbody");
    points.reversed().stream().limit(ROWS).forEach(p -> body.add(row(p)));
    Tag head = Tag.of("tr");
    Stream.of("Until", "Estimate", "Interval")
        .forEach(name -> head.add(Tag.of("th").with("scope", "col").text(name)));
    return Optional.of(
        Tag.of("details", "lately")
            .with("id", "lately-" + check.id())
            .add(Tag.of("summary").text("Latest looks in numbers"))
            .add(Tag.of("p", "small").text(check.sentence()))
            .add(Tag.of("table").add(Tag.of("thead").add(head)).add(body)));
  }

  private Tag row(PointView point) {
    Figures then = new Figures(check.at(point));
    return Tag.of("tr")
        .add(Tag.of("th").with("scope", "row").text(Times.clock(point.at(), now)))
        .add(Tag.of("td").text(then.estimate()))
        .add(Tag.of("td").text(check.limit() ? "" : then.interval()));
  }
}
