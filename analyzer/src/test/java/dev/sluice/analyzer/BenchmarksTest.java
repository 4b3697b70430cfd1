package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks run, each once. What they measure is not looked at: bin/bench does that. */
class BenchmarksTest {

  @Test
  void everyBenchmarkRuns() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // nothing is measured, so others may run
    int results =
        new Runner(
                new OptionsBuilder()
                    .include("dev\\.sluice\\.analyzer\\..*Benchmark")
                    .param("history", "10")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(1))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run()
            .size();
    assertEquals(2 * 7 + 3, results, "benchmarks of a metric, and of a whole judge");
  }

  @Test
  void theCostsOfALookAreATable() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LookCosts.print(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), 1, List.of("countsLimit"));
    String table = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(table.contains("| countsLimit | 10 |"), table);
    assertTrue(table.contains("| countsLimit | 10000 |"), table);
  }
}
