package dev.sluice.analyzer;

import java.util.Arrays;
import org.apache.commons.math3.special.Beta;

/**
 * Whether the traffic is split as the plan says: a two-sided test that may be looked at after every
 * window.
 *
 * <p>Hypothesis: each unit is on the canary with a probability within {@code tolerance} of the
 * planned share. Against it stands a beta mixture over all shares. With x of n units on the canary,
 *
 * <pre>
 *   E = [ B(1/2 + x, 1/2 + n - x) / B(1/2, 1/2) ]  /  [ q^x (1 - q)^(n - x) ]
 * </pre>
 *
 * where q is the share within the tolerance that explains the data best: x/n, moved into the
 * interval. For any one share s of the hypothesis, the same ratio with s in place of q is a
 * martingale of mean 1 (the mixture's prediction against that of s, unit by unit), and E is never
 * above it. So, by Ville's inequality, the chance that E ever reaches 1/alpha while the split is
 * within the tolerance is at most {@link #ALPHA}, however often it is looked at.
 *
 * <p>Sources: M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS
 * 2022 (the mixture; the sample-ratio test); L. Wasserman, A. Ramdas, S. Balakrishnan, "Universal
 * inference", PNAS 2020 (the best explanation in the denominator).
 *
 * <p>The tolerance. Plans share out users; counters count requests, and a user makes many. The
 * share of requests therefore strays from the share of users, for as long as the users stay the
 * same: more data does not help, so no test at the planned share itself could be kept. With N users
 * of equal weight the stray has the standard deviation sqrt(s (1 - s) / N). Allowed is {@value
 * #STRAY} sqrt(s (1 - s)), two deviations of 1,600 such users or three of 3,600: 0.5 points at 1 %,
 * 1.5 at 10 %, 2.5 at 50 %. A flag that is off by a factor of two, or a cohort whose labels miss a
 * region, lies outside; people who click more than others lie inside. Where the plan says nobody,
 * probes may still come ({@value #NOBODY}); where it says everybody, a holdback, health checks and
 * long sessions may stay behind ({@value #EVERYBODY}).
 *
 * <p>An alarm is taken back when the latest looks, enough of them to tell the tolerance from what
 * lies well outside it (six standard deviations fit into it), are within it: somebody has mended
 * the flag. The evidence then starts anew from those looks.
 *
 * <p>Not thread-safe; deterministic.
 */
public final class SplitTest {
  public static final double ALPHA = 0.001;
  static final double STRAY = 0.05;
  static final double NOBODY = 0.005;
  static final double EVERYBODY = 0.05;

  /** (6 / STRAY) squared: then six standard deviations of the share fit into the tolerance. */
  public static final double ENOUGH = 36 / (STRAY * STRAY);

  private static final double THRESHOLD = -Math.log(ALPHA);
  private static final double PRIOR = 0.5;
  private static final double VERSION = 1;

  private double canary;
  private double units;
  private boolean alarm;
  private double lateCanary;
  private double lateUnits;

  private SplitTest() {}

  public static SplitTest start() {
    return new SplitTest();
  }

  /**
   * Goes on where {@link #snapshot()} was taken.
   *
   * @throws IllegalArgumentException if the numbers are not a snapshot of a split test
   */
  public static SplitTest restore(double[] snapshot) {
    if (snapshot.length != 6 || snapshot[0] != VERSION) {
      throw new IllegalArgumentException(
          "not a snapshot of a split test of version "
              + VERSION
              + ": "
              + Arrays.toString(snapshot));
    }
    SplitTest test = new SplitTest();
    test.canary = Require.count("units on the canary", snapshot[1]);
    test.units = Require.count("units", snapshot[2]);
    test.alarm = snapshot[3] != 0;
    test.lateCanary = Require.count("late units on the canary", snapshot[4]);
    test.lateUnits = Require.count("late units", snapshot[5]);
    return test;
  }

  /** Everything this test knows; the first number is the version of the format. */
  public double[] snapshot() {
    return new double[] {VERSION, canary, units, alarm ? 1 : 0, lateCanary, lateUnits};
  }

  /** A new share is planned: what was seen says nothing about it. */
  public void startAnew() {
    canary = 0;
    units = 0;
    alarm = false;
    lateCanary = 0;
    lateUnits = 0;
  }

  /**
   * Takes in one look.
   *
   * @param share planned, 0 to 1
   * @param onCanary units on the canary in this look, at least 0
   * @param elsewhere units elsewhere in this look, at least 0
   * @return whether the split is proven not to follow the plan
   */
  public boolean look(double share, double onCanary, double elsewhere) {
    Require.count("units on the canary", onCanary);
    Require.count("units elsewhere", elsewhere);
    canary += onCanary;
    units += onCanary + elsewhere;
    if (!alarm) {
      alarm = logEvidence(share, canary, units) >= THRESHOLD;
      return alarm;
    }
    lateCanary += onCanary;
    lateUnits += onCanary + elsewhere;
    if (logEvidence(share, lateCanary, lateUnits) >= THRESHOLD) {
      lateCanary = 0;
      lateUnits = 0;
    } else if (lateUnits >= ENOUGH && within(share, lateCanary / lateUnits)) {
      mended();
    }
    return alarm;
  }

  private void mended() {
    canary = lateCanary;
    units = lateUnits;
    alarm = false;
    lateCanary = 0;
    lateUnits = 0;
  }

  /** Units on the canary since the planned share was in force, or since the split was mended. */
  public double canary() {
    return canary;
  }

  /** Units in all, since the same moment. */
  public double units() {
    return units;
  }

  /** Of the looks since the alarm, or since it was last confirmed: units on the canary. */
  public double lateCanary() {
    return lateCanary;
  }

  /** And in all; the alarm is taken back at {@link #ENOUGH} of them, if they are split well. */
  public double lateUnits() {
    return lateUnits;
  }

  /** Whether the looks since an alarm, as far as they go, follow the plan again. */
  public boolean mending(double share) {
    return alarm && lateUnits > 0 && within(share, lateCanary / lateUnits);
  }

  /** How far the share of requests may lie from the planned share of users. */
  public static double tolerance(double share) {
    if (share <= 0) {
      return NOBODY;
    }
    return share >= 1 ? EVERYBODY : STRAY * Math.sqrt(share * (1 - share));
  }

  /** The least share that follows the plan. */
  public static double least(double share) {
    return Math.max(0, share - tolerance(share));
  }

  /** The largest share that follows the plan. */
  public static double most(double share) {
    return Math.min(1, share + tolerance(share));
  }

  private static boolean within(double share, double seen) {
    return seen >= least(share) && seen <= most(share);
  }

  /** Natural logarithm of E; 0 without data. */
  static double logEvidence(double share, double x, double n) {
    double rest = n - x;
    if (n <= 0) {
      return 0;
    }
    double best = Math.min(most(share), Math.max(least(share), x / n));
    double mixture = Beta.logBeta(PRIOR + x, PRIOR + rest) - Beta.logBeta(PRIOR, PRIOR);
    return mixture - timesLog(x, best) - timesLog(rest, 1 - best);
  }

  /** x ln p, where nothing that never happened is no surprise. */
  private static double timesLog(double x, double p) {
    return x == 0 ? 0 : x * Math.log(p);
  }
}
