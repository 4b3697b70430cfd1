package dev.sluice.service.explain;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Foresight;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Questions;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.metrics.MetricSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a metrics system for the traffic before a rollout: the same questions as a look's, of the
 * same cohorts, over an hour, and the history a rollout would learn from.
 */
public final class Measurement {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String EVERYBODY_ELSE = "old";

  private final Plan plan;
  private final MetricSource source;
  private final Window window;
  private final Instant at;

  /**
   * @param at end of the hour that is measured
   */
  public Measurement(Plan plan, MetricSource source, Instant at) {
    this.plan = plan;
    this.source = source;
    this.at = at;
    this.window = new Window(at.minus(HOUR), at);
  }

  /** What it shows; a failed future is a mistake of ours. */
  public Future<Measured> measure() {
    Optional<Step> compared =
        plan.steps().stream().filter(s -> s.baseline().isPresent()).findFirst();
    if (compared.isEmpty()) {
      return Future.succeededFuture(new Measured(window, Optional.empty(), Map.of()));
    }
    Cohort baseline = plan.cohort(compared.get().baseline().orElseThrow());
    Cohort rest = Optional.ofNullable(plan.cohorts().get(EVERYBODY_ELSE)).orElse(baseline);
    Future<Observations> ofBaseline = ask(baseline);
    Future<Observations> ofRest = rest.equals(baseline) ? ofBaseline : ask(rest);
    Future<Observations> ofCanary = ask(plan.cohort(compared.get().canary()));
    List<Future<Observations>> history =
        Questions.ofHistory(plan, at).stream().map(source::ask).toList();
    List<Future<?>> all = new ArrayList<>(history);
    all.addAll(List.of(ofBaseline, ofRest, ofCanary));
    return Future.all(all)
        .map(
            done ->
                measured(
                    baseline.name(),
                    ofBaseline.result(),
                    ofRest.result(),
                    ofCanary.result(),
                    history.stream().map(Future::result).toList(),
                    !rest.equals(baseline)));
  }

  private Future<Observations> ask(Cohort cohort) {
    List<Question.OfMetric> metrics =
        plan.metrics().stream()
            .filter(m -> !(m instanceof Metric.Pushed))
            .map(m -> new Question.OfMetric(m, cohort, Optional.empty()))
            .toList();
    return source.ask(new Question(plan.source().prometheus(), window, metrics, Optional.empty()));
  }

  private Measured measured(
      String name,
      Observations baseline,
      Observations rest,
      Observations canary,
      List<Observations> history,
      boolean controlled) {
    Map<String, Measured.OfMetric> metrics = new LinkedHashMap<>();
    for (Metric metric : plan.metrics()) {
      String id = metric.id();
      metrics.put(
          id,
          switch (seen(baseline, id)) {
            case Observed.Absent a -> new Measured.OfMetric.Absent(a.detail());
            case Observed.Seen s ->
                new Measured.OfMetric.Seen(
                    s.canary(),
                    size(seen(rest, id)) + size(seen(canary, id)),
                    controlled,
                    history.stream().flatMap(h -> Foresight.noise(h, id).stream()).findFirst());
          });
    }
    return new Measured(window, Optional.of(name), metrics);
  }

  private static Observed seen(Observations observations, String id) {
    return observations
        .metrics()
        .getOrDefault(
            id,
            new Observed.Absent(
                Absence.NOT_PUSHED, "It is pushed to Sluice: its traffic is not known before."));
  }

  private static double size(Observed observed) {
    return observed instanceof Observed.Seen s ? s.canary().size() : 0;
  }
}
