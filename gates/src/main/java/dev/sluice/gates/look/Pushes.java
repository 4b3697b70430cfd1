package dev.sluice.gates.look;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pushed observations of a rollout that looks may still need: of each source the latest that
 * has been judged, and everything newer. A look takes the newest one that was true before its
 * window ended, so that the same look taken late comes to the same verdict.
 *
 * @param kept by time; never more than {@link #MOST_KEPT}, the oldest go first
 * @param latest the highest sequence seen of each source
 */
public record Pushes(List<Observation> kept, Map<String, Long> latest) {
  /** More than a day of a push every ten minutes, while looks cannot be taken. */
  public static final int MOST_KEPT = 200;

  public static final Pushes NONE = new Pushes(List.of(), Map.of());

  private static final String ONLY_FIELD = "value";

  public Pushes {
    kept = List.copyOf(kept);
    latest = Map.copyOf(latest);
  }

  /** Who may push for this plan. */
  public static Set<String> sources(Plan plan) {
    return plan.metrics().stream()
        .filter(Metric.Pushed.class::isInstance)
        .map(m -> ((Metric.Pushed) m).from())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Those that are not repetitions, in order, with nothing but the fields the plan asks for. */
  public List<Observation> news(Plan plan, List<Observation> pushed) {
    Map<String, Long> seen = new HashMap<>(latest);
    List<Observation> news = new ArrayList<>();
    pushed.stream()
        .sorted(Comparator.comparing(Observation::source).thenComparingLong(Observation::sequence))
        .filter(o -> o.sequence() > seen.getOrDefault(o.source(), -1L))
        .forEach(
            o -> {
              seen.put(o.source(), o.sequence());
              news.add(asked(plan, o));
            });
    return news;
  }

  private static Observation asked(Plan plan, Observation o) {
    Map<String, Double> asked = new HashMap<>();
    for (Metric metric : plan.metrics()) {
      if (metric instanceof Metric.Pushed p && p.from().equals(o.source())) {
        Optional.ofNullable(o.values().get(field(p))).ifPresent(v -> asked.put(field(p), v));
      }
    }
    return new Observation(o.source(), o.sequence(), o.at(), o.validFor(), asked);
  }

  private static String field(Metric.Pushed metric) {
    return metric.field().orElse(ONLY_FIELD);
  }

  /** With these, which are news. */
  public Pushes with(List<Observation> news) {
    List<Observation> all = new ArrayList<>(kept);
    all.addAll(news);
    all.sort(Comparator.comparing(Observation::at));
    Map<String, Long> seen = new HashMap<>(latest);
    news.forEach(o -> seen.merge(o.source(), o.sequence(), Math::max));
    return new Pushes(all.subList(Math.max(0, all.size() - MOST_KEPT), all.size()), seen);
  }

  /** Without what no look after this instant will need. */
  public Pushes after(Instant judged) {
    List<Observation> needed =
        kept.stream()
            .filter(
                o -> o.at().isAfter(judged) || newest(o.source(), judged).equals(Optional.of(o)))
            .toList();
    return needed.size() == kept.size() ? this : new Pushes(needed, latest);
  }

  private Optional<Observation> newest(String source, Instant until) {
    return kept.stream()
        .filter(o -> o.source().equals(source) && !o.at().isAfter(until))
        .reduce((earlier, later) -> later);
  }

  /** The answers of the metrics system, with what was pushed beside them. */
  public Observations beside(Step step, Plan plan, Observations asked) {
    Map<String, Observed> metrics = new HashMap<>(asked.metrics());
    for (String id : step.metrics()) {
      if (plan.metric(id) instanceof Metric.Pushed p) {
        metrics.put(id, observed(p, asked.window().to()));
      }
    }
    return new Observations(
        asked.window(), metrics, asked.traffic(), asked.queries(), asked.pods(), asked.remarks());
  }

  private Observed observed(Metric.Pushed metric, Instant until) {
    Optional<Observation> newest = newest(metric.from(), until);
    if (newest.isEmpty()) {
      return absent("Nothing was pushed by " + metric.from() + " yet.");
    }
    Observation o = newest.get();
    if (!o.holdsAt(until)) {
      return absent(
          "The latest of "
              + metric.from()
              + " is of "
              + o.at()
              + " and was good for "
              + minutes(o.validFor())
              + ".");
    }
    Double value = o.values().get(field(metric));
    return value == null
        ? absent("What " + metric.from() + " pushed has no field '" + field(metric) + "'.")
        : new Observed.Seen(new Values(value), Optional.empty());
  }

  private static Observed absent(String detail) {
    return new Observed.Absent(Absence.NOT_PUSHED, detail);
  }

  private static String minutes(Duration duration) {
    return duration.toSeconds() % 60 == 0
        ? duration.toMinutes() + " min"
        : duration.toSeconds() + " s";
  }
}
