package dev.sluice.service.metrics.prometheus;

import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.Labels.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a series counts from that has no sample before its first one in the window.
 *
 * <p>A labelled error counter appears with its first error, at 1 and not at 0. PromQL's {@code
 * increase()} sees no increase there; with fresh canary pods that hides exactly the errors that
 * matter. On the other hand a counter that merely was not seen before (the metrics system was down,
 * the target was only now added to it) brings a history along that did not happen in this window.
 * The rules, first match wins; t is the time of the first sample:
 *
 * <ol>
 *   <li>A sample further back, up to {@link Reach#far}: the increase is taken from there. (Done
 *       before this class is asked.)
 *   <li>The target had been scraped before t without this series, as another series of the same
 *       cohort and target, or its {@code up} or {@code process_start_time_seconds}, shows: the
 *       series was created later and counts from zero.
 *   <li>The target's process says when it started: it counts from zero if that was within the window
 *       or shortly before it; else its history is not counted.
 *   <li>The same target was scraped before t under other labels: it was relabelled, its history is
 *       not counted.
 *   <li>Anything else was scraped before t, by more than a round of scrapes: the metrics system was
 *       up, so the target is new and counts from zero.
 *   <li>Otherwise the metrics system itself begins here, and nothing can be said: the first sample
 *       is where counting starts.
 * </ol>
 *
 * <p>Errs in two ways, both for one window and for events and exposure alike. A process that ran
 * unobserved for longer than {@link Reach#far} and does not tell its start time counts its whole
 * history at once (rule 5). A service whose cohorts both appear together with the metrics system,
 * without start times, loses what happened before their first scrape (rule 6).
 */
final class Births {
  /**
   * A process is scraped some time after it starts: discovery, start-up, readiness. What it has
   * counted until then is its beginning.
   */
  static final Duration YOUNG = Duration.ofMinutes(5);

  static final String UP = "up";
  static final String STARTED = "process_start_time_seconds";

  private final Reach reach;
  private final Map<Target, Long> cohort = new HashMap<>();
  private final Map<Target, List<Series>> told;
  private final long anything;

  /**
   * @param cohort all tracks of the same cohort and time
   * @param everything all tracks of the look
   * @param told what the targets themselves say: series of {@link #UP} and {@link #STARTED}
   */
  Births(
      Reach reach,
      Collection<Track> cohort,
      Collection<Track> everything,
      Map<Target, List<Series>> told) {
    this.reach = reach;
    this.told = told;
    for (Track track : cohort) {
      this.cohort.merge(track.target(), track.seen(), Math::min);
    }
    anything = everything.stream().mapToLong(Track::seen).min().orElse(Long.MAX_VALUE);
  }

  /** What a series counts from. */
  sealed interface Start {
    record From(double value) implements Start {}

    /** From its own first sample. */
    record FirstSample() implements Start {}
  }

  /** Whether the targets themselves have to be asked. */
  boolean open(Track track) {
    return track.newcomer() && track.target().known() && !seenBefore(track);
  }

  /**
   * @param from start of the window, in milliseconds
   */
  Start start(Track track, long from) {
    if (!track.newcomer()) {
      return track.before().isPresent()
          ? new Start.From(track.before().getAsDouble())
          : new Start.FirstSample();
    }
    return fromZero(track, from) ? new Start.From(0) : new Start.FirstSample();
  }

  private boolean fromZero(Track track, long from) {
    if (seenBefore(track)) {
      return true;
    }
    boolean elsewhere = false;
    for (Series series : told.getOrDefault(track.target(), List.of())) {
      boolean about = Labels.about(series.labels(), track.labels());
      boolean before = scrapedBefore(series, track.first());
      if (about && before) {
        return true;
      }
      elsewhere |= before;
    }
    for (Series series : told.getOrDefault(track.target(), List.of())) {
      if (startTime(series) && Labels.about(series.labels(), track.labels())) {
        double started = firstAtOrAfter(series.points(), track.first());
        if (Double.isFinite(started)) {
          return started * 1000 >= from - YOUNG.toMillis();
        }
      }
    }
    return !elsewhere && anything <= track.first() - reach.apart().toMillis();
  }

  private boolean seenBefore(Track track) {
    return cohort.getOrDefault(track.target(), Long.MAX_VALUE) < track.first();
  }

  private static boolean startTime(Series series) {
    return STARTED.equals(series.labels().get(Answer.NAME));
  }

  /** A scrape that failed ({@code up} is 0) has shown nothing of the target. */
  private static boolean scrapedBefore(Series series, long time) {
    Points points = series.points();
    for (int i = 0; i < points.size() && points.time(i) < time; i++) {
      if (startTime(series) || points.value(i) == 1) {
        return true;
      }
    }
    return false;
  }

  private static double firstAtOrAfter(Points points, long time) {
    for (int i = 0; i < points.size(); i++) {
      if (points.time(i) >= time) {
        return points.value(i);
      }
    }
    return Double.NaN;
  }
}
