package dev.sluice.service.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.JudgeSettings.Pace;
import dev.sluice.service.calibration.Outcome.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  /** The tests run in the folder of their module. */
  private static final Path PAGE = Path.of("..", "docs", "concepts", "calibration.md");

  @TempDir private Path folder;

  private static Row row(String name) {
    return Sections.rows().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<OptionalInt> alarms(int... looks) {
    return IntStream.of(looks)
        .mapToObj(l -> l == 0 ? OptionalInt.empty() : OptionalInt.of(l))
        .toList();
  }

  @Test
  void theSameSeedGivesTheSameRolloutsForEver() {
    Stream<String> lines =
        Stream.of(
                "10 a second, x2",
                "10 a second, x2 after 6 h",
                "100 a second, all +5 %",
                "value +25 %, AR 0.8")
            .map(
                name -> {
                  Simulation simulation = new Simulation(row(name), 1);
                  return name
                      + ": "
                      + IntStream.range(0, 4)
                          .mapToObj(run -> simulation.alarm(run, Pace.STEADY))
                          .map(a -> a.isPresent() ? String.valueOf(a.getAsInt()) : "never")
                          .collect(Collectors.joining(" "));
                });

    assertEquals(
        """
        10 a second, x2: 11 6 10 10
        10 a second, x2 after 6 h: 382 370 376 389
        100 a second, all +5 %: 4 5 5 4
        value +25 %, AR 0.8: 162 309 24 316
        """,
        lines.collect(Collectors.joining("\n", "", "\n")));
  }

  /** Seeds a stride apart would be one long row of numbers, read from neighbouring places. */
  @Test
  void rolloutsHaveNoRandomNumberInCommon() {
    Set<Double> drawn = new HashSet<>();
    for (long seed = 0; seed < 4; seed++) {
      for (int run = 0; run < 50; run++) {
        Chance chance = new Chance(new Simulation(row("10 a second, x2"), seed).seedOf(run));
        for (int i = 0; i < 100; i++) {
          drawn.add(chance.uniform());
        }
      }
    }

    assertEquals(4 * 50 * 100, drawn.size());
  }

  @Test
  void theNumberOfThreadsChangesNothingAndMoreRolloutsAddToThoseThatAreKept() throws Exception {
    Path file = folder.resolve("results.jsonl");
    String only = "100 a second, x5";
    List<String> told = new ArrayList<>();
    try (Calibration few = new Calibration(1, 2, 1)) {
      few.run(only, Measured.from(Optional.of(file), 1), (line, done, of) -> told.add(line));
    }
    try (Calibration more = new Calibration(1, 6, 1)) {
      more.run(only, Measured.from(Optional.of(file), 1), (line, done, of) -> told.add(line));
    }
    try (Calibration anew = new Calibration(1, 6, 3)) {
      anew.run(only, Measured.from(Optional.empty(), 1), (line, done, of) -> told.add(line));
    }

    assertEquals(3, told.size());
    assertEquals(told.get(1), told.get(2));
    assertEquals(4, Files.readAllLines(file).size());
    assertTrue(Measured.from(Optional.of(file), 2).of(row(only), Pace.SWIFT).isEmpty());
  }

  @Test
  void aFileThatIsNoneOfOursIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("results.jsonl"), "row;pace\n");

    IOException said = assertThrows(IOException.class, () -> Measured.from(Optional.of(file), 1));

    assertEquals(
        file
            + " is no file of measured rows, at line 1; name another one, or delete it to begin anew",
        said.getMessage());
  }

  @Test
  void aMissThatChanceExplainsIsNotCalledMoreThanThat() {
    Goal atMost = new Goal.AlarmsAtMost(0.01);
    assertEquals(Standing.MET, new Outcome(0, alarms(new int[100])).standing(atMost));
    assertEquals(Standing.MISSED_BY_CHANCE, new Outcome(0, alarms(5, 0, 0)).standing(atMost));
    assertEquals(Standing.NOT_MET, new Outcome(0, alarms(5, 6, 0)).standing(atMost));
    Goal median = new Goal.MedianAtMost(10);
    assertEquals(Standing.MISSED_BY_CHANCE, new Outcome(0, alarms(5, 11, 12)).standing(median));
    assertEquals(
        Standing.NOT_MET,
        new Outcome(0, alarms(new int[20])).standing(new Goal.FoundAtLeast(0.9, 60)));
  }

  @Test
  void theMedianCountsRolloutsInWhichNothingWasFound() {
    assertEquals(OptionalInt.of(7), new Outcome(10, alarms(0, 12, 17)).median());
    assertEquals(OptionalInt.empty(), new Outcome(10, alarms(0, 0, 17)).median());
    Outcome early = new Outcome(10, alarms(3, 12, 17));
    assertEquals(1, early.early());
    assertEquals(2, early.found());
  }

  @Test
  void rowsHaveNamesOfTheirOwn() {
    List<String> names = Sections.rows().stream().map(Row::name).toList();

    assertEquals(names.size(), new HashSet<>(names).size());
  }

  @Test
  void thePagesTablesHaveTheRowsAndGoalsOfTheCode() throws Exception {
    String page = Files.readString(PAGE);
    String written =
        page.substring(page.indexOf(CalibrationTable.BEGIN), page.indexOf(CalibrationTable.END));
    String unmeasured = CalibrationTable.text(Measured.from(Optional.empty(), 1), 1);

    assertEquals(skeleton(unmeasured), skeleton(written));
  }

  /** Headings and sentences whole, of rows what the code says and not what was measured. */
  private static List<String> skeleton(String text) {
    return text.lines()
        .filter(l -> l.startsWith("|") || l.startsWith("#"))
        .map(l -> l.startsWith("|") ? String.join("|", List.of(l.split("\\|")).subList(0, 3)) : l)
        .toList();
  }

  @Test
  void onlyWhatStandsBetweenTheMarkersIsReplaced() throws Exception {
    Measured nothing = Measured.from(Optional.empty(), 1);
    String page =
        "before\n" + CalibrationTable.BEGIN + "\nold\n" + CalibrationTable.END + "\nafter\n";

    String once = CalibrationTable.into(page, nothing, 1);

    assertTrue(once.startsWith("before\n" + CalibrationTable.BEGIN), once);
    assertTrue(once.endsWith(CalibrationTable.END + "\nafter\n"), once);
    assertEquals(once, CalibrationTable.into(once, nothing, 1));
    assertThrows(
        CalibrationTable.NoPlace.class, () -> CalibrationTable.into("no markers", nothing, 1));
  }
}
