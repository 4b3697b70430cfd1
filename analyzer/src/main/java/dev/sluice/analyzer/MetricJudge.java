package dev.sluice.analyzer;

import dev.sluice.analyzer.dispersion.DispersionProfile;
import dev.sluice.analyzer.evidence.Cap;
import dev.sluice.analyzer.evidence.Confirmation;
import dev.sluice.analyzer.evidence.Onset;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.evidence.Tuning;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The evidence on one metric: what all kinds have in common.
 *
 * <p>A look does up to four things in this order: {@link #beginStep} where a step begins, {@link
 * #take} or {@link #absent} with what was seen, {@link #confirm} when the evidence of all metrics
 * is known, {@link #finding} to say where the metric stands.
 */
abstract sealed class MetricJudge
    permits CountsJudge, CountsLimitJudge, QuantileJudge, QuantileLimitJudge, SeriesJudge {

  /** Beyond this, sums of squares may overflow; no honest counter gets there. */
  static final double LARGEST_COUNT = 1e15;

  private static final double MARGIN_EVENTS = 10;
  private static final double MARGIN_EVENTS_UNCALIBRATED = 40;

  private final String id;
  private final boolean concurrent;
  private final JudgeSettings settings;
  private final Confirmation safety;
  private boolean stepBegins;
  private Optional<Finding> obstacle = Optional.empty();
  private Optional<Observed.Absent> absence = Optional.empty();

  MetricJudge(JudgedMetric metric, JudgeSettings settings) {
    this.id = metric.id();
    this.concurrent = metric.concurrent();
    this.settings = settings;
    this.safety = new Confirmation(settings.confirm());
  }

  static MetricJudge of(JudgedMetric metric, JudgeSettings settings) {
    return switch (metric.test()) {
      case MetricTest.OfCounts t -> new CountsJudge(metric, settings, t);
      case MetricTest.OfCountsAgainstLimit t -> new CountsLimitJudge(metric, settings, t);
      case MetricTest.OfQuantile t -> new QuantileJudge(metric, settings, t);
      case MetricTest.OfQuantileAgainstLimit t -> new QuantileLimitJudge(metric, settings, t);
      case MetricTest.OfMean t ->
          new SeriesJudge(
              metric,
              settings,
              t.direction(),
              t.harm(),
              t.safe(),
              pairsForHarm(t, settings.pace()),
              PairedMeans.forSafety(t));
      case MetricTest.OfValue t ->
          new SeriesJudge(
              metric,
              settings,
              t.direction(),
              t.harm(),
              t.safe(),
              new PairedValues(),
              new PairedValues());
    };
  }

  private static PairedMeans pairsForHarm(MetricTest.OfMean test, JudgeSettings.Pace pace) {
    return switch (pace) {
      case STEADY -> PairedMeans.forSafety(test);
      case SWIFT -> PairedMeans.forHarm();
    };
  }

  /** Forgets what belonged to the look before. */
  final void beginLook(boolean newStep) {
    obstacle = Optional.empty();
    absence = Optional.empty();
    forgetLook();
    if (newStep) {
      stepBegins = true;
      safety.reset();
      beginStep();
    }
  }

  final void absent(Observed.Absent absent) {
    absence = Optional.of(absent);
  }

  /** Takes in what was seen; leaves the evidence as it is where that cannot be judged. */
  abstract void take(Observed.Seen seen, double seconds, Optional<Pods> pods);

  abstract void beginStep();

  /** What the judge knows only during a look, and does not save. */
  void forgetLook() {}

  /** Whether this is the first interval since a step began that is admitted; true once. */
  final boolean firstOfStep() {
    boolean first = stepBegins;
    stepBegins = false;
    return first;
  }

  final void obstacle(Finding finding) {
    obstacle = Optional.of(finding);
  }

  /** ln e-value against "not worse than tolerated", over the rollout. */
  abstract double logHarm();

  /** ln e-value against "worse than tolerated", in this step. */
  abstract double logSafe();

  /** Whether enough stands behind {@link #logSafe}. */
  abstract boolean enoughForSafety();

  /**
   * @param calm whether the metrics together do not lean towards harm
   */
  final void confirm(boolean calm) {
    safety.look(calm && enoughForSafety() && logSafe() >= Math.log(1 / settings.falsePass()));
  }

  /**
   * Where the metric stands.
   *
   * @param named whether it is a culprit of a proven harm: then numbers are due, whatever is
   *     missing at present
   */
  final Finding finding(boolean named) {
    if (obstacle.isPresent() && !named) {
      return obstacle.get();
    }
    return switch (standing(named)) {
      case Finding.Insufficient i ->
          absence
              .<Finding>map(
                  a ->
                      new Finding.Insufficient(
                          Finding.Shortage.NO_DATA,
                          a.detail(),
                          OptionalLong.empty(),
                          i.canarySize(),
                          i.baselineSize()))
              .orElse(i);
      case Finding.Comparison c -> c.safe() && !named ? c.provenWithin() : c;
    };
  }

  abstract Finding standing(boolean named);

  final boolean safe() {
    return safety.confirmed();
  }

  final JudgeSettings settings() {
    return settings;
  }

  final String id() {
    return id;
  }

  final Tuning tuning() {
    Onset onset = Onset.withDefaults(settings.horizonSeconds());
    boolean bank = settings.dispersion() || settings.designEffect() > 1;
    return switch (settings.pace()) {
      case STEADY ->
          new Tuning(Cap.steady(settings.falseAlarm()), onset, settings.dispersion(), false, bank);
      case SWIFT ->
          new Tuning(Cap.halfWay(settings.falseAlarm()), onset, settings.dispersion(), true, bank);
    };
  }

  /** What is known of the noise without looking at the stream: sticky users. */
  final double outsidePhi() {
    return settings.designEffect();
  }

  final Finding.Tier tier() {
    return concurrent ? tierIfConcurrent() : Finding.Tier.ANOTHER_PERIOD;
  }

  Finding.Tier tierIfConcurrent() {
    return settings.dispersion() ? Finding.Tier.UNCALIBRATED : Finding.Tier.EXACT;
  }

  final double leastMarginEvents() {
    return switch (tier()) {
      case EXACT, CALIBRATED -> MARGIN_EVENTS;
      case UNCALIBRATED, ANOTHER_PERIOD -> MARGIN_EVENTS_UNCALIBRATED;
    };
  }

  /** Ignored by metrics that have no use for it. */
  void learn(Sample history) {}

  void calibrate(DispersionProfile profile) {
    throw new IllegalArgumentException(
        "a dispersion profile is for counts that are compared with a baseline, '"
            + id
            + "' is not");
  }

  void learnDifferences(double[] differences) {
    throw new IllegalArgumentException(
        "paired differences are for means and values, '" + id + "' is neither");
  }

  final void save(StateWriter out) {
    safety.save(out);
    out.put(stepBegins);
    saveEvidence(out);
  }

  final void load(StateReader in) {
    safety.load(in);
    stepBegins = in.nextFlag();
    loadEvidence(in);
  }

  abstract void saveEvidence(StateWriter out);

  abstract void loadEvidence(StateReader in);

  final Finding.Insufficient tooFew(String detail, OptionalLong looks, double nc, double nb) {
    return new Finding.Insufficient(Finding.Shortage.TOO_FEW, detail, looks, nc, nb);
  }

  final void noBaseline(double canarySize) {
    obstacle(
        new Finding.Insufficient(
            Finding.Shortage.NO_BASELINE,
            "There is no baseline cohort to compare with; give the step one, or judge this metric"
                + " against a limit.",
            OptionalLong.empty(),
            canarySize,
            0));
  }

  final <S extends Sample> S as(Class<S> shape, Sample sample) {
    if (!shape.isInstance(sample)) {
      throw new IllegalArgumentException(
          "metric '"
              + id
              + "' is judged from "
              + shape.getSimpleName()
              + ", was given "
              + sample.getClass().getSimpleName());
    }
    return shape.cast(sample);
  }

  static List<Side> sides(Direction direction) {
    return switch (direction) {
      case HIGHER_IS_WORSE -> List.of(Side.RISE);
      case LOWER_IS_WORSE -> List.of(Side.FALL);
      case EITHER -> List.of(Side.RISE, Side.FALL);
    };
  }

  /** A sum of counts within bounds that arithmetic can bear. */
  static boolean bearable(double... counts) {
    for (double count : counts) {
      if (!(count <= LARGEST_COUNT)) {
        return false;
      }
    }
    return true;
  }
}
