package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.look.Remark;
import dev.sluice.service.metrics.prometheus.Gains.Begun;
import dev.sluice.service.metrics.prometheus.Labels.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is odd about the counters of one cohort in one window. None of it makes them unusable. */
final class Oddities {
  private final String cohort;
  private final Reach reach;
  private final Set<Target> targets = new HashSet<>();
  private final Set<Target> restarted = new HashSet<>();
  private final Map<Target, Long> gaps = new HashMap<>();

  /**
   * @param counters of the cohort; only such as never fall by themselves
   */
  Oddities(String cohort, Stream<CounterReading> counters, Reach reach) {
    this.cohort = cohort;
    this.reach = reach;
    counters.flatMap(c -> c.slices().stream()).flatMap(s -> s.begun().stream()).forEach(this::add);
  }

  private void add(Begun begun) {
    Track track = begun.track();
    targets.add(track.target());
    if (Gains.beganAnew(begun)) {
      restarted.add(track.target());
    }
    if (track.gap() > reach.round().toMillis()) {
      gaps.merge(track.target(), track.gap(), Math::max);
    }
  }

  List<Remark> remarks() {
    return Stream.of(restarts(), missed()).flatMap(Optional::stream).toList();
  }

  private Optional<Remark> restarts() {
    return restarted.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Remark.ofCohort(
                Remark.Kind.RESTARTS,
                "Counters of "
                    + some(restarted.size())
                    + " began anew in this look, as after a restart. What was counted between the"
                    + " last scrape and that is not seen."));
  }

  private Optional<Remark> missed() {
    return gaps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Remark.ofCohort(
                Remark.Kind.GAPS,
                "Counters of "
                    + some(gaps.size())
                    + " have no sample for up to "
                    + Duration.ofMillis(
                            gaps.values().stream().mapToLong(g -> g).max().orElseThrow())
                        .toSeconds()
                    + " s in or just before this look. Nothing is lost, but it may be counted in a"
                    + " later look than it happened. Are scrapes missed, or is scrapeInterval in"
                    + " the server configuration shorter than the real one?"));
  }

  /** "1 of 3 targets of the canary cohort". */
  private String some(int count) {
    return targets.size() == 1
        ? "the only target of the " + cohort + " cohort"
        : count + " of " + targets.size() + " targets of the " + cohort + " cohort";
  }
}
