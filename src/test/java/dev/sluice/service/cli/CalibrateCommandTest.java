package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CalibrateCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int calibrate(String... arguments) {
    return new CommandLine(new CalibrateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void eachRowIsToldWithItsGoal() {
    assertEquals(
        ExitCode.OPEN, calibrate("--runs", "2", "--only", "100 a second, x5"), err.toString());

    assertEquals(1, out.toString().lines().count());
    assertTrue(out.toString().startsWith("100 a second, x5: swift 100 % [15.8, 100], median "));
    assertTrue(out.toString().strip().endsWith("(goal median at most 4.1)"), out.toString());
  }

  @Test
  void whatCannotBeDoneIsSaidBeforeAnythingIsSimulated() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "# No place for a table\n");

    assertEquals(ExitCode.INVALID, calibrate("--runs", "0"));
    assertEquals(ExitCode.INVALID, calibrate("--only", "x", "--page", page.toString()));
    assertEquals(ExitCode.INVALID, calibrate("--page", page.toString()));
    assertEquals(ExitCode.INVALID, calibrate("--page", folder.resolve("none.md").toString()));

    assertEquals(
        """
        sluice calibrate: --runs must be 1 to 100000 and --threads 1 to 64
        sluice calibrate: --page needs all rows; leave --only out
        sluice calibrate: the page needs the lines '<!-- written by: sluice calibrate -->' and \
        '<!-- end of what sluice calibrate wrote -->', in this order
        sluice calibrate: %s cannot be read
        """
            .formatted(folder.resolve("none.md")),
        err.toString());
    assertEquals("# No place for a table\n", Files.readString(page));
  }

  @Test
  void rowsThatNobodyHasAreAMistake() {
    assertEquals(ExitCode.INVALID, calibrate("--only", "no such row"));
    assertEquals("sluice calibrate: no row has 'no such row' in its name\n", err.toString());
  }
}
