package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.metrics.prometheus.Gains.Gain;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One counter of one cohort over the whole window, in as many slices as that takes. */
final class CounterReading {
  private final Cohort cohort;
  private final Selector selector;
  private final Reach reach;
  private final List<CounterSlice> slices;
  private final List<Exchange> diagnosis = new ArrayList<>();
  private boolean knownOnce;

  CounterReading(
      Cohort cohort,
      Selector selector,
      Window window,
      Reach reach,
      Optional<Metric.Unit> nativeUnit) {
    this.cohort = cohort;
    this.selector = selector;
    this.reach = reach;
    this.slices =
        reach.slices(window, cohort.offset()).stream()
            .map(s -> new CounterSlice(selector, s, reach, nativeUnit))
            .toList();
  }

  Cohort cohort() {
    return cohort;
  }

  Selector selector() {
    return selector;
  }

  List<CounterSlice> slices() {
    return slices;
  }

  /** Where the window begins for this cohort. */
  long from() {
    return slices.getFirst().window().from().toEpochMilli();
  }

  List<Exchange> exchanges() {
    List<Exchange> all = new ArrayList<>();
    slices.forEach(s -> all.addAll(s.exchanges()));
    all.addAll(diagnosis);
    return all;
  }

  /** Whether it was answered, and nothing matched. */
  boolean nothing() {
    return trouble().isEmpty() && slices.stream().allMatch(s -> s.tracks().isEmpty());
  }

  Future<?> fetch(Asker asker) {
    return Future.all(slices.stream().map(s -> s.fetch(asker)).toList());
  }

  /** Nothing matched: were there ever any such series? */
  Future<Void> diagnose(Asker asker) {
    CounterSlice last = slices.get(slices.size() - 1);
    Query query = new Query(selector.last(reach.far()), last.window().to());
    return asker
        .ask(query)
        .map(
            reply -> {
              diagnosis.add(new Exchange(query, reply));
              knownOnce = reply instanceof Reply.Answered a && !a.answer().series().isEmpty();
              return null;
            });
  }

  private Optional<Trouble> trouble() {
    return slices.stream().flatMap(s -> s.trouble().stream()).findFirst();
  }

  /** The increases, slice by slice; or why there are none. */
  Got<List<Gain>> gains(Function<CounterSlice, List<Gain>> ofSlice) {
    Optional<Trouble> missing = missing();
    if (missing.isPresent()) {
      return new Got.Missing<>(missing.get());
    }
    return new Got.Ok<>(slices.stream().flatMap(s -> ofSlice.apply(s).stream()).toList());
  }

  /**
   * Increases of events that need not have happened: no series, or none that still lives, is zero.
   */
  Got<List<Gain>> gainsOrNone(Function<CounterSlice, List<Gain>> ofSlice) {
    return switch (gains(ofSlice)) {
      case Got.Ok<List<Gain>> ok -> ok;
      case Got.Missing<List<Gain>> m
          when m.trouble().why() == Absence.NO_SERIES || m.trouble().why() == Absence.STALE ->
          new Got.Ok<>(List.of());
      case Got.Missing<List<Gain>> m -> m;
    };
  }

  private Optional<Trouble> missing() {
    List<Track> tracks = slices.stream().flatMap(s -> s.tracks().stream()).toList();
    if (trouble().isPresent()) {
      return trouble();
    }
    if (tracks.isEmpty()) {
      return Optional.of(knownOnce ? stale() : noSeries());
    }
    if (tracks.stream().noneMatch(Track::usable)) {
      return Optional.of(
          trouble(
              Absence.NOT_A_NUMBER,
              "has "
                  + shown()
                  + " without a number in any sample. A counter always has one: look at what"
                  + " exports it."));
    }
    if (tracks.stream().noneMatch(Track::fresh)) {
      return Optional.of(stale());
    }
    return tracks.stream()
        .filter(Track::negative)
        .findFirst()
        .map(
            t ->
                trouble(
                    Absence.BAD_QUERY,
                    "has a negative "
                        + Trouble.shown(Labels.shown(t.labels()))
                        + ", so it is not a counter. Use a metric of type value for it."));
  }

  private Trouble noSeries() {
    return trouble(Absence.NO_SERIES, "matches no series: " + shown() + ".");
  }

  private Trouble stale() {
    return trouble(
        Absence.STALE,
        "has no sample of "
            + shown()
            + " in this window, though it had some before. Is it still running and scraped?");
  }

  /** The counter is there and did not move. */
  Trouble still() {
    return trouble(
        Absence.NO_TRAFFIC, "had no traffic in this window: " + shown() + " did not increase.");
  }

  private Trouble trouble(Absence why, String what) {
    return new Trouble(why, "The " + cohort.name() + " cohort " + what);
  }

  private String shown() {
    return Trouble.shown(selector.text());
  }
}
