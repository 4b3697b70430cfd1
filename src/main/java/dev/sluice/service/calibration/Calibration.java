package dev.sluice.service.calibration;

import dev.sluice.analyzer.JudgeSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the rows one after another. The outcome depends on seed and number of rollouts alone, not on
 * the number of threads.
 */
public final class Calibration implements AutoCloseable {
  private final long seed;
  private final int runs;
  private final ExecutorService threads;

  /**
   * @param runs rollouts of each row, at least 1
   * @param threads at least 1
   */
  public Calibration(long seed, int runs, int threads) {
    this.seed = seed;
    this.runs = runs;
    this.threads = Executors.newFixedThreadPool(threads);
  }

  /** How many rows have this in their names. */
  public static int rows(String only) {
    return named(only).size();
  }

  private static List<Row> named(String only) {
    return Sections.rows().stream().filter(r -> r.name().contains(only)).toList();
  }

  /** Hears of rows as they are finished. */
  public interface Listener {
    /**
     * @param line what came of the row, for people
     * @param done rows finished, this one included
     */
    void finished(String line, int done, int of);
  }

  /**
   * Measures every row at every pace, as far as that has not been done yet.
   *
   * @param only rows whose names contain this; empty for all
   * @throws IOException if a result cannot be kept
   * @throws InterruptedException if somebody wants it to stop
   */
  public void run(String only, Measured measured, Listener listener)
      throws IOException, InterruptedException {
    List<Row> rows = named(only);
    int done = 0;
    for (Row row : rows) {
      for (JudgeSettings.Pace pace : JudgeSettings.Pace.values()) {
        List<OptionalInt> known = measured.alarms(row, pace);
        if (known.size() < runs) {
          List<OptionalInt> all = new ArrayList<>(known);
          all.addAll(alarms(row, pace, known.size()));
          measured.put(row, pace, all);
        }
      }
      done++;
      listener.finished(CalibrationTable.line(row, measured), done, rows.size());
    }
  }

  private List<OptionalInt> alarms(Row row, JudgeSettings.Pace pace, int from)
      throws InterruptedException {
    Simulation simulation = new Simulation(row, seed);
    List<Future<OptionalInt>> coming = new ArrayList<>();
    for (int run = from; run < runs; run++) {
      int number = run;
      coming.add(threads.submit(() -> simulation.alarm(number, pace)));
    }
    List<OptionalInt> alarms = new ArrayList<>();
    for (Future<OptionalInt> alarm : coming) {
      alarms.add(get(alarm));
    }
    return alarms;
  }

  private static OptionalInt get(Future<OptionalInt> alarm) throws InterruptedException {
    try {
      return alarm.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a simulated rollout could not be judged", e.getCause());
    }
  }

  /** Whatever is still running is given up. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
