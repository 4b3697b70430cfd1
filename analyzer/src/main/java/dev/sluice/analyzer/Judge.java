package dev.sluice.analyzer;

import dev.sluice.analyzer.dispersion.DispersionProfile;
import dev.sluice.analyzer.evidence.Combination;
import dev.sluice.analyzer.evidence.Confirmation;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The judge of one rollout: keeps the evidence of all its metrics and spends one error budget over
 * them.
 *
 * <p><b>What it promises.</b> In a rollout in which no metric is worse than its harm margin, the
 * chance that {@link Judgement#harm} <em>ever</em> becomes true is at most {@code falseAlarm}: over
 * all looks, all metrics and all steps, however the looks are timed, whatever was decided in
 * between. In a step in which a metric is worse than its safe margin, the chance that it is ever
 * called safe is at most {@code falsePass}. What that rests on is the {@link Finding.Tier} beside
 * every number.
 *
 * <p><b>How.</b> Each metric has an e-process against "not worse than the margin" that runs through
 * the whole rollout. Their weighted mean is an e-process too; harm is called when it reaches {@code
 * 1 / falseAlarm} on several looks in a row, and is then sticky. Who is to blame is the closed test
 * of the same mean; where the evidence is only joint, the most evident metric is named, so that a
 * rollback never comes without a name. Safety is proven metric by metric, anew in each step, and
 * stands only while it holds: on several looks in a row, with enough behind it, and while the
 * metrics together do not lean half-way towards harm.
 *
 * <p><b>A look</b> that asks nothing of this judge changes nothing. A metric that is absent from a
 * look keeps its evidence; absence is neither harm nor safety.
 *
 * <p>Not thread-safe. Deterministic: the same looks in the same order give the same bits. The cost
 * of a look does not depend on how many came before.
 */
public final class Judge {
  private static final double VERSION = 3;

  private final JudgeSettings settings;
  private final List<JudgedMetric> metrics;
  private final Map<String, MetricJudge> judges = new LinkedHashMap<>();
  private final double[] weights;
  private final Confirmation harmful;
  private final List<Integer> named = new ArrayList<>();
  private Map<String, Double> discounts = Map.of();
  private boolean harm;
  private long looks;

  private Judge(JudgeSettings settings, List<JudgedMetric> metrics) {
    this.settings = settings;
    this.metrics = List.copyOf(metrics);
    this.harmful = new Confirmation(settings.confirm());
    this.weights = metrics.stream().mapToDouble(JudgedMetric::weight).toArray();
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("a judge needs at least one metric");
    }
    for (JudgedMetric metric : metrics) {
      if (judges.put(metric.id(), MetricJudge.of(metric, settings)) != null) {
        throw new IllegalArgumentException("metric '" + metric.id() + "' is there twice");
      }
    }
  }

  /**
   * @param metrics at least one, ids unique
   * @throws IllegalArgumentException if there is none, an id is there twice, or a relative margin
   *     is 1 or more where lower is worse
   */
  public static Judge start(JudgeSettings settings, List<JudgedMetric> metrics) {
    return new Judge(settings, metrics);
  }

  /** Grows whenever the same looks give other evidence than before, or other bits. */
  public static int version() {
    return (int) VERSION;
  }

  /**
   * A judge that goes on where another stopped.
   *
   * @param snapshot what {@link #snapshot()} returned for a judge with the same settings and
   *     metrics
   * @throws IllegalArgumentException if the snapshot does not fit the settings and metrics, or is
   *     of another version
   */
  public static Judge restore(
      JudgeSettings settings, List<JudgedMetric> metrics, double[] snapshot) {
    Judge judge = new Judge(settings, metrics);
    StateReader in = new StateReader(snapshot);
    double version = in.next();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the snapshot has version " + version + ", this judge reads version " + VERSION);
    }
    if (in.next() != Fingerprint.of(settings, metrics)) {
      throw new IllegalArgumentException(
          "the snapshot belongs to other settings or other metrics than "
              + metrics.stream().map(JudgedMetric::id).toList());
    }
    judge.load(in);
    in.end();
    return judge;
  }

  private void load(StateReader in) {
    looks = in.nextWhole(0, 1L << 52);
    harm = in.nextFlag();
    harmful.load(in);
    for (double index : in.nextCounted(metrics.size())) {
      named.add((int) Math.clamp(index, 0, metrics.size() - 1));
    }
    judges.values().forEach(j -> j.load(in));
  }

  /** Everything this judge knows, as numbers. The first one is the version of the format. */
  public double[] snapshot() {
    StateWriter out = new StateWriter();
    out.put(VERSION).put(Fingerprint.of(settings, metrics)).put(looks).put(harm);
    harmful.save(out);
    out.putCounted(named.stream().mapToDouble(Integer::doubleValue).toArray());
    judges.values().forEach(j -> j.save(out));
    return out.toArray();
  }

  /**
   * Gives a latency metric the baseline's histogram from before the rollout, so that it need not
   * spend its first looks on learning the shape. Ignored for other metrics, for empty histograms,
   * and once looks have been taken.
   *
   * @throws IllegalArgumentException if there is no such metric, or a latency metric is given
   *     anything but {@link Buckets}
   */
  public void learn(String metricId, Sample history) {
    if (looks == 0) {
      judge(metricId).learn(history);
    }
  }

  /**
   * Gives a counted metric what is known of the noise between the baseline's pods. Ignored once
   * looks have been taken.
   *
   * @throws IllegalArgumentException if there is no such metric, or it is not compared by counts
   */
  public void calibrate(String metricId, DispersionProfile profile) {
    if (looks == 0) {
      judge(metricId).calibrate(profile);
    }
  }

  /**
   * Like {@link #calibrate}, but measured between pods with the baseline's load: at each look it is
   * carried over to the canary's load by {@link Pods#exposureRatio}, and as it is while that is not
   * known.
   *
   * @throws IllegalArgumentException if there is no such metric, or it is not compared by counts
   */
  public void calibratePods(String metricId, DispersionProfile profile) {
    if (looks == 0) {
      judge(metricId).calibratePods(profile);
    }
  }

  /**
   * Gives a mean or a value the paired differences that two groups of the same version showed
   * before the rollout, oldest first, one per look (per block of a mean, and scaled like its
   * pairs), finite. Ignored once looks have been taken.
   *
   * @throws IllegalArgumentException if there is no such metric, or it is no series
   */
  public void learnDifferences(String metricId, double[] differences) {
    for (double difference : differences) {
      Require.finite("difference", difference);
    }
    if (looks == 0) {
      judge(metricId).learnDifferences(differences);
    }
  }

  /**
   * One look: every metric that was seen is updated, every other one is left as it is.
   *
   * @param observed by metric id; a metric that is not named is not judged in this look (it is not
   *     part of the step)
   * @throws IllegalArgumentException if a metric is unknown, or its sample has not the shape of its
   *     test
   */
  public Judgement look(Look look, Map<String, Observed> observed) {
    return look(look, observed, Map.of());
  }

  /**
   * A look that also knows the baseline pod by pod.
   *
   * @param pods by metric id; used by counted metrics that were seen in this look
   */
  public Judgement look(Look look, Map<String, Observed> observed, Map<String, Pods> pods) {
    return look(look, observed, pods, Map.of());
  }

  /**
   * A look at metrics of which some are noisier than was measured.
   *
   * @param spurious by metric id: ln of the largest e-value that a negative control has reached on
   *     two groups of the same version ({@link NegativeControl}). A metric's evidence of harm
   *     counts only as far as it goes beyond that, and its tier says so. To be given again at every
   *     look
   */
  public Judgement look(
      Look look,
      Map<String, Observed> observed,
      Map<String, Pods> pods,
      Map<String, Double> spurious) {
    observed.keySet().forEach(this::judge);
    discounts = Map.copyOf(spurious);
    judges.forEach(
        (id, judge) -> {
          judge.beginLook(look.newStep());
          Optional.ofNullable(observed.get(id))
              .ifPresent(o -> take(judge, o, look, Optional.ofNullable(pods.get(id))));
        });
    double logHarm = logHarm();
    if (!observed.isEmpty()) {
      looks++;
      decide(logHarm);
      boolean calm = logHarm < threshold() / 2;
      observed.keySet().forEach(id -> judge(id).confirm(calm));
    }
    return judgement(logHarm);
  }

  private MetricJudge judge(String id) {
    MetricJudge judge = judges.get(id);
    if (judge == null) {
      throw new IllegalArgumentException(
          "no metric '" + id + "' in this judge; it knows " + judges.keySet());
    }
    return judge;
  }

  private static void take(MetricJudge judge, Observed o, Look look, Optional<Pods> pods) {
    switch (o) {
      case Observed.Seen seen -> judge.seen(seen, look.seconds(), pods);
      case Observed.Absent absent -> judge.absent(absent);
    }
  }

  private double threshold() {
    return Math.log(1 / settings.falseAlarm());
  }

  private double[] logs() {
    return judges.entrySet().stream()
        .mapToDouble(e -> e.getValue().logHarm() - discount(e.getKey()))
        .toArray();
  }

  private double discount(String id) {
    return Math.max(0, discounts.getOrDefault(id, 0.0));
  }

  private Finding discounted(String id, Finding finding) {
    return switch (finding) {
      case Finding.Insufficient i -> i;
      case Finding.Comparison c -> discount(id) > 0 ? c.noisy(discount(id)) : c;
    };
  }

  private double logHarm() {
    return Combination.logMean(logs(), weights);
  }

  private void decide(double logHarm) {
    harm = harmful.look(logHarm >= threshold()) || harm;
    if (!harm) {
      return;
    }
    for (int culprit : Combination.named(logs(), weights, settings.falseAlarm())) {
      name(culprit);
    }
    if (named.isEmpty()) {
      name(mostEvident());
    }
  }

  private void name(int culprit) {
    if (!named.contains(culprit)) {
      named.add(culprit);
    }
  }

  private int mostEvident() {
    double[] logs = logs();
    return IntStream.range(0, logs.length)
        .boxed()
        .max(Comparator.comparingDouble(i -> logs[i] + Math.log(weights[i])))
        .orElseThrow();
  }

  private Judgement judgement(double logHarm) {
    double[] logs = logs();
    List<String> culprits =
        named.stream()
            .sorted(Comparator.comparingDouble((Integer i) -> -logs[i]).thenComparing(i -> i))
            .map(i -> metrics.get(i).id())
            .toList();
    Map<String, Finding> findings = new LinkedHashMap<>();
    judges.forEach(
        (id, judge) -> findings.put(id, discounted(id, judge.finding(culprits.contains(id)))));
    Map<String, Ahead> ahead = new LinkedHashMap<>();
    judges.forEach((id, judge) -> ahead.put(id, new Ahead(judge.outlook(), judge.pace())));
    return new Judgement(harm, logHarm, threshold(), culprits, findings, ahead);
  }
}
