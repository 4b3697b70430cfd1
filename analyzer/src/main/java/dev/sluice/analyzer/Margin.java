package dev.sluice.analyzer;

/**
 * The worsening we accept. With baseline value {@code v} the accepted bound is {@code v * (1 +
 * relative) + absolute} where higher is worse, and {@code v * (1 - relative) - absolute} where
 * lower is worse.
 *
 * @param relative share of the baseline value, at least 0; 0.1 is ten percent. Below 1 where lower
 *     is worse.
 * @param absolute in the unit of the metric (a proportion for ratios, seconds for latencies), at
 *     least 0
 */
public record Margin(double relative, double absolute) {
  public static final Margin NONE = new Margin(0, 0);

  public Margin {
    Require.count("relative margin", relative);
    Require.count("absolute margin", absolute);
  }

  public static Margin relative(double share) {
    return new Margin(share, 0);
  }

  public static Margin absolute(double amount) {
    return new Margin(0, amount);
  }
}
