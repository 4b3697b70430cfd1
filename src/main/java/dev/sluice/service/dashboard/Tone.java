package dev.sluice.service.dashboard;

/** The colour of a state. A word always stands beside it. */
final class Tone {
  private Tone() {}

  /**
   * @param blind whether the metrics system cannot be reached
   */
  static String of(String state, boolean blind) {
    return switch (state) {
      case "completed" -> "good";
      case "rollingBack", "rolledBack", "aborted" -> "bad";
      case "held", "awaitingApproval", "retireReady", "paused" -> "hold";
      default -> blind ? "bad" : "calm";
    };
  }
}
