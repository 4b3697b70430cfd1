package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Evidence that a paired series lies above 0: the canary's mean or gauge less what the baseline
 * allows it, interval by interval.
 *
 * <p><b>Hypothesis.</b> {@code E[y_t] <= 0}.
 *
 * <p><b>Formula.</b> Bets on the surprise {@code x} of the {@link SeriesModel}, one alternative for
 * each {@code lambda = 0.02 ... 2.56}:
 *
 * <pre>
 *   l = lambda x - lambda^2 (x^2 + 2) / 6
 * </pre>
 *
 * {@code E exp(l) <= 1} for every centred variable of variance at most 1, however wild: an outlier
 * wins at most 1.5 nats in one interval. The mixture over alternatives and onsets is the {@link
 * OnsetMixture} at dispersion 1; the dispersion is inside {@code x}.
 *
 * <p><b>What it cannot do.</b> Variance and autocorrelation are learned from the stream, so a level
 * shift that begins late is partly taken for noise; and without history the first verdict takes 18
 * to 40 intervals whatever the effect. The variance is estimated, so validity is asymptotic:
 * measured false alarms at 1 percent are 0 to 1.4 percent for autocorrelation up to 0.97.
 *
 * <p>Source: Delyon, "Exponential inequalities for sums of weakly dependent variables" (2009);
 * Howard et al. (2020), table 3 ("self-normalised").
 */
public final class SeriesHarm {
  private static final double[] LAMBDA = {0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56};

  private final SeriesModel model;
  private final OnsetMixture mixture;

  public SeriesHarm(Tuning tuning) {
    this(tuning, new SeriesModel());
  }

  SeriesHarm(Tuning tuning, SeriesModel model) {
    this.model = model;
    this.mixture =
        OnsetMixture.exact(LogSpace.equalWeights(LAMBDA.length), tuning.onset(), tuning.cap());
  }

  /** Takes in one value of the series; answers ln E after it. */
  public double update(double y, double seconds, boolean newStep) {
    SeriesModel.Surprise surprise = model.observe(y);
    if (!surprise.known()) {
      return mixture.logE();
    }
    double[] raw = new double[LAMBDA.length];
    if (surprise.bets()) {
      double x = surprise.z();
      for (int k = 0; k < raw.length; k++) {
        raw[k] = LAMBDA[k] * x - LAMBDA[k] * LAMBDA[k] * (x * x + 2) / 6;
      }
    }
    mixture.update(raw, seconds, newStep);
    return mixture.evaluate(1);
  }

  public SeriesModel model() {
    return model;
  }

  public OnsetMixture mixture() {
    return mixture;
  }

  public double logE() {
    return mixture.logE();
  }

  public void save(StateWriter out) {
    model.save(out);
    mixture.save(out);
  }

  public void load(StateReader in) {
    model.load(in);
    mixture.load(in);
  }
}
