package dev.sluice.service.cli;

import dev.sluice.service.calibration.Calibration;
import dev.sluice.service.calibration.CalibrationTable;
import dev.sluice.service.calibration.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice calibrate}: how often the judge is wrong and how soon it is right, measured. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Simulates days of rollouts whose truth is known and measures false alarms and detection, at both paces.",
      "Same seed and number of rollouts: same result. With --results a run that was stopped goes on where it stopped.",
      "Ends with 0 also where goals are missed: the table says so."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class CalibrateCommand implements Callable<Integer> {
  private static final int MOST_RUNS = 100_000;
  private static final int MOST_THREADS = 64;

  @Spec private CommandSpec spec;

  @Option(
      names = "--runs",
      defaultValue = "300",
      paramLabel = "N",
      description = "Rollouts of each row (${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Other numbers give other rollouts (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description = "How many rollouts at once (${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--only",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Only rows whose names contain this. Then no page is written.")
  private String only;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "Keeps each row when it is done, and goes on from what the file already has for this seed; more --runs add"
              + " to it. Begin with a new file after a change of the judge.")
  private Optional<Path> results;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Replaces the tables of this page (docs/concepts/calibration.md).")
  private Optional<Path> page;

  @Override
  public Integer call() throws InterruptedException {
    if (runs < 1 || runs > MOST_RUNS || threads < 1 || threads > MOST_THREADS) {
      return refuse(
          "--runs must be 1 to %d and --threads 1 to %d".formatted(MOST_RUNS, MOST_THREADS));
    }
    if (page.isPresent() && !only.isEmpty()) {
      return refuse("--page needs all rows; leave --only out");
    }
    if (Calibration.rows(only) == 0) {
      return refuse("no row has '" + only + "' in its name");
    }
    String before;
    try {
      before = page.isPresent() ? Files.readString(page.get()) : "";
    } catch (IOException e) {
      return refuse(page.get() + " cannot be read");
    }
    try (Calibration calibration = new Calibration(seed, runs, threads)) {
      Measured measured = Measured.from(results, seed);
      if (page.isPresent()) {
        CalibrationTable.into(before, measured, seed); // say it now, not in an hour
      }
      calibration.run(only, measured, new Told());
      if (page.isPresent()) {
        Files.writeString(page.get(), CalibrationTable.into(before, measured, seed));
      }
      return ExitCode.OPEN;
    } catch (IOException e) {
      return refuse("results cannot be kept: " + e.getMessage());
    } catch (CalibrationTable.NoPlace e) {
      return refuse(String.valueOf(e.getMessage()));
    }
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println("sluice calibrate: " + why);
    spec.commandLine().getErr().flush();
    return ExitCode.INVALID;
  }

  /** Rows go to standard output; how long it will take goes to whoever watches. */
  private final class Told implements Calibration.Listener {
    private final Instant begun = Instant.now();
    private final Progress progress =
        new Progress(spec.commandLine().getErr(), CommandLine.Help.Ansi.AUTO.enabled(), "rows");

    @Override
    public void finished(String line, int done, int of) {
      progress.clear();
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
      Duration left =
          Duration.between(begun, Instant.now()).multipliedBy(of - done).dividedBy(done);
      progress.line(
          "%d of %d rows, about %d min left".formatted(done, of, left.plusSeconds(30).toMinutes()));
    }
  }
}
