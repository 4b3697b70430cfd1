package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int sluice(String... arguments) {
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static Path scenarios(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(SimulateCommandTest.class.getResource("/stats/scenarios/" + name))
            .toURI());
  }

  @Test
  void oneLineComesOutForEveryScenario() throws Exception {
    int code =
        sluice(
            scenarios("smoke-rate-x2.json").toString(),
            scenarios("smoke-rate-ramp-null.json").toString());

    assertEquals(ExitCode.OPEN, code, err.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.getFirst().startsWith("{\"id\":\"smoke-rate-x2\",\"decision\":\"harm\""));
    assertEquals("2 scenarios judged.", err.toString().strip());
  }

  @Test
  void aBrokenScenarioIsNamedAndTheOthersAreJudged() throws Exception {
    Files.copy(scenarios("smoke-rate-x2.json"), folder.resolve("good.json"));
    Files.writeString(folder.resolve("bad.json"), "{\"format\":\"canary-scenario/1\"}");
    Files.writeString(folder.resolve("readme.txt"), "not meant");
    Path to = folder.resolve("decisions.jsonl");

    int code = sluice(folder.toString(), "--out", to.toString());

    assertEquals(ExitCode.INVALID, code);
    assertEquals(1, Files.readAllLines(to).size());
    assertEquals(
        List.of(
            "sluice simulate: " + folder.resolve("bad.json") + ": id must be a text, was not there",
            "1 scenario judged, 1 could not be read."),
        err.toString().lines().toList());
  }

  @Test
  void thePaceIsChosenByItsWordAndOtherWordsAreRefused() throws Exception {
    String file = scenarios("smoke-rate-late-x3.json").toString();
    assertEquals(ExitCode.OPEN, sluice(file));
    assertEquals(ExitCode.OPEN, sluice("--pace", "swift", file));
    List<String> lines = out.toString().lines().toList();
    assertTrue(!lines.get(0).equals(lines.get(1)), "the paces weigh evidence alike");

    assertEquals(ExitCode.INVALID, sluice("--pace", "SLOW", file));
    assertTrue(err.toString().contains("must be swift or steady, was 'SLOW'"), err.toString());
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    assertEquals(ExitCode.INVALID, sluice(folder.resolve("nowhere").toString()));
    assertEquals(ExitCode.INVALID, sluice(folder.toString()));
    assertEquals(
        List.of(
            "sluice simulate: " + folder.resolve("nowhere") + " does not exist",
            "sluice simulate: no .json or .json.gz file in [" + folder + "]"),
        err.toString().lines().toList());
  }
}
