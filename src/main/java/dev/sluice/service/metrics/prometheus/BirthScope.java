package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.gates.look.Window;
import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.Labels.Target;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All counters of one cohort in one stretch of time: what one of them shows of a target tells the
 * others whether their series are new. Asks the targets themselves where that is not enough.
 */
final class BirthScope {
  /** More names in one matcher than this, and the whole job is asked for. */
  private static final int NAMED_INSTANCES = 100;

  private final Window window;
  private final Reach reach;
  private final List<CounterSlice> slices = new ArrayList<>();
  private final Map<Target, List<Series>> told = new HashMap<>();

  BirthScope(Window window, Reach reach) {
    this.window = window;
    this.reach = reach;
  }

  void add(CounterSlice slice) {
    slices.add(slice);
  }

  private List<Track> tracks() {
    return slices.stream().flatMap(s -> s.tracks().stream()).toList();
  }

  List<CounterSlice> slices() {
    return slices;
  }

  /**
   * Whether some series may be new, and nothing here shows that the metrics system was up before.
   */
  boolean unsure(Watch watch) {
    Births births = new Births(reach, tracks(), watch, Map.of());
    return !watch.longAgo()
        && tracks().stream().anyMatch(t -> births.open(t) && !watch.before(t, reach));
  }

  /** Asks every target that would otherwise have to be taken for new. */
  Future<?> askTargets(Asker asker) {
    List<Track> tracks = tracks();
    Births births = new Births(reach, tracks, Watch.of(slices), Map.of());
    Map<String, Set<String>> open = new TreeMap<>();
    tracks.stream()
        .filter(births::open)
        .map(Track::target)
        .filter(Target::known)
        .forEach(t -> open.computeIfAbsent(t.job(), j -> new TreeSet<>()).add(t.instance()));
    return Future.all(
        open.entrySet().stream()
            .map(job -> askTargets(asker, births, job.getKey(), job.getValue()))
            .toList());
  }

  private Future<Void> askTargets(Asker asker, Births births, String job, Set<String> instances) {
    Duration range = window.length().plus(reach.lookback());
    Query query = new Query(selector(job, instances).samples(range), window.to());
    return asker
        .ask(query)
        .map(
            reply -> {
              List<CounterSlice> asking =
                  slices.stream()
                      .filter(s -> s.tracks().stream().anyMatch(t -> asks(births, t, job)))
                      .toList();
              asking.forEach(s -> s.witnessed(new Exchange(query, reply)));
              switch (reply) {
                case Reply.Answered a -> a.answer().series().forEach(this::keep);
                case Reply.Failed f when lasting(f.trouble()) -> {}
                case Reply.Failed f -> asking.forEach(s -> s.fail(f.trouble()));
              }
              return null;
            });
  }

  private static boolean asks(Births births, Track track, String job) {
    return births.open(track) && track.target().job().equals(job);
  }

  /**
   * Where such series may not be read at all, now or later, the rules go on without them; a failure
   * that passes must not decide what counts.
   */
  private static boolean lasting(Trouble trouble) {
    return trouble.why() == Absence.BAD_QUERY || trouble.why() == Absence.UNAUTHORIZED;
  }

  private static Selector selector(String job, Set<String> instances) {
    String named =
        instances.size() > NAMED_INSTANCES
            ? ""
            : ",instance=~"
                + QueryTemplate.quoted(
                    instances.stream().map(BirthScope::literally).collect(Collectors.joining("|")));
    return new Selector(
        "",
        "__name__=~\""
            + Births.UP
            + "|"
            + Births.STARTED
            + "\",job="
            + QueryTemplate.quoted(job)
            + named);
  }

  private static String literally(String text) {
    return Pattern.compile("[.+*?()|\\[\\]{}^$\\\\]").matcher(text).replaceAll("\\\\$0");
  }

  private void keep(Series series) {
    told.computeIfAbsent(Labels.target(series.labels()), t -> new ArrayList<>()).add(series);
  }

  /** Decides what every series counts from. */
  void begin(Watch watch) {
    Births births = new Births(reach, tracks(), watch, told);
    slices.forEach(s -> s.begin(births));
  }
}
