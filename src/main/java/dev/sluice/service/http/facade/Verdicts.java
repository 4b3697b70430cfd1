package dev.sluice.service.http.facade;

import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.controllers.Steps;
import dev.sluice.service.http.view.Advice;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The series there are. Each is always one number; where nothing is known it is the careful one.
 */
enum Verdicts {
  /** 1: the gate is open. 0: anything else. */
  SLUICE_GATE,
  /** 1: promote. 0: not yet. -1: roll back. */
  SLUICE_DECISION,
  /** 1: it is being watched, or was completed, and no rollback was decided. 0: anything else. */
  SLUICE_KEEP_GOING,
  /** The share of users that the plan has opened to the canary, in percent. */
  SLUICE_OPEN_PERCENT;

  String series() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Verdicts> of(String series) {
    return Arrays.stream(values()).filter(v -> v.series().equals(series)).findFirst();
  }

  static List<String> all() {
    return Arrays.stream(values()).map(Verdicts::series).toList();
  }

  /** Of no rollout at all: nothing is open, nothing is decided, nobody watches. */
  static double ofNone() {
    return 0;
  }

  double value(Rollout rollout, Optional<String> step, Decider decider, Instant now) {
    Advice.Word word = Advice.of(rollout, Steps.index(rollout, step), decider, now).word();
    return switch (this) {
      case SLUICE_GATE -> word == Advice.Word.PROMOTE ? 1 : 0;
      case SLUICE_DECISION ->
          switch (word) {
            case PROMOTE -> 1;
            case CONTINUE, PAUSE -> 0;
            case ROLLBACK -> -1;
          };
      case SLUICE_KEEP_GOING ->
          word == Advice.Word.ROLLBACK || rollout.stage() instanceof Stage.Aborted ? 0 : 1;
      case SLUICE_OPEN_PERCENT -> rollout.applied().percent();
    };
  }
}
