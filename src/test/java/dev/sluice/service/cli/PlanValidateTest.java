package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.plan.Texts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code sluice plan validate} prints, and its exit codes. */
class PlanValidateTest {
  private static final String BASE = Texts.resource("/plan/base.plan.yaml");
  private static final String BROKEN =
      BASE.replace("onDrift", "onDrfit").replace("percent: 50", "percent: 50%");

  @TempDir Path folder;

  @BeforeEach
  void plansLieInAFolder() throws IOException {
    write("good.yaml", BASE);
    write("broken.yaml", BROKEN);
    write("migration.yaml", Texts.repository("docs/examples/checkout-migration.plan.yaml"));
    write("sluice.yaml", "prometheus: { prd: { url: 'http://prometheus:9090' } }\n");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /**
   * @param out with the folder's name taken out
   */
  private record Run(int exit, String out, String err) {}

  private Run run(String... arguments) {
    return runWith("", arguments);
  }

  private Run runWith(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PlanValidate command =
        new PlanValidate(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    int exit =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(exit, out.toString().replace(folder + "/", ""), err.toString());
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aValidPlanIsCalledValid() {
    Run run = run(file("good.yaml"));
    assertEquals(ExitCode.OPEN, run.exit());
    assertEquals("good.yaml is valid: 5 steps, 4 metrics\n", run.out());
    assertEquals("", run.err());
  }

  @Test
  void everyProblemIsALineWithItsPlace() {
    Run run = run(file("broken.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        """
        broken.yaml:66:16: 'percent' must be a number, not text (write 50)
        broken.yaml:82:5: unknown field 'onDrfit' (did you mean 'onDrift'?)
        """,
        run.out());
  }

  @Test
  void oneBrokenPlanAmongGoodOnesIsEnough() {
    Run run = run(file("good.yaml"), file("broken.yaml"), file("good.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(4, run.out().lines().count());
  }

  @Test
  void whatTheAuthorProbablyDidNotMeanIsANoteAndNoError() {
    Run run = run(file("migration.yaml"));
    assertEquals(ExitCode.OPEN, run.exit());
    List<String> lines = run.out().lines().toList();
    assertEquals(2, lines.size());
    assertEquals(
        "migration.yaml:114:86: note: p99 is not judged in step 'keep-old': it has no baseline,"
            + " and the metric has no limit",
        lines.getFirst());
    assertEquals("migration.yaml is valid: 10 steps, 8 metrics", lines.get(1));
  }

  @Test
  void aHyphenReadsStandardInput() {
    Run run = runWith(BROKEN, "-");
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        "standard input:66:16: 'percent' must be a number, not text (write 50)",
        run.out().lines().toList().getFirst());
    assertEquals("standard input is valid: 5 steps, 4 metrics\n", runWith(BASE, "-").out());
  }

  @Test
  void filesThatCannotBeReadAreSaidPlainly() throws IOException {
    Files.write(folder.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xfc});
    Files.write(folder.resolve("zeros.yaml"), new byte[100]);
    byte[] large = new byte[2_000_000];
    Arrays.fill(large, (byte) '#');
    Files.write(folder.resolve("large.yaml"), large);
    Run run =
        run(
            file("nowhere.yaml"),
            folder.toString(),
            file("latin1.yaml"),
            file("zeros.yaml"),
            file("large.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        """
        nowhere.yaml: cannot be read: there is no such file
        FOLDER: cannot be read: this is a folder
        latin1.yaml: cannot be read: it is not encoded in UTF-8
        zeros.yaml:1:1: the character U+0000 cannot be part of a YAML text (is this a text file, encoded in UTF-8?)
        large.yaml: cannot be read: it is larger than 1024 KiB
        """,
        run.out().replace(folder.toString(), "FOLDER"));
  }

  @Test
  void namesAreHeldAgainstTheConfiguration() {
    Run run = run("--config", file("sluice.yaml"), file("good.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        """
        good.yaml:10:17: no data source is called 'prod' in the server configuration (did you mean 'prd'?)
        good.yaml:80:13: no flag system is called 'unleash' in the server configuration (configured: none)
        good.yaml:87:13: no sink is called 'slack' in the server configuration (configured: none)
        """,
        run.out());
  }

  @Test
  void aBrokenConfigurationIsSaidToo() throws IOException {
    write("sluice.yaml", "prometheus: { prod: { ulr: 'http://prometheus:9090' } }\n");
    Run run = run("--config", file("sluice.yaml"), file("good.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        """
        sluice.yaml:1:15: data source 'prod' needs 'url' (without /api/v1)
        sluice.yaml:1:23: unknown field 'ulr' (did you mean 'url'?)
        good.yaml is valid: 5 steps, 4 metrics
        """,
        run.out());
  }

  @Test
  void machinesGetJson() {
    Run run = run("--format", "json", file("good.yaml"), file("broken.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        Texts.resource("/cli/plan-validate.json").strip(),
        run.out().strip().replaceAll("\"hash\":\"[0-9a-f]{64}\"", "\"hash\":\"...\""));
  }

  @Test
  void pullRequestsGetAnnotations() throws IOException {
    write("100%, or: more.yaml", BROKEN);
    Run run = run("--format", "github", file("good.yaml"), file("100%, or: more.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals(
        """
        good.yaml is valid: 5 steps, 4 metrics
        ::error file=100%25%2C or%3A more.yaml,line=66,col=16::'percent' must be a number, not text (write 50)
        ::error file=100%25%2C or%3A more.yaml,line=82,col=5::unknown field 'onDrfit' (did you mean 'onDrift'?)
        """,
        run.out());
  }

  @Test
  void wrongUsageIsSaidOnTheOtherStream() {
    assertEquals(ExitCode.INVALID, run().exit());
    Run run = run("--format", "xml", file("good.yaml"));
    assertEquals(ExitCode.INVALID, run.exit());
    assertEquals("", run.out());
    assertTrue(run.err().contains("'xml' is none of text, json, github"), run.err());
  }

  @Test
  void theCommandIsPartOfSluice() {
    CommandLine plan = new CommandLine(new PlanCommand());
    assertTrue(plan.getSubcommands().containsKey("validate"));
    Class<?>[] commands = Main.class.getAnnotation(picocli.CommandLine.Command.class).subcommands();
    assertTrue(Arrays.asList(commands).contains(PlanCommand.class));
  }
}
