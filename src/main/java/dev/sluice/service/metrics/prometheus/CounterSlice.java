package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.Gains.Begun;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The samples of one counter around one stretch of time, fetched in up to two rounds: everything
 * within the lookback, then, only if some series begins inside, the last samples further back.
 */
final class CounterSlice {
  private final Selector selector;
  private final Window window;
  private final Reach reach;
  private final Optional<Metric.Unit> nativeUnit;
  private final List<Exchange> exchanges = new ArrayList<>();
  private Optional<Trouble> trouble = Optional.empty();
  private Optional<NativeGrid> grid = Optional.empty();
  private List<Track> tracks = List.of();
  private boolean knownLongAgo;
  private List<Begun> begun = List.of();

  /**
   * @param nativeUnit present when the selector names native histograms
   */
  CounterSlice(Selector selector, Window window, Reach reach, Optional<Metric.Unit> nativeUnit) {
    this.selector = selector;
    this.window = window;
    this.reach = reach;
    this.nativeUnit = nativeUnit;
  }

  Window window() {
    return window;
  }

  List<Track> tracks() {
    return tracks;
  }

  List<Exchange> exchanges() {
    return exchanges;
  }

  Optional<Trouble> trouble() {
    return trouble;
  }

  /** The range that is read in one go. */
  static Query raw(Selector selector, Window window, Reach reach) {
    return new Query(selector.samples(window.length().plus(reach.lookback())), window.to());
  }

  Future<Void> fetch(Asker asker) {
    Query query = raw(selector, window, reach);
    return asker
        .ask(query)
        .map(
            reply -> {
              tracks =
                  series(query, reply, Answer.Type.MATRIX).stream()
                      .map(s -> Track.of(s, window, reach.lookback()))
                      .filter(t -> t.usable() || t.unusable() > 0)
                      .toList();
              return null;
            });
  }

  boolean hasNewcomers() {
    return tracks.stream().anyMatch(Track::newcomer);
  }

  /** Whether any of its series had a sample before the lookback; only once that was asked. */
  boolean knownLongAgo() {
    return knownLongAgo;
  }

  /** Looks further back. */
  Future<Void> fetchEarlier(Asker asker) {
    Query query = new Query(selector.last(reach.far()), window.from().minus(reach.lookback()));
    return asker
        .ask(query)
        .map(
            reply -> {
              earlier(series(query, reply, Answer.Type.VECTOR));
              return null;
            });
  }

  private void earlier(List<Series> last) {
    Map<Map<String, String>, Double> values = new HashMap<>();
    for (Series series : last) {
      if (!series.points().isEmpty() && Double.isFinite(series.points().value(0))) {
        // Some systems drop the name when a function is applied; the selector fixes it anyway.
        values.put(Labels.nameless(series.labels()), series.points().value(0));
      }
    }
    knownLongAgo = !values.isEmpty();
    tracks =
        tracks.stream()
            .map(
                track -> {
                  Double before = values.get(Labels.nameless(track.labels()));
                  return track.newcomer() && before != null
                      ? track.after(before, reach.lookback())
                      : track;
                })
            .toList();
  }

  /** Keeps the exchange as evidence; what is not an answer is kept as trouble and gives nothing. */
  private List<Series> series(Query query, Reply reply, Answer.Type type) {
    exchanges.add(new Exchange(query, reply));
    switch (reply) {
      case Reply.Failed failed -> trouble = Optional.of(failed.trouble());
      case Reply.Answered answered when answered.answer().type() != type ->
          trouble = Optional.of(wrongType(query, answered.answer().type()));
      case Reply.Answered answered -> {
        return laidOut(answered.answer().series());
      }
    }
    return List.of();
  }

  private static Trouble wrongType(Query query, Answer.Type type) {
    return new Trouble(
        Absence.MALFORMED,
        query.promql()
            + " was answered with a "
            + type.name().toLowerCase(Locale.ROOT)
            + ", which no Prometheus does. Check what lies between.");
  }

  private List<Series> laidOut(List<Series> series) {
    if (nativeUnit.isEmpty()) {
      return series;
    }
    if (grid.isEmpty()) {
      grid = Optional.of(NativeGrid.of(series, nativeUnit.get()));
    }
    NativeGrid edges = grid.get();
    return series.stream()
        .filter(s -> !s.histograms().isEmpty())
        .flatMap(s -> edges.classic(s).stream())
        .toList();
  }

  /** Decides what each series counts from. */
  void begin(Births births) {
    begun =
        tracks.stream()
            .filter(Track::usable)
            .map(t -> new Begun(t, births.start(t, window.from().toEpochMilli())))
            .toList();
  }

  List<Begun> begun() {
    return begun;
  }

  /** What the targets said belongs to the evidence of every counter that needed it. */
  void witnessed(Exchange exchange) {
    exchanges.add(exchange);
  }

  void fail(Trouble why) {
    trouble = Optional.of(trouble.orElse(why));
  }
}
