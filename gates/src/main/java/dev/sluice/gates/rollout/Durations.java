package dev.sluice.gates.rollout;

import java.time.Duration;

/** Durations as people say them. */
public final class Durations {
  private Durations() {}

  /** "2 d 3 h", "45 min", "10 s": the two largest units that are not zero. */
  public static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    long[] amounts = {seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60};
    String[] units = {"d", "h", "min", "s"};
    StringBuilder words = new StringBuilder();
    int shown = 0;
    for (int i = 0; i < amounts.length && shown < 2; i++) {
      if (amounts[i] > 0) {
        words.append(words.isEmpty() ? "" : " ").append(amounts[i]).append(' ').append(units[i]);
        shown++;
      } else if (shown > 0) {
        break;
      }
    }
    return words.isEmpty() ? "0 s" : words.toString();
  }
}
