package dev.sluice.service.architecture;

import dev.sluice.gates.plan.Exposure;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Random;
import java.util.function.Supplier;

/** Does everything that is forbidden somewhere. Never run. */
final class Offence {
  private Offence() {}

  static Instant readsTheClock() {
    return Instant.now();
  }

  static long holdsAStopwatch() {
    return System.nanoTime();
  }

  static double throwsDice() {
    return new Random().nextDouble();
  }

  static void setsATimer() {
    Vertx.vertx().setTimer(1, id -> {});
  }

  static Exposure knowsTheGates() {
    return Exposure.ALL;
  }

  /** A reference is as good as a call. */
  static final class InTheLoop {
    private InTheLoop() {}

    static Supplier<Instant> clock() {
      return Instant::now;
    }
  }
}
