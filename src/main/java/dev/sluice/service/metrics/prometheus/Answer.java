package dev.sluice.service.metrics.prometheus;

import java.util.List;
import java.util.Map;

/**
 * What the query API answered.
 *
 * @param warnings the metrics system's own doubts about the completeness of its answer
 */
record Answer(Type type, List<Series> series, List<String> warnings) {
  static final String NAME = "__name__";

  /** The result types of the API. A scalar or string is one series without labels. */
  enum Type {
    MATRIX,
    VECTOR,
    SCALAR,
    STRING
  }

  /**
   * One series of the answer.
   *
   * @param points its float samples
   * @param histograms its native histogram samples
   */
  record Series(Map<String, String> labels, Points points, List<NativeHistogram> histograms) {}
}
