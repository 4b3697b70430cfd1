package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * The Mantel-Haenszel estimate of the rate ratio over intervals, drawn a little towards the margin:
 *
 * <pre>
 *   num += x_c n_b / (n_c + n_b)     den += x_b n_c / (n_c + n_b)     psi = (num + rho) / (den + 1)
 * </pre>
 *
 * <p>Each interval is a stratum, so a traffic ramp during which the error level also changes does
 * not bias it; the ratio of pooled rates would be (Simpson). Never 0/0: without events it is rho.
 *
 * <p>Source: Mantel, Haenszel (1959); Rothman, Greenland, Lash, "Modern Epidemiology", chapter 15.
 */
final class RatioEstimate {
  private static final double SHRINK = 1;

  private final double rho;
  private double num;
  private double den;

  RatioEstimate(double rho) {
    this.rho = rho;
  }

  void add(double xc, double nc, double xb, double nb) {
    num += xc * (nb / (nc + nb));
    den += xb * (nc / (nc + nb));
  }

  double value() {
    return (num + SHRINK * rho) / (den + SHRINK);
  }

  void save(StateWriter out) {
    out.put(num).put(den);
  }

  void load(StateReader in) {
    num = in.next();
    den = in.next();
  }
}
