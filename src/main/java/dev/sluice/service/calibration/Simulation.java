package dev.sluice.service.calibration;

import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.JudgeSettings;
import dev.sluice.analyzer.JudgedMetric;
import dev.sluice.analyzer.Look;
import dev.sluice.analyzer.Observed;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Rollouts of a row, judged with the defaults of a plan but for the tolerance, which is 0 unless
 * the row says otherwise. The same seed gives every pace the same telemetry.
 */
final class Simulation {
  private static final String METRIC = "metric";
  private static final double LOOK_SECONDS = 60;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Row row;
  private final long seed;

  Simulation(Row row, long seed) {
    this.row = row;
    this.seed = seed;
  }

  /** Everything but the pace. */
  static JudgeSettings settings() {
    return JudgeSettings.withDefaults();
  }

  /**
   * @param run counted from 0
   * @return the look, counted from 1, after which harm was proven
   */
  OptionalInt alarm(int run, JudgeSettings.Pace pace) {
    long runSeed = seed * GOLDEN ^ row.seed() + run * GOLDEN;
    Judge judge =
        Judge.start(
            settings().with(pace), List.of(new JudgedMetric(METRIC, row.situation().test(), 1)));
    row.situation().teach(judge, METRIC, new Chance(runSeed + 1));
    Situation.Telemetry telemetry = row.situation().begin(new Chance(runSeed));
    for (int i = 0; i < row.looks(); i++) {
      Map<String, Observed> observed = Map.of(METRIC, telemetry.next(i));
      Look look = new Look(LOOK_SECONDS, telemetry.stepBegins(i));
      if (judge.look(look, observed).harm()) {
        return OptionalInt.of(i + 1);
      }
    }
    return OptionalInt.empty();
  }
}
