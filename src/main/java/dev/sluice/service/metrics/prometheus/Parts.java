package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Metric;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes a question apart into what has to be read of each cohort. A counter that several metrics
 * need is one reading.
 */
final class Parts {
  private static final String EXPOSURE = "exposure";

  private final Question question;
  private final Reach reach;
  private final Voice voice;
  private final Map<CounterKey, CounterReading> counters = new HashMap<>();
  private final List<Part> metrics = new ArrayList<>();
  private final List<Part> exposure = new ArrayList<>();

  private record CounterKey(Cohort cohort, Selector selector) {}

  /**
   * One metric in one cohort.
   *
   * @param metricId "exposure" for the traffic
   */
  record Part(String metricId, Cohort cohort, Wanted wanted) {}

  private Parts(Question question, Reach reach, Voice voice) {
    this.question = question;
    this.reach = reach;
    this.voice = voice;
  }

  static Parts of(Question question, Reach reach, Voice voice) {
    Parts parts = new Parts(question, reach, voice);
    for (Question.OfMetric of : question.metrics()) {
      parts.add(of.metric(), of.canary());
      of.baseline().ifPresent(baseline -> parts.add(of.metric(), baseline));
    }
    question
        .exposure()
        .ifPresent(
            e -> {
              parts.add(e.rule(), e.canary());
              e.rest().ifPresent(rest -> parts.add(e.rule(), rest));
            });
    return parts;
  }

  Stream<Part> all() {
    return Stream.concat(metrics.stream(), exposure.stream());
  }

  Wanted metric(String id, Cohort cohort) {
    return of(metrics.stream().filter(p -> p.metricId().equals(id)), cohort);
  }

  Wanted exposure(Cohort cohort) {
    return of(exposure.stream(), cohort);
  }

  private static Wanted of(Stream<Part> parts, Cohort cohort) {
    return parts.filter(p -> p.cohort().equals(cohort)).findFirst().orElseThrow().wanted();
  }

  private void add(Metric metric, Cohort cohort) {
    Wanted wanted;
    try {
      wanted = wanted(metric, cohort);
    } catch (BadQuery e) {
      wanted = nothing("metric '" + metric.id() + "'", e);
    }
    metrics.add(new Part(metric.id(), cohort, wanted));
  }

  private void add(ExposureRule rule, Cohort cohort) {
    Wanted wanted;
    try {
      wanted = new Wanted.Total(counter(rule.counter(), cohort));
    } catch (BadQuery e) {
      wanted = nothing("the exposure", e);
    }
    exposure.add(new Part(EXPOSURE, cohort, wanted));
  }

  private static Wanted nothing(String where, BadQuery why) {
    return new Wanted.Nothing(
        new Trouble(
            Absence.BAD_QUERY,
            "The query of " + where + " cannot be sent: " + why.getMessage() + "."));
  }

  private Wanted wanted(Metric metric, Cohort cohort) throws BadQuery {
    return switch (metric) {
      case Metric.Ratio m ->
          new Wanted.Events(counter(m.bad(), cohort), counter(m.total(), cohort));
      case Metric.Rate m -> new Wanted.Events(counter(m.sum(), cohort), counter(m.per(), cohort));
      case Metric.Mean m -> new Wanted.Average(counter(m.sum(), cohort), counter(m.per(), cohort));
      case Metric.Quantile m -> distribution(m, cohort);
      case Metric.Value m -> scalar(m, cohort);
      case Metric.Pushed m ->
          new Wanted.Nothing(
              new Trouble(
                  Absence.NOT_PUSHED,
                  "Metric '"
                      + m.id()
                      + "' is pushed to Sluice; "
                      + voice.place()
                      + " does not have it."));
    };
  }

  private Wanted distribution(Metric.Quantile metric, Cohort cohort) throws BadQuery {
    Selector base = selector(metric.histogram(), cohort);
    return new Wanted.Distribution(
        counter(base.suffixed("_bucket"), cohort),
        new CounterReading(cohort, base, question.window(), reach, Optional.of(metric.unit())));
  }

  private Wanted scalar(Metric.Value metric, Cohort cohort) throws BadQuery {
    String promql = filled(metric.query(), cohort);
    return new Wanted.Scalar(
        new ScalarReading(
            cohort,
            new Query(
                promql,
                question.window().to().minus(cohort.offset()).truncatedTo(ChronoUnit.MILLIS))));
  }

  private CounterReading counter(String template, Cohort cohort) throws BadQuery {
    return counter(selector(template, cohort), cohort);
  }

  private CounterReading counter(Selector selector, Cohort cohort) {
    return counters.computeIfAbsent(
        new CounterKey(cohort, selector),
        k -> new CounterReading(cohort, selector, question.window(), reach, Optional.empty()));
  }

  private Selector selector(String template, Cohort cohort) throws BadQuery {
    return Selector.parse(filled(template, cohort));
  }

  private String filled(String template, Cohort cohort) throws BadQuery {
    return QueryTemplate.fill(template, cohort, question.window().length());
  }
}
