package dev.sluice.gates.look;

import dev.sluice.analyzer.JudgedMetric;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tests share an error budget.
 *
 * <p>All guardrails of a plan sit on one panel and spend {@code falseAlarm} together: that is the
 * promise on rollbacks. A signal or an observed metric cannot roll back and sits on a panel of its
 * own.
 */
final class Panel {
  static final String GUARDRAILS = "guardrails";
  static final String MAX = ".max";
  static final String MIN = ".min";

  private Panel() {}

  /** Panels by name, guardrails first; a panel without a test is left out. */
  static Map<String, List<JudgedMetric>> of(Plan plan) {
    Map<String, List<JudgedMetric>> panels = new LinkedHashMap<>();
    for (Metric metric : plan.metrics()) {
      List<JudgedMetric> tests = tests(plan, metric);
      if (!tests.isEmpty()) {
        panels.computeIfAbsent(name(metric), n -> new ArrayList<>()).addAll(tests);
      }
    }
    return panels;
  }

  private static List<JudgedMetric> tests(Plan plan, Metric metric) {
    List<JudgedMetric> tests = new ArrayList<>();
    if (comparable(metric)) {
      tests.add(
          new JudgedMetric(
              metric.id(), Tests.againstBaseline(metric), 1, concurrent(plan, metric.id())));
    }
    Tests.againstMax(metric).ifPresent(test -> tests.add(limit(metric, MAX, test)));
    Tests.againstMin(metric).ifPresent(test -> tests.add(limit(metric, MIN, test)));
    return tests;
  }

  /**
   * Whether the metric is held against a baseline here. Whoever pushes has done the comparing, and
   * one number that holds for many looks is not many readings: it is held against its limit alone.
   */
  static boolean comparable(Metric metric) {
    return !(metric instanceof Metric.Pushed);
  }

  static String name(Metric metric) {
    return switch (metric.role()) {
      case GUARDRAIL -> GUARDRAILS;
      case SIGNAL, OBSERVE -> metric.id();
    };
  }

  /** Whether every step compares this metric with a baseline of the canary's own time. */
  static boolean concurrent(Plan plan, String metricId) {
    return plan.steps().stream()
        .filter(s -> s.metrics().contains(metricId) && s.baseline().isPresent())
        .allMatch(
            s -> plan.cohort(s.canary()).offset().equals(plan.cohort(s.baseline().get()).offset()));
  }

  private static JudgedMetric limit(Metric metric, String suffix, MetricTest test) {
    return new JudgedMetric(metric.id() + suffix, test, 1);
  }
}
