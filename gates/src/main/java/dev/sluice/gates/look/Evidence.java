package dev.sluice.gates.look;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.JudgeSettings;
import dev.sluice.analyzer.JudgedMetric;
import dev.sluice.analyzer.Judgement;
import dev.sluice.analyzer.Look;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Pods;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Everything a rollout has learned from its looks: the judges of its metrics. Not thread-safe;
 * deterministic; a restored one goes on bit for bit.
 */
public final class Evidence {
  /**
   * A canary at 1 % of little traffic has empty looks: they are thin, and only a run of them is an
   * absence.
   */
  static final long THIN_LOOKS = 10;

  private static final String JUDGE = "judge:";
  private static final String THRESHOLD = "threshold:";
  private static final String ABSENT = "absent:";
  private static final String STILL = "still:";
  private static final String TRAFFIC = "traffic";

  private final Plan plan;
  private final Map<String, Judge> judges = new LinkedHashMap<>();
  private final Map<String, Threshold> thresholds = new LinkedHashMap<>();
  private final Map<String, Long> absentLooks = new LinkedHashMap<>();
  private final Map<String, Stillness> stillness = new LinkedHashMap<>();
  private final Lessons lessons;
  private final Noise noise;
  private final TrafficWatch traffic;

  private Evidence(Plan plan, TrafficWatch traffic) {
    this.plan = plan;
    this.traffic = traffic;
    this.lessons = new Lessons(plan.metrics().stream().map(Metric::id).toList());
    this.noise = new Noise(plan, settings(plan));
    for (Metric metric : plan.metrics()) {
      absentLooks.put(metric.id(), 0L);
      stillness.put(metric.id(), new Stillness(metric));
      addThresholds(metric);
    }
  }

  public static Evidence start(Plan plan) {
    Evidence evidence = new Evidence(plan, TrafficWatch.start());
    Panel.of(plan)
        .forEach((name, tests) -> evidence.judges.put(name, Judge.start(settings(plan), tests)));
    return evidence;
  }

  /** Goes on where {@link #snapshot()} of the same plan was taken. */
  public static Evidence restore(Plan plan, Map<String, double[]> snapshot) {
    Evidence evidence = new Evidence(plan, TrafficWatch.restore(part(snapshot, TRAFFIC)));
    Map<String, List<JudgedMetric>> panels = Panel.of(plan);
    panels.forEach(
        (name, tests) ->
            evidence.judges.put(
                name, Judge.restore(settings(plan), tests, part(snapshot, JUDGE + name))));
    evidence.thresholds.forEach(
        (id, threshold) -> threshold.restore(part(snapshot, THRESHOLD + id)));
    evidence.noise.load(snapshot);
    evidence.lessons.load(snapshot);
    evidence.stillness.forEach(
        (id, s) -> s.restore(snapshot.getOrDefault(STILL + id, new double[0])));
    evidence.absentLooks.replaceAll((id, looks) -> (long) part(snapshot, ABSENT + id)[0]);
    return evidence;
  }

  private static double[] part(Map<String, double[]> snapshot, String name) {
    double[] numbers = snapshot.get(name);
    if (numbers == null) {
      throw new IllegalArgumentException(
          "the stored evidence lacks '"
              + name
              + "': it belongs to another plan or another version");
    }
    return numbers;
  }

  static JudgeSettings settings(Plan plan) {
    Duration whole =
        plan.steps().stream()
            .filter(s -> s.kind() != Step.Kind.RETAIN)
            .map(Step::atLeast)
            .reduce(Duration.ZERO, Duration::plus);
    Duration least = plan.source().every().multipliedBy(100);
    double horizon = (whole.compareTo(least) > 0 ? whole : least).toMillis() / 1000.0;
    return JudgeSettings.withDefaults()
        .with(plan.policy().falseAlarm(), plan.policy().falsePass(), horizon);
  }

  private void addThresholds(Metric metric) {
    Optional<Limit> limit = metric.common().limit();
    if (limit.isEmpty()) {
      return;
    }
    OptionalDouble max = limit.get().max();
    if (max.isPresent() && Tests.againstMax(metric).isEmpty()) {
      thresholds.put(
          metric.id() + Panel.MAX, new Threshold(max.getAsDouble(), true, limit.get().sustained()));
    }
    OptionalDouble min = limit.get().min();
    if (min.isPresent() && Tests.againstMin(metric).isEmpty()) {
      thresholds.put(
          metric.id() + Panel.MIN,
          new Threshold(min.getAsDouble(), false, limit.get().sustained()));
    }
  }

  /**
   * Takes in the answer to one of {@link Questions#ofHistory}, before the first look. What it lacks
   * is learned later, or done without.
   *
   * @param answer absent if there was none
   */
  public void learn(Question asked, Optional<Observations> answer) {
    for (Question.OfMetric of : asked.metrics()) {
      Metric metric = of.metric();
      lessons.add(
          answer
              .filter(a -> !a.sourceLost())
              .map(a -> new Learning(asked.window(), a, judge(metric)).learn(metric))
              .orElseGet(
                  () -> new Lesson.Nothing(metric.id(), asked.window(), Lesson.Why.NO_ANSWER)));
    }
  }

  /**
   * Judges one look.
   *
   * @param newStep whether it is the first look of the step since its exposure was applied
   * @param settled whether the step's exposure was in force for the whole window, so that the
   *     traffic split can be judged
   */
  public Assessment look(Step step, boolean newStep, boolean settled, Observations observations) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    for (String id : step.metrics()) {
      observed.put(id, observations.metrics().getOrDefault(id, notAsked(id)));
    }
    observed.forEach(this::count);
    observed.forEach((id, o) -> still(id).look(o));
    Look look = new Look(observations.window().length().toMillis() / 1000.0, newStep);
    Map<String, Pods> pods =
        step.baseline().isPresent() ? noise.pods(observed, observations) : Map.of();
    Map<String, Judgement> judgements = judge(step, look, observed, pods);
    noise.control(look, pods, judgements);
    thresholds.forEach(
        (id, t) ->
            t.look(
                observed.getOrDefault(metricId(id), notAsked(id)),
                observations.window().length(),
                newStep));
    List<Check> checks = new ArrayList<>();
    observed.forEach((id, o) -> checks.addAll(checks(step, plan.metric(id), o, judgements)));
    Optional<Judgement> guardrails = Optional.ofNullable(judgements.get(Panel.GUARDRAILS));
    return new Assessment(
        observations.window(),
        step.id(),
        checks,
        guardrails.map(Judgement::harm).orElse(false),
        guardrails.map(Judgement::logHarm).orElse(0.0),
        guardrails.map(Judgement::threshold).orElse(Math.log(1 / plan.policy().falseAlarm())),
        guardrails.map(Judgement::culprits).orElse(List.of()),
        TrafficWatch.share(observations.traffic()),
        settled ? traffic.look(step, newStep, observations.traffic()) : Optional.empty(),
        usable(checks),
        Optional.of(
                new Footing(
                    lessons.all(), noise.controls(), Optional.of(remarks(step, observations))))
            .filter(f -> !f.empty()));
  }

  /** Of the cohorts first, then of the step's metrics in their order. */
  private List<Remark> remarks(Step step, Observations observations) {
    return Stream.concat(
            observations.remarks().stream(),
            step.metrics().stream().flatMap(id -> still(id).remark().stream()))
        .toList();
  }

  private Stillness still(String metricId) {
    return Optional.ofNullable(stillness.get(metricId)).orElseThrow();
  }

  private static Observed notAsked(String id) {
    return new Observed.Absent(Absence.NO_SERIES, "'" + id + "' was not asked for in this look.");
  }

  private void count(String id, Observed observed) {
    absentLooks.merge(
        id, 0L, (looks, zero) -> observed instanceof Observed.Absent ? looks + 1 : 0L);
  }

  private Map<String, Judgement> judge(
      Step step, Look look, Map<String, Observed> observed, Map<String, Pods> pods) {
    Map<String, Map<String, Observed>> byPanel = new LinkedHashMap<>();
    observed.forEach(
        (id, o) -> {
          Metric metric = plan.metric(id);
          if (!judges.containsKey(Panel.name(metric))) {
            return;
          }
          Map<String, Observed> panel =
              byPanel.computeIfAbsent(Panel.name(metric), n -> new LinkedHashMap<>());
          if (step.baseline().isPresent() && Panel.comparable(metric)) {
            panel.put(id, o);
          }
          Tests.againstMax(metric).ifPresent(t -> panel.put(id + Panel.MAX, o));
          Tests.againstMin(metric).ifPresent(t -> panel.put(id + Panel.MIN, o));
        });
    Map<String, Judgement> judgements = new LinkedHashMap<>();
    Map<String, Double> spurious = noise.spurious();
    byPanel.forEach(
        (name, panel) -> judgements.put(name, judgeOf(name).look(look, panel, pods, spurious)));
    return judgements;
  }

  private Judge judge(Metric metric) {
    return judgeOf(Panel.name(metric));
  }

  private Judge judgeOf(String panel) {
    Judge judge = judges.get(panel);
    if (judge == null) {
      throw new IllegalStateException("no panel '" + panel + "' in plan " + plan.name());
    }
    return judge;
  }

  private static String metricId(String checkId) {
    return checkId.endsWith(Panel.MAX) || checkId.endsWith(Panel.MIN)
        ? checkId.substring(0, checkId.length() - Panel.MAX.length())
        : checkId;
  }

  private List<Check> checks(
      Step step, Metric metric, Observed observed, Map<String, Judgement> judgements) {
    Checks checks =
        new Checks(
            metric, observed, absentLooks.getOrDefault(metric.id(), 0L), plan.source().every());
    Optional<Judgement> judgement = Optional.ofNullable(judgements.get(Panel.name(metric)));
    if (step.baseline().isPresent()) {
      judgement.ifPresent(j -> checks.statistical(metric.id(), Check.Kind.BASELINE, j));
    }
    limit(metric, Panel.MAX, Check.Kind.MAX, judgement, observed, checks);
    limit(metric, Panel.MIN, Check.Kind.MIN, judgement, observed, checks);
    return checks.all();
  }

  private void limit(
      Metric metric,
      String suffix,
      Check.Kind kind,
      Optional<Judgement> judgement,
      Observed observed,
      Checks checks) {
    String id = metric.id() + suffix;
    Threshold threshold = thresholds.get(id);
    if (threshold != null) {
      Finding finding = threshold.finding(observed);
      checks.threshold(id, kind, threshold.broken(), finding);
    } else {
      judgement
          .filter(j -> j.findings().containsKey(id))
          .ifPresent(j -> checks.statistical(id, kind, j));
    }
  }

  /**
   * Time counts when no guardrail was without data, those excepted whose absence the plan ignores.
   */
  private boolean usable(List<Check> checks) {
    return checks.stream()
        .filter(c -> c.role() == Metric.Role.GUARDRAIL)
        .filter(c -> plan.metric(c.metricId()).common().onNoData() != Metric.OnNoData.IGNORE)
        .noneMatch(c -> c.verdict() == Verdict.NO_DATA);
  }

  public Map<String, double[]> snapshot() {
    Map<String, double[]> parts = new LinkedHashMap<>();
    judges.forEach((name, judge) -> parts.put(JUDGE + name, judge.snapshot()));
    thresholds.forEach((id, threshold) -> parts.put(THRESHOLD + id, threshold.snapshot()));
    absentLooks.forEach((id, looks) -> parts.put(ABSENT + id, new double[] {looks}));
    stillness.forEach((id, s) -> parts.put(STILL + id, s.snapshot()));
    noise.save(parts);
    lessons.save(parts);
    parts.put(TRAFFIC, traffic.snapshot());
    return parts;
  }
}
