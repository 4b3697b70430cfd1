package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.flags.unleash.RealUnleash;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code sluice flag} prints of a real Unleash, and its exit codes. */
class FlagCommandTest {
  private final RealUnleash unleash = RealUnleash.shared();
  @TempDir private Path folder;

  @BeforeEach
  void theConfigurationLiesInAFolder() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    Files.writeString(
        folder.resolve("sluice.yaml"),
        """
        prometheus: { main: { url: 'http://127.0.0.1:9' } }
        flags:
          unleash: { type: unleash, url: '%1$s', token: '%2$s', environment: production }
          stranger: { type: unleash, url: '%1$s', token: '*:*.wrong', environment: production }
          away: { type: unleash, url: 'http://127.0.0.1:%3$d', token: '%2$s', environment: production }
          told: { type: webhook, url: '%1$s', secrets: ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3'] }
        """
            .formatted(unleash.url(), RealUnleash.ADMIN_TOKEN, nobody));
  }

  private record Run(int exit, String out, String err) {}

  private Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("flag"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--config", folder.resolve("sluice.yaml").toString()));
    int exit =
        new CommandLine(Main.class)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertFalse((out + "" + err).contains(RealUnleash.ADMIN_TOKEN), out + "" + err);
    return new Run(exit, out.toString(), err.toString());
  }

  @Test
  void aFlagThatARolloutCouldMoveIsFine() {
    String key = unleash.newFlag("sluice");

    Run run = run("doctor", "unleash", "--key", key, "--owned", "sluice");

    assertEquals(ExitCode.OPEN, run.exit(), run.toString());
    assertTrue(run.out().contains("Our token may write strategy 'sluice'"), run.out());
    assertTrue(run.out().endsWith("A rollout could move " + key + " of unleash.\n"), run.out());
  }

  @Test
  void everythingThatIsInTheWayIsSaidWithItsRemedy() {
    String key = unleash.newFlag("other");
    unleash.strategy(key, "old way", "100");

    Run run = run("doctor", "unleash", "--key", key, "--owned", "sluice");

    assertEquals(ExitCode.INVALID, run.exit(), run.toString());
    assertTrue(run.out().contains("has no strategy 'sluice'"), run.out());
    assertTrue(run.out().contains("'old way' (flexibleRollout)"), run.out());
    assertTrue(run.out().contains("-> Disable it"), run.out());
  }

  @Test
  void forMachinesItIsJson() {
    String key = unleash.newFlag("sluice");

    Run doctor = run("doctor", "unleash", "--key", key, "-o", "json");
    Run show = run("show", "unleash", "--key", key, "-o", "json");

    assertTrue(doctor.out().contains("\"works\" : true"), doctor.out());
    assertTrue(show.out().contains("\"percent\" : 0.0"), show.out());
    assertTrue(show.out().contains("\"lastChange\" : \"admin turned it on at"), show.out());
  }

  @Test
  void whereAFlagStandsIsShown() {
    String key = unleash.newFlag("sluice");
    unleash.patch(key, "/parameters/rollout", "\"37\"");

    Run run = run("show", "unleash", "--key", key);

    assertEquals(ExitCode.OPEN, run.exit(), run.toString());
    assertTrue(run.out().startsWith(key + " of unleash: 37 % of the users\n"), run.out());
    assertTrue(run.out().contains("last change: admin set strategy 'sluice' from 0 to 37 %"));
  }

  @Test
  void whatGoesWrongHasAnExitCodeOfItsOwn() {
    String key = unleash.newFlag("sluice");

    assertEquals(ExitCode.REFUSED, run("doctor", "stranger", "--key", key).exit());
    assertEquals(ExitCode.REFUSED, run("show", "stranger", "--key", key).exit());
    assertEquals(ExitCode.CANNOT_TELL, run("doctor", "away", "--key", key).exit());
    assertEquals(ExitCode.CANNOT_TELL, run("show", "away", "--key", key).exit());
    assertEquals(ExitCode.INVALID, run("doctor", "unleash", "--key", "nowhere").exit());
    assertEquals(ExitCode.CANNOT_TELL, run("doctor", "told", "--key", key).exit());
    assertEquals(ExitCode.INVALID, run("doctor", "unleash").exit());
    assertEquals(ExitCode.INVALID, run("doctor", "nobody", "--key", key).exit());
    assertEquals(ExitCode.INVALID, run("show", "unleash", "--key", key, "-o", "xml").exit());
  }
}
