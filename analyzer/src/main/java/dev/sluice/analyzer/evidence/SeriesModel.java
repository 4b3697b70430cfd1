package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.dispersion.Dispersion;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * What is known of the noise of a paired series {@code y_t}: its level, its variance, how much of
 * one value carries over to the next.
 *
 * <p>With n values so far, {@code S0 = sum (y - mean)^2} (Welford) and {@code S1 = sum (y_t - mean)
 * (y_t-1 - mean)}:
 *
 * <pre>
 *   r1  = S1 / S0;  r = 0 if r1 &lt;= 0, else clamp(r1 + (1 + 3 r1)/n + ucl sqrt(max(1 - r1^2, .01)/n), 0, .97)
 *   ve  = S0/(n-1) (1 - r^2) (1 + 2 sqrt(2/n))                  variance of the innovations
 *   ess = n (1 - r)/(1 + r)                                     effective number of values
 *   z_t = (y_t - r y_t-1) / sqrt(ve)
 * </pre>
 *
 * Both parameters are biased upwards (bias of the autocorrelation, plus {@code ucl} standard
 * errors; two standard errors of the variance), because a series taken for quieter than it is
 * raises false alarms. All of them use the past only. {@code ucl} is 1.5, and 1 with at least 100
 * values of history.
 *
 * <p>A {@link Dispersion} of the {@code z} watches what an AR(1) model misses.
 *
 * <p>Sources: Welford (1962); Kendall (1954) and Marriott, Pope (1954) for the bias of r1.
 */
public final class SeriesModel {
  private static final int BURN = 10;
  private static final double LEAST_EFFECTIVE = 6;
  private static final int LEAST_FOR_INTERVAL = 30;
  private static final double LEAST_EFFECTIVE_FOR_INTERVAL = 12;
  private static final double R_MOST = 0.97;
  private static final double V_OPT = 360;
  private static final double MOST_VALUES = 1e8;
  private static final int LONG_HISTORY = 100;

  private final int burn;
  private final double leastEffective;
  private final Dispersion dispersion = Dispersion.ofSeries();
  private double ucl = 1.5;
  private long n;
  private long learned;
  private double mean;
  private double s0;
  private double s1;
  private double previous;
  private boolean paired;

  public SeriesModel() {
    this(BURN, LEAST_EFFECTIVE);
  }

  SeriesModel(int burn, double leastEffective) {
    this.burn = burn;
    this.leastEffective = leastEffective;
  }

  /** Values from before the rollout. Only before the first value of it. */
  public void learn(double[] history) {
    for (double y : history) {
      take(y);
    }
    learned = n;
    ucl = n >= LONG_HISTORY ? 1.0 : 1.5;
    paired = false;
  }

  /** Parameters, from the past only; all 0 while nothing has varied. */
  record Parameters(double r, double variance, double effective) {}

  Parameters parameters() {
    if (!(s0 > 0)) {
      return new Parameters(0, 0, 0);
    }
    double r1 = s1 / s0;
    double r = 0;
    if (r1 > 0) {
      double se = Math.sqrt(Math.max(1 - r1 * r1, 0.01) / n);
      r = Math.clamp(r1 + (1 + 3 * r1) / n + ucl * se, 0, R_MOST);
    }
    double ve = s0 / (n - 1) * (1 - r * r) * (1 + 2 * Math.sqrt(2.0 / n));
    return new Parameters(r, ve, n * (1 - r) / (1 + r));
  }

  /**
   * How surprising a value was.
   *
   * @param known whether enough was known of the noise to say
   * @param bets whether enough effective values stood behind that to bet on it
   * @param z the surprise in units of the noise, 0 where it is not known
   */
  record Surprise(boolean known, boolean bets, double z) {
    static final Surprise UNKNOWN = new Surprise(false, false, 0);
  }

  /** Takes in one value of the rollout. */
  public void add(double y) {
    observe(y);
  }

  /** Takes in one value and says how surprising it was. */
  Surprise observe(double y) {
    Surprise surprise = Surprise.UNKNOWN;
    if (n >= burn && paired) {
      Parameters p = parameters();
      if (p.variance() > 0) {
        double sd = Math.sqrt(p.variance());
        double z = (y - p.r() * previous) / sd;
        boolean bets = p.effective() >= leastEffective;
        surprise = new Surprise(true, bets, z / Math.sqrt(dispersion.phi()));
        dispersion.add(z - (mean - p.r() * mean) / sd, 1);
      }
    }
    take(y);
    return surprise;
  }

  private void take(double y) {
    n++;
    double d = y - mean;
    double m = mean + d / n;
    if (paired) {
      s1 += (y - m) * (previous - m);
    }
    s0 += d * (y - m);
    mean = m;
    previous = y;
    paired = true;
  }

  /**
   * Asymptotic confidence sequence for the mean, {@code mean +- sqrt(ve / (1-r)^2 phi) b(n) / n}
   * with the {@link NormalMixture} boundary. Unbounded until there are 30 values and 12 effective
   * ones. A series that has not varied at all in that time is taken at its word: the interval is
   * its value.
   */
  public MeanInterval interval(double alpha) {
    Parameters p = parameters();
    if (!wide(p)) {
      return new MeanInterval(Double.NEGATIVE_INFINITY, mean, Double.POSITIVE_INFINITY);
    }
    double half = longRunDeviation(p) * new NormalMixture(alpha, V_OPT).bound((double) n) / n;
    return new MeanInterval(mean - half, mean, mean + half);
  }

  private boolean wide(Parameters p) {
    return n >= LEAST_FOR_INTERVAL && (!varies() || p.effective() >= LEAST_EFFECTIVE_FOR_INTERVAL);
  }

  private double longRunDeviation(Parameters p) {
    return varies() ? Math.sqrt(p.variance() / ((1 - p.r()) * (1 - p.r())) * dispersion.phi()) : 0;
  }

  /**
   * ln e-value against "the mean is above 0": the boundary of {@link #interval} turned into
   * evidence, so that it reaches {@code ln(1/alpha)} when the interval's upper end reaches 0. It is
   * 0 while the interval is unbounded and while the mean is above 0. A series that never varied and
   * never was above 0 counts one standard deviation for each value.
   */
  public double logBelowZero(double alpha) {
    Parameters p = parameters();
    if (!wide(p) || mean > 0 || (varies() && mean == 0)) {
      return 0;
    }
    double sum = varies() ? n * mean / longRunDeviation(p) : (double) n;
    return Math.max(0, new NormalMixture(alpha, V_OPT).logE(sum, (double) n));
  }

  /**
   * How many more values it takes, about, until {@link #logBelowZero} suffices, if their mean is as
   * given and their noise as seen.
   *
   * @param expected mean of the values to come
   * @return infinite if that is not below 0, or more than 100 million
   */
  public double valuesToBelowZero(double alpha, double expected) {
    if (!(expected < 0)) {
      return Double.POSITIVE_INFINITY;
    }
    double least = valuesMissing();
    if (!varies()) {
      return least;
    }
    double deviation = longRunDeviation(parameters());
    double more = Math.max(1, least);
    while (more <= MOST_VALUES && !below(alpha, expected, more, deviation)) {
      more *= 1.05;
    }
    return more <= MOST_VALUES ? more : Double.POSITIVE_INFINITY;
  }

  private boolean below(double alpha, double expected, double more, double deviation) {
    double sum = (n * mean + more * expected) / deviation;
    return sum < 0 && new NormalMixture(alpha, V_OPT).logE(sum, n + more) >= Math.log(1 / alpha);
  }

  /**
   * How many more values are due until the interval is bounded, as far as the autocorrelation seen
   * so far tells; 0 when it is.
   */
  public long valuesMissing() {
    Parameters p = parameters();
    if (wide(p)) {
      return 0;
    }
    double effective = LEAST_EFFECTIVE_FOR_INTERVAL * (1 + p.r()) / (1 - p.r());
    return Math.max(1, (long) Math.ceil(Math.max(LEAST_FOR_INTERVAL, effective)) - n);
  }

  /** How many more values are due until the first bet; 0 afterwards. */
  public long burnMissing() {
    return Math.max(0, burn + 1 - n);
  }

  /** Whether any two values differed. */
  public boolean varies() {
    return s0 > 0;
  }

  public long size() {
    return n;
  }

  /** Values that are not from history. */
  public long seen() {
    return n - learned;
  }

  public double mean() {
    return mean;
  }

  public double phi() {
    return dispersion.phi();
  }

  public void save(StateWriter out) {
    out.put(ucl).put(n).put(learned).put(mean).put(s0).put(s1).put(previous).put(paired);
    dispersion.save(out);
  }

  public void load(StateReader in) {
    ucl = in.next();
    n = in.nextWhole(0, 1L << 52);
    learned = in.nextWhole(0, n);
    mean = in.next();
    s0 = in.next();
    s1 = in.next();
    previous = in.next();
    paired = in.nextFlag();
    dispersion.load(in);
  }
}
