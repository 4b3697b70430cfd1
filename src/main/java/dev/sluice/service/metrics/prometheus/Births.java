package dev.sluice.service.metrics.prometheus;

import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.Labels.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

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
 *   <li>The target's process says when it started: it counts from zero if that was within the
 *       window or at most {@link #YOUNG} before it; after an outage of the metrics system, at most
 *       {@link Reach#far} before it. Otherwise its history is not counted.
 *   <li>The same target was scraped before t under other labels: it was relabelled, its history is
 *       not counted.
 *   <li>Anything else was scraped before t, by more than a {@link Reach#round}: the metrics system
 *       was up, so the target is new and counts from zero.
 *   <li>Otherwise the metrics system itself begins here, and nothing can be said: the first sample
 *       is where counting starts.
 * </ol>
 *
 * <p>Errs in three ways, each for one window and for events and exposure alike. A process that ran
 * unobserved, while others were seen, and does not tell its start time counts its whole history at
 * once (rule 5). One that does tell loses what it counted before its first scrape, if that came
 * later than {@link #YOUNG} after its start (rule 3). A service that appears together with the
 * metrics system, without start times, loses what happened before its first scrape (rule 6).
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
  private final Watch watch;

  /**
   * @param cohort all tracks of the same cohort and time
   * @param watch what all tracks of that time show of the metrics system itself
   * @param told what the targets themselves say: series of {@link #UP} and {@link #STARTED}
   */
  Births(Reach reach, Collection<Track> cohort, Watch watch, Map<Target, List<Series>> told) {
    this.reach = reach;
    this.told = told;
    this.watch = watch;
    for (Track track : cohort) {
      this.cohort.merge(track.target(), track.seen(), Math::min);
    }
  }

  /** What a series counts from. */
  sealed interface Start {
    record From(double value) implements Start {}

    /** From its own first sample. */
    record FirstSample() implements Start {}
  }

  /** Whether what the counters show does not tell if this series is new. */
  boolean open(Track track) {
    return track.newcomer() && !seenBefore(track);
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
    List<Series> word = told.getOrDefault(track.target(), List.of());
    List<Series> own = word.stream().filter(s -> Labels.about(s.labels(), track.labels())).toList();
    if (own.stream().anyMatch(s -> scrapedBefore(s, track.first()))) {
      return true;
    }
    OptionalDouble started = started(own, track.first());
    if (started.isPresent()) {
      return started.getAsDouble() * 1000 >= from - unobserved(track).toMillis();
    }
    boolean relabelled = word.stream().anyMatch(s -> scrapedBefore(s, track.first()));
    return !relabelled && (watch.longAgo() || watch.before(track, reach));
  }

  /** How long a new process may have run before anybody looked. */
  private Duration unobserved(Track track) {
    return watch.longAgo() && !watch.before(track, reach) ? reach.far() : YOUNG;
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

  /** What the process said of its start when the series appeared, in seconds since the epoch. */
  private static OptionalDouble started(List<Series> own, long time) {
    for (Series series : own) {
      Points points = series.points();
      for (int i = 0; startTime(series) && i < points.size(); i++) {
        if (points.time(i) >= time && Double.isFinite(points.value(i))) {
          return OptionalDouble.of(points.value(i));
        }
      }
    }
    return OptionalDouble.empty();
  }
}
