package dev.sluice.gates.look;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.JudgeSettings;
import dev.sluice.analyzer.Judgement;
import dev.sluice.analyzer.Look;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.NegativeControl;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Pods;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is known of the noise of counted metrics: the baseline's pods from look to look, and for
 * each metric a negative control, which holds a few of these pods against the rest.
 */
final class Noise {
  private static final String PODS = "pods:";
  private static final String CONTROL = "control:";

  /**
   * So many pods stand for the canary in the control; with few pods one, so that a rest is left.
   */
  private static final int FEW = 2;

  private static final int MANY_PODS = 6;
  private static final int LEAST_PODS = 3;

  private final JudgeSettings settings;
  private final Map<String, MetricTest.OfCounts> tests = new LinkedHashMap<>();
  private final Map<String, PodRoster> rosters = new LinkedHashMap<>();
  private final Map<String, NegativeControl> controls = new LinkedHashMap<>();

  Noise(Plan plan, JudgeSettings settings) {
    this.settings = settings;
    for (Metric metric : plan.metrics()) {
      if (Tests.againstBaseline(metric) instanceof MetricTest.OfCounts test) {
        tests.put(metric.id(), test);
        rosters.put(metric.id(), new PodRoster());
        controls.put(metric.id(), NegativeControl.start(test, settings));
      }
    }
  }

  /** Evidence of a time in which pods were not looked at has none of this, and starts now. */
  void load(Map<String, double[]> parts) {
    rosters.forEach((id, roster) -> roster.restore(parts.getOrDefault(PODS + id, new double[0])));
    controls.replaceAll(
        (id, fresh) ->
            Optional.ofNullable(parts.get(CONTROL + id))
                .map(p -> NegativeControl.restore(test(id), settings, p))
                .orElse(fresh));
  }

  void save(Map<String, double[]> parts) {
    rosters.forEach((id, roster) -> parts.put(PODS + id, roster.snapshot()));
    controls.forEach((id, control) -> parts.put(CONTROL + id, control.snapshot()));
  }

  private MetricTest.OfCounts test(String id) {
    return Optional.ofNullable(tests.get(id)).orElseThrow();
  }

  /** The baseline pod by pod, where the look can tell. */
  Map<String, Pods> pods(Map<String, Observed> observed, Observations observations) {
    Map<String, Pods> pods = new LinkedHashMap<>();
    rosters.forEach(
        (id, roster) -> {
          List<ByPod> seen = observations.pods().getOrDefault(id, List.of());
          if (seen.size() == 1 && observed.get(id) instanceof Observed.Seen s) {
            roster.seat(seen.getFirst(), s.canary().size()).ifPresent(p -> pods.put(id, p));
          }
        });
    return pods;
  }

  /** How much evidence noise alone has reached, for the metrics whose control has alarmed. */
  Map<String, Double> spurious() {
    Map<String, Double> spurious = new LinkedHashMap<>();
    controls.forEach(
        (id, control) -> {
          if (control.alarmed()) {
            spurious.put(id, control.largest());
          }
        });
    return spurious;
  }

  /** How the controls stand that have something to look at. */
  List<Footing.Control> controls() {
    return controls.entrySet().stream()
        .filter(e -> roster(e.getKey()).places() >= LEAST_PODS)
        .map(e -> Footing.Control.of(e.getKey(), e.getValue().alarmed(), e.getValue().largest()))
        .toList();
  }

  private PodRoster roster(String id) {
    return Optional.ofNullable(rosters.get(id)).orElseThrow();
  }

  /** Takes the look into the controls, with the dispersion that the judges reckoned with. */
  void control(Look look, Map<String, Pods> pods, Map<String, Judgement> judgements) {
    pods.forEach(
        (id, seen) ->
            judgements.values().stream()
                .map(j -> Optional.ofNullable(j.findings().get(id)))
                .flatMap(Optional::stream)
                .forEach(finding -> control(id, look, seen, finding)));
  }

  private void control(String id, Look look, Pods seen, Finding finding) {
    List<Counts> alive = seen.baseline().stream().filter(c -> c.exposure() > 0).toList();
    if (alive.size() < LEAST_PODS || !(finding instanceof Finding.Comparison c)) {
      return;
    }
    int few = alive.size() < MANY_PODS ? 1 : FEW;
    Optional.ofNullable(controls.get(id))
        .ifPresent(
            control ->
                control.look(
                    sum(alive, 0, few), sum(alive, few, alive.size()), look, c.dispersion()));
  }

  private static Counts sum(List<Counts> pods, int from, int to) {
    return new Counts(
        IntStream.range(from, to).mapToDouble(i -> pods.get(i).events()).sum(),
        IntStream.range(from, to).mapToDouble(i -> pods.get(i).exposure()).sum());
  }
}
