package dev.sluice.service.http.facade;

import java.util.Map;

/** What can be asked. */
sealed interface Question {
  /** A constant; a scalar, or a vector of one element without labels. */
  record Constant(double value, boolean vector) implements Question {}

  /**
   * One of our series.
   *
   * @param labels every label that has to be equal
   */
  record Series(String name, Map<String, String> labels) implements Question {
    public Series {
      labels = Map.copyOf(labels);
    }
  }
}
