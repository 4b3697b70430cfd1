package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;

/**
 * Why something could not be observed.
 *
 * @param detail one sentence for people: what, where, and what would help
 */
record Trouble(Absence why, String detail) {
  private static final int SHOWN = 300;

  Observed observed() {
    return new Observed.Absent(why, detail);
  }

  /** Text of others as it may be shown: on one line and of bounded length. */
  static String shown(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }
}
