package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Counts;
import dev.sluice.gates.look.ByPod;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.service.metrics.prometheus.Gains.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The same increases once more, pod by pod and interval by interval, from series that are there
 * anyway: no further query.
 *
 * <p>The pod is the label the plan names for the cohort; without a word of the plan {@code pod},
 * else {@code instance}. Every series that moved must have it: a cohort of which only a part can be
 * told apart is not told apart at all, since what is missing would look like noise.
 */
final class PodSplit {
  private static final List<String> USUAL = List.of("pod", "instance");

  /** Nobody reads more out of a history; keeps a slip in a plan from filling the memory. */
  private static final int MOST_INTERVALS = 2000;

  private final List<Part> events;
  private final List<Part> units;
  private final Optional<String> label;

  private PodSplit(Wanted.Events counted, Question question) {
    long grain = question.grain().toMillis();
    this.events = parts(counted.events(), grain);
    this.units = parts(counted.units(), grain);
    this.label = label(counted.units().cohort());
  }

  /**
   * The baseline pod by pod, one for each interval; empty where its pods cannot be told apart, or
   * the metric is none that is counted.
   */
  static Optional<List<ByPod>> of(Wanted baseline, Wanted canary, Question question) {
    long intervals = question.window().length().toMillis() / question.grain().toMillis();
    if (!(baseline instanceof Wanted.Events counted)
        || intervals < 1
        || intervals > MOST_INTERVALS) {
      return Optional.empty();
    }
    PodSplit split = new PodSplit(counted, question);
    return split.label.map(
        label -> split.intervals(label, (int) intervals, canaryPods(canary, question)));
  }

  private static int canaryPods(Wanted canary, Question question) {
    if (!(canary instanceof Wanted.Events counted)) {
      return 1;
    }
    PodSplit split = new PodSplit(counted, question);
    return split.label.map(l -> Math.max(1, split.names(l).size())).orElse(1);
  }

  private static List<Part> parts(CounterReading reading, long grain) {
    return switch (reading.gainsOrNone(s -> List.of())) {
      case Got.Missing<?> m -> List.of();
      case Got.Ok<?> ok ->
          reading.slices().stream()
              .flatMap(s -> Gains.parts(s.begun(), reading.from(), grain).stream())
              .toList();
    };
  }

  private Optional<String> label(Cohort cohort) {
    List<Part> all = new ArrayList<>(units);
    all.addAll(events);
    return cohort.podLabel().map(List::of).orElse(USUAL).stream()
        .filter(l -> !all.isEmpty() && all.stream().allMatch(p -> p.labels().containsKey(l)))
        .findFirst();
  }

  private static String pod(Part part, String label) {
    return part.labels().getOrDefault(label, "");
  }

  private Set<String> names(String label) {
    Set<String> names = new TreeSet<>();
    units.forEach(p -> names.add(pod(p, label)));
    events.forEach(p -> names.add(pod(p, label)));
    return names;
  }

  private List<ByPod> intervals(String label, int intervals, int canaryPods) {
    boolean grouped = names(label).size() > ByPod.MOST;
    List<Map<String, Double>> happened = amounts(events, label, intervals, grouped);
    List<Map<String, Double>> exposed = amounts(units, label, intervals, grouped);
    List<Set<String>> pods = pods(label, intervals);
    List<ByPod> all = new ArrayList<>(intervals);
    for (int i = 0; i < intervals; i++) {
      TreeMap<String, Counts> baseline = new TreeMap<>();
      Set<String> names = new HashSet<>(exposed.get(i).keySet());
      names.addAll(happened.get(i).keySet());
      for (String name : names) {
        baseline.put(
            name,
            new Counts(
                atLeastNone(happened.get(i).getOrDefault(name, 0.0)),
                atLeastNone(exposed.get(i).getOrDefault(name, 0.0))));
      }
      all.add(new ByPod(baseline, Math.max(pods.get(i).size(), baseline.size()), canaryPods));
    }
    return all;
  }

  /** Sums of fractions may end a hair below zero. */
  private static double atLeastNone(double amount) {
    return Math.max(0, amount);
  }

  private List<Set<String>> pods(String label, int intervals) {
    List<Set<String>> pods = new ArrayList<>();
    for (int i = 0; i < intervals; i++) {
      pods.add(new HashSet<>());
    }
    units.stream()
        .filter(p -> p.interval() < intervals)
        .forEach(p -> pods.get(p.interval()).add(pod(p, label)));
    return pods;
  }

  private List<Map<String, Double>> amounts(
      List<Part> parts, String label, int intervals, boolean grouped) {
    List<Map<String, Double>> amounts = new ArrayList<>();
    for (int i = 0; i < intervals; i++) {
      amounts.add(new HashMap<>());
    }
    // In the order of their size, so that fractions add up alike in whatever order series come.
    parts.stream()
        .filter(p -> p.interval() < intervals)
        .sorted(Comparator.comparingDouble(Part::amount))
        .forEach(
            p ->
                amounts
                    .get(p.interval())
                    .merge(
                        grouped ? group(pod(p, label)) : pod(p, label), p.amount(), Double::sum));
    return amounts;
  }

  private static String group(String pod) {
    return "group " + Math.floorMod(pod.hashCode(), ByPod.MOST);
  }
}
