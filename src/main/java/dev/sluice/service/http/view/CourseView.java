package dev.sluice.service.http.view;

import dev.sluice.service.http.view.Glimpse.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * How the checks of a rollout went from look to look, in columns: the n-th number of every column
 * belongs to the n-th instant. Numbers have six digits, which is more than a screen can show.
 *
 * @param everySeconds how far apart looks are
 * @param stride which looks are shown: every so many, and the newest
 * @param at ends of the looks' windows
 * @param exposures when the flag system confirmed which exposure
 */
public record CourseView(
    String rollout,
    long version,
    double everySeconds,
    long stride,
    List<Instant> at,
    List<LineView> checks,
    List<ExposureAt> exposures) {

  /** One check: numbers in its own unit and on its own scale, null where nothing was known. */
  public record LineView(
      String id,
      List<Optional<String>> verdict,
      List<OptionalDouble> estimate,
      List<OptionalDouble> intervalLow,
      List<OptionalDouble> intervalHigh,
      List<OptionalDouble> canary,
      List<OptionalDouble> baseline) {}

  /**
   * @param percent of users on the canary from then on
   */
  public record ExposureAt(Instant at, double percent) {}

  public static CourseView of(
      String rollout,
      long version,
      double everySeconds,
      Thinned looks,
      List<ExposureAt> exposures) {
    List<Glimpse> all = looks.all();
    Set<String> ids = new LinkedHashSet<>();
    all.reversed().forEach(g -> ids.addAll(g.points().keySet()));
    return new CourseView(
        rollout,
        version,
        everySeconds,
        looks.stride(),
        all.stream().map(Glimpse::at).toList(),
        ids.stream().map(id -> line(id, all)).toList(),
        exposures);
  }

  private static LineView line(String id, List<Glimpse> looks) {
    List<Optional<Point>> points =
        looks.stream().map(g -> Optional.ofNullable(g.points().get(id))).toList();
    return new LineView(
        id,
        points.stream().map(p -> p.map(Point::verdict)).toList(),
        column(points, Point::estimate),
        column(points, Point::intervalLow),
        column(points, Point::intervalHigh),
        column(points, Point::canary),
        column(points, Point::baseline));
  }

  private static List<OptionalDouble> column(
      List<Optional<Point>> points, Function<Point, OptionalDouble> number) {
    List<OptionalDouble> column = new ArrayList<>();
    for (Optional<Point> point : points) {
      OptionalDouble value = point.map(number).orElse(OptionalDouble.empty());
      column.add(value.isPresent() ? OptionalDouble.of(sixDigits(value.getAsDouble())) : value);
    }
    return column;
  }

  private static double sixDigits(double number) {
    return new BigDecimal(number).round(new MathContext(6)).doubleValue();
  }
}
