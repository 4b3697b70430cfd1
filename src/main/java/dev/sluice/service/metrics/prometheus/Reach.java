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
 * @param lookback read together with the window: holds the last sample before it even when one
 *     scrape was missed
 * @param far read only for series that have no sample in the lookback: bridges outages
 * @param slice longest stretch for one query; longer windows are asked for in pieces, so that an
 *     answer stays small
 * @param apart two samples of different targets that are further apart than this were not the first
 *     round of scrapes of a metrics system that has just started
 */
record Reach(Duration lookback, Duration far, Duration slice, Duration apart) {
  private static final Duration LEAST_FAR = Duration.ofHours(1);

  static Reach of(Duration scrapeInterval) {
    Duration far = scrapeInterval.multipliedBy(20);
    return new Reach(
        scrapeInterval.multipliedBy(5).dividedBy(2),
        far.compareTo(LEAST_FAR) > 0 ? far : LEAST_FAR,
        scrapeInterval.multipliedBy(60),
        scrapeInterval.multipliedBy(3).dividedBy(2));
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
