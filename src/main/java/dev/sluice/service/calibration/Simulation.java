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
   * Neighbouring numbers become numbers that have nothing in common: {@link Chance} walks through
   * its seeds, so that seeds a stride apart would give the same numbers, one later. Source: the
   * finaliser of MurmurHash3.
   */
  private static long mixed(long number) {
    long z = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  long seedOf(int run) {
    return mixed(mixed(mixed(seed) ^ row.seed()) + run);
  }

  /**
   * @param run counted from 0
   * @return the look, counted from 1, after which harm was proven
   */
  OptionalInt alarm(int run, JudgeSettings.Pace pace) {
    long runSeed = seedOf(run);
    Judge judge =
        Judge.start(
            settings().with(pace), List.of(new JudgedMetric(METRIC, row.situation().test(), 1)));
    row.situation().teach(judge, METRIC, new Chance(mixed(runSeed)));
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
