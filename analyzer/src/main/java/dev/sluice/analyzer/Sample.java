package dev.sluice.analyzer;

/**
 * What was seen of one metric, in one cohort, in one window. The four shapes are the four kinds of
 * arithmetic.
 */
public sealed interface Sample permits Counts, Buckets, Moments, Values {

  /**
   * How many units (requests, orders, readings) stand behind the sample; shown to people as the
   * sample size.
   */
  double size();
}
