package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.AnalysisView.PointView;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How the interval of a check narrowed over time, beside what is accepted: the band is where the
 * true effect lay as far as was known then, the line is the estimate. The axis is the one of {@link
 * Axis}; what lies further out is cut off, and marked along the edge.
 */
final class Course {
  private static final double WIDTH = 720;
  private static final double HEIGHT = 150;
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private final CheckView check;
  private final List<PointView> points;
  private final Axis axis;

  private Course(CheckView check, List<PointView> points) {
    this.check = check;
    this.points = points;
    this.axis = Axis.of(check);
  }

  /** Absent where a line needs more points than there are. */
  static Optional<Tag> of(CheckView check, List<PointView> points) {
    boolean drawable =
        points.size() > 1 && check.estimate().isPresent() && check.margin().isPresent();
    return drawable ? Optional.of(new Course(check, points).figure()) : Optional.empty();
  }

  private Tag figure() {
    Tag ends =
        Tag.of("p", "ends")
            .add(Tag.of("span").text(Times.clock(first(), last())))
            .add(Tag.of("span").text(wider() ? "wider than shown" : ""))
            .add(Tag.of("span").text(Times.clock(last(), first())));
    return Tag.of("div", "course").add(svg(words())).add(ends);
  }

  private String words() {
    Figures figures = new Figures(check);
    return check.name()
        + " over time, now "
        + figures.estimate()
        + (check.limit() ? "" : " " + figures.interval())
        + ", accepted "
        + figures.accepted();
  }

  private Tag svg(String words) {
    Tag svg =
        Tag.of("svg", "interval " + check.verdict())
            .with("viewBox", "0 0 " + Axis.number(WIDTH) + " " + Axis.number(HEIGHT))
            .with("preserveAspectRatio", "none")
            .with("role", "img")
            .with("aria-label", words)
            .add(accepted());
    if (!check.limit()) {
      svg.add(level("zero", Axis.still(check))).add(Tag.of("path", "bar").with("d", band()));
    }
    svg.add(Tag.of("path", "line").with("d", line()))
        .add(level("margin", check.margin().getAsDouble()));
    if (check.twoSided()) {
      svg.add(level("margin", Axis.mirrored(check)));
    }
    return svg.add(edge(p -> p.intervalHigh().orElse(INFINITE) > axis.to(), 0))
        .add(edge(p -> p.intervalLow().orElse(-INFINITE) < axis.from(), HEIGHT));
  }

  /** Along the edge, where the band goes on beyond it. */
  private Optional<Tag> edge(Predicate<PointView> beyond, double y) {
    StringBuilder path = new StringBuilder();
    for (int i = 1; i < points.size() && !check.limit(); i++) {
      if (beyond.test(points.get(i))) {
        path.append('M').append(Axis.number(x(points.get(i - 1).at()))).append(' ');
        path.append(Axis.number(y)).append('H').append(Axis.number(x(points.get(i).at())));
      }
    }
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(Tag.of("path", "wider").with("d", path.toString()));
  }

  private boolean wider() {
    return !check.limit()
        && points.stream()
            .anyMatch(
                p ->
                    p.intervalHigh().orElse(INFINITE) > axis.to()
                        || p.intervalLow().orElse(-INFINITE) < axis.from());
  }

  private Tag accepted() {
    double margin = y(check.margin().getAsDouble());
    boolean lower =
        check.kind().equals("min") || (!check.limit() && check.worseWhen().equals("lower"));
    double top = lower ? 0 : margin;
    double bottom = lower ? margin : HEIGHT;
    if (check.twoSided()) {
      double other = y(Axis.mirrored(check));
      top = Math.min(margin, other);
      bottom = Math.max(margin, other);
    }
    return Tag.of("rect", "accepted")
        .with("x", "0")
        .with("y", Axis.number(top))
        .with("width", Axis.number(WIDTH))
        .with("height", Axis.number(bottom - top));
  }

  private Tag level(String css, double value) {
    String y = Axis.number(y(value));
    return Tag.of("line", css)
        .with("x1", "0")
        .with("x2", Axis.number(WIDTH))
        .with("y1", y)
        .with("y2", y);
  }

  private String band() {
    StringBuilder path = new StringBuilder();
    for (PointView p : points) {
      append(path, p.at(), p.intervalHigh().orElse(axis.to()));
    }
    for (PointView p : points.reversed()) {
      append(path, p.at(), p.intervalLow().orElse(axis.from()));
    }
    return path.append('Z').toString();
  }

  private String line() {
    StringBuilder path = new StringBuilder();
    for (PointView p : points) {
      append(path, p.at(), p.estimate().getAsDouble());
    }
    return path.toString();
  }

  private void append(StringBuilder path, Instant at, double value) {
    path.append(path.isEmpty() ? 'M' : 'L')
        .append(Axis.number(x(at)))
        .append(' ')
        .append(Axis.number(y(value)));
  }

  private Instant first() {
    return points.getFirst().at();
  }

  private Instant last() {
    return points.getLast().at();
  }

  private double x(Instant at) {
    double whole = last().toEpochMilli() - first().toEpochMilli();
    return (at.toEpochMilli() - first().toEpochMilli()) / whole * WIDTH;
  }

  private double y(double value) {
    return (1 - axis.at(value)) * HEIGHT;
  }
}
