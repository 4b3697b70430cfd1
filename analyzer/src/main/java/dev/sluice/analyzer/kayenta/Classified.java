package dev.sluice.analyzer.kayenta;

/**
 * The verdict on one metric.
 *
 * @param reason for people; empty where the classification says it all
 * @param ratio mean of the canary divided by the baseline's; NaN where one of them is 0 or missing
 * @param critical whether this metric alone fails the whole analysis
 */
public record Classified(
    Classification classification, String reason, double ratio, boolean critical) {

  /** The words of the original. */
  public enum Classification {
    PASS,
    HIGH,
    LOW,
    NODATA,
    NODATA_FAIL_METRIC
  }
}
