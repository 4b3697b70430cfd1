package dev.sluice.service.metrics.prometheus;

import java.util.Collection;

/**
 * Whether the metrics system was up before a window began, as far as the counters of a look show.
 *
 * @param earliest time of the earliest sample around the window, of any series
 * @param longAgo whether any series has a sample before that, within {@link Reach#far}
 */
record Watch(long earliest, boolean longAgo) {
  static Watch of(Collection<CounterSlice> slices) {
    return new Watch(
        slices.stream()
            .flatMap(s -> s.tracks().stream())
            .mapToLong(Track::seen)
            .filter(seen -> seen != Track.LONG_AGO)
            .min()
            .orElse(Long.MAX_VALUE),
        slices.stream().anyMatch(CounterSlice::knownLongAgo));
  }

  /** Whether something had been scraped a whole round before this series appeared. */
  boolean before(Track track, Reach reach) {
    return earliest <= track.first() - reach.round().toMillis();
  }
}
