package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.look.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * How far around a window is read; everything follows from the distance of two scrapes.
 *
 * @param lookback read together with the window: holds the last sample before it even when two
 *     scrapes in a row were missed
 * @param far read only for series that have no sample in the lookback: bridges outages
 * @param slice longest stretch for one query; longer windows are asked for in pieces, so that an
 *     answer stays small
 * @param round whoever was scraped by a running metrics system has a sample at least this young.
 *     One scrape shorter than the lookback: a whole round before any sample of a window is visible
 */
record Reach(Duration lookback, Duration far, Duration slice, Duration round) {
  private static final Duration LEAST_FAR = Duration.ofHours(1);

  static Reach of(Duration scrapeInterval) {
    Duration far = scrapeInterval.multipliedBy(20);
    return new Reach(
        scrapeInterval.multipliedBy(7).dividedBy(2),
        far.compareTo(LEAST_FAR) > 0 ? far : LEAST_FAR,
        scrapeInterval.multipliedBy(60),
        scrapeInterval.multipliedBy(5).dividedBy(2));
  }

  /**
   * The window as a cohort sees it, in pieces. Samples have times in milliseconds; cutting the
   * borders to that leaves adjacent windows adjacent.
   */
  List<Window> slices(Window window, Duration offset) {
    Instant from = window.from().minus(offset).truncatedTo(ChronoUnit.MILLIS);
    Instant to = window.to().minus(offset).truncatedTo(ChronoUnit.MILLIS);
    List<Window> slices = new ArrayList<>();
    while (Duration.between(from, to).compareTo(slice) > 0) {
      slices.add(new Window(from, from.plus(slice)));
      from = from.plus(slice);
    }
    if (to.isAfter(from)) {
      slices.add(new Window(from, to));
    }
    return slices;
  }
}
