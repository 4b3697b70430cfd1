package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.AnalysisView.PointView;
import dev.sluice.service.http.view.CheckView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The checks of the latest look, the most urgent first: a tile for each. */
final class Tiles {
  private final List<CheckView> checks;
  private final Map<String, List<PointView>> courses;
  private final Optional<Instant> dataTo;
  private final Instant now;

  /**
   * @param courses how each check went, by its id
   * @param dataTo where the data ends
   */
  Tiles(
      List<CheckView> checks,
      Map<String, List<PointView>> courses,
      Optional<Instant> dataTo,
      Instant now) {
    this.checks = checks;
    this.courses = courses;
    this.dataTo = dataTo;
    this.now = now;
  }

  Tag section() {
    Tag section = Tag.of("section").with("id", "metrics").add(Tag.of("h2").text("Metrics"));
    if (checks.isEmpty()) {
      return section.add(Tag.of("p", "muted").text("No look was taken yet."));
    }
    Tag grid = Tag.of("div", "tiles");
    checks.stream()
        .sorted(CheckView.BY_URGENCY)
        .map(c -> new Tile(c, courses.getOrDefault(c.id(), List.of()), dataTo, now).article())
        .forEach(grid::add);
    return section.add(legend()).add(grid);
  }

  private Tag legend() {
    Tag legend =
        Tag.of("p", "small")
            .text(
                "The most urgent first. Band: where the true effect lies. Dashed: the edge of what"
                    + " is accepted.");
    dataTo.ifPresent(to -> legend.text(" The data ends ").add(Page.relative(to, now)).text("."));
    return legend;
  }
}
