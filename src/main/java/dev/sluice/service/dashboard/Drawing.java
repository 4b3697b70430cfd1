package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import java.util.Optional;

/**
 * The interval of a check beside what is accepted, to be read at a glance: the bar is where the
 * true effect lies, the dashed line is the edge of what is accepted, the thin line is no change.
 * The axis reaches to three margins on both sides, so that margins look alike in all rows; what
 * lies further out ends in an arrow.
 */
final class Drawing {
  private static final double WIDTH = 240;
  private static final double HEIGHT = 32;
  private static final double MIDDLE = HEIGHT / 2;
  private static final double ARROW = 7;
  private static final double DOT = 5;

  private final CheckView check;
  private final double from;
  private final double to;

  private Drawing(CheckView check, Axis axis) {
    this.check = check;
    this.from = axis.from();
    this.to = axis.to();
  }

  /** Absent where there is no comparison yet. */
  static Optional<Tag> of(CheckView check) {
    if (check.estimate().isEmpty() || check.margin().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Drawing(check, Axis.of(check)).svg());
  }

  private Tag svg() {
    Tag svg =
        Tag.of("svg", "interval " + check.verdict())
            .with("viewBox", "0 0 " + number(WIDTH) + " " + number(HEIGHT))
            .with("role", "img")
            .with("aria-label", label());
    accepted(svg);
    double margin = check.margin().getAsDouble();
    if (!check.limit()) {
      svg.add(line("zero", Axis.still(check), 5));
    }
    bar(svg);
    svg.add(line("margin", margin, 2));
    if (check.twoSided()) {
      svg.add(line("margin", Axis.mirrored(check), 2));
    }
    return svg.add(dot(check.estimate().getAsDouble()));
  }

  private String label() {
    Figures figures = new Figures(check);
    return (figures.estimate() + " " + figures.interval() + ", accepted " + figures.accepted())
        .strip();
  }

  private void accepted(Tag svg) {
    double margin = x(check.margin().getAsDouble());
    boolean lower = check.kind().equals("min") || (!check.limit() && lowerIsWorse());
    double left = lower ? margin : 0;
    double right = lower ? WIDTH : margin;
    if (check.twoSided()) {
      double other = x(Axis.mirrored(check));
      left = Math.min(margin, other);
      right = Math.max(margin, other);
    }
    svg.add(rectangle("accepted", left, right, HEIGHT));
  }

  private boolean lowerIsWorse() {
    return check.worseWhen().equals("lower");
  }

  private void bar(Tag svg) {
    boolean openLeft = check.intervalLow().isEmpty() || check.intervalLow().getAsDouble() < from;
    boolean openRight = check.intervalHigh().isEmpty() || check.intervalHigh().getAsDouble() > to;
    double left = openLeft ? ARROW : x(check.intervalLow().orElse(from));
    double right = openRight ? WIDTH - ARROW : x(check.intervalHigh().orElse(to));
    svg.add(rectangle("bar", Math.min(left, right), Math.max(left, right), 10));
    if (openLeft) {
      svg.add(arrow(ARROW, 0));
    }
    if (openRight) {
      svg.add(arrow(WIDTH - ARROW, WIDTH));
    }
  }

  private static Tag arrow(double base, double tip) {
    return Tag.of("path", "bar")
        .with(
            "d",
            "M"
                + number(base)
                + " "
                + number(MIDDLE - 8)
                + "L"
                + number(tip)
                + " "
                + number(MIDDLE)
                + "L"
                + number(base)
                + " "
                + number(MIDDLE + 8)
                + "Z");
  }

  private static Tag rectangle(String css, double left, double right, double height) {
    return Tag.of("rect", css)
        .with("x", number(left))
        .with("y", number(MIDDLE - height / 2))
        .with("width", number(Math.max(1, right - left)))
        .with("height", number(height));
  }

  private Tag line(String css, double value, double inset) {
    String x = number(x(value));
    return Tag.of("line", css)
        .with("x1", x)
        .with("x2", x)
        .with("y1", number(inset))
        .with("y2", number(HEIGHT - inset));
  }

  /** Further out than shown there is no dot: the arrow says where it is. */
  private Optional<Tag> dot(double estimate) {
    return estimate < from || estimate > to
        ? Optional.empty()
        : Optional.of(
            Tag.of("circle", "dot")
                .with("cx", number(Math.clamp(x(estimate), DOT, WIDTH - DOT)))
                .with("cy", number(MIDDLE))
                .with("r", number(DOT)));
  }

  private double x(double value) {
    return Math.clamp((value - from) / (to - from), 0, 1) * WIDTH;
  }

  private static String number(double value) {
    return Axis.number(value);
  }
}
