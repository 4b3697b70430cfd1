package dev.sluice.service.http.controllers;

import java.util.function.IntFunction;

/**
 * How Argo Rollouts makes a phase of a metric from its measurements: limits, retries after an
 * error, consecutive success.
 */
record ArgoMetric(
    int interval,
    int count,
    int failureLimit,
    int inconclusiveLimit,
    int consecutiveErrorLimit,
    int consecutiveSuccessLimit) {
  private static final int ERROR_RETRY = 10;

  /** What one measurement says. */
  enum Outcome {
    SUCCESS,
    FAILURE,
    INCONCLUSIVE,
    ERROR
  }

  record End(String phase, int afterSeconds, int measurements) {}

  /**
   * @param most measurements after which nothing more is asked: the phase is then Running
   */
  End run(IntFunction<Outcome> measure, int measurementSeconds, int most) {
    int failed = 0;
    int inconclusive = 0;
    int errors = 0;
    int inARow = 0;
    int good = 0;
    int now = 0;
    for (int n = 0; n < most; n++) {
      Outcome outcome = measure.apply(n);
      now += measurementSeconds;
      failed += outcome == Outcome.FAILURE ? 1 : 0;
      inconclusive += outcome == Outcome.INCONCLUSIVE ? 1 : 0;
      good += outcome == Outcome.ERROR ? 0 : 1;
      errors = outcome == Outcome.ERROR ? errors + 1 : 0;
      inARow = outcome == Outcome.SUCCESS ? inARow + 1 : 0;
      String phase = "Running";
      if (failureLimit >= 0 && failed > failureLimit) {
        phase = "Failed";
      }
      if (inconclusiveLimit >= 0 && inconclusive > inconclusiveLimit) {
        phase = "Inconclusive";
      }
      if (errors > consecutiveErrorLimit) {
        phase = "Error";
      }
      if (phase.equals("Running")
          && ((consecutiveSuccessLimit > 0 && inARow >= consecutiveSuccessLimit)
              || (count > 0 && good >= count))) {
        phase = "Successful";
      }
      if (!phase.equals("Running")) {
        return new End(phase, now, n + 1);
      }
      now += outcome == Outcome.ERROR ? ERROR_RETRY : interval;
    }
    return new End("Running", now, most);
  }
}
