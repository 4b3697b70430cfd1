package dev.sluice.service.flags.nginx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.NginxEndpoint;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.FlagSystemContract;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Written;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file and the commands; nginx itself takes part in {@link RealNginxTest}. */
class NginxFlagsTest extends FlagSystemContract {
  private static final List<String> YES = List.of("true");
  private static final List<String> NO = List.of("sh", "-c", "echo no such upstream >&2; exit 3");
  private static final Flag FLAG = flag("checkout-v2");

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path machine;
  private Path folder = Path.of("");
  private NginxFlags system = system(YES, YES);

  @BeforeEach
  void setUp() throws IOException {
    folder = Files.createDirectory(machine.resolve("sluice"));
    system = system(YES, YES);
  }

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private NginxFlags system(List<String> test, List<String> reload) {
    return system(test, new NginxEndpoint.Reload.Command(reload), Duration.ofSeconds(20));
  }

  private NginxFlags system(List<String> test, NginxEndpoint.Reload reload, Duration timeout) {
    return new NginxFlags(
        vertx, "edge", new NginxEndpoint(file(), "$cookie_id", "on", "off", test, reload, timeout));
  }

  private Path file() {
    return folder.resolve("flags.conf");
  }

  private String text() {
    try {
      return Files.readString(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Flag flag(String key) {
    return new Flag(key, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  protected FlagSystem system() {
    return system;
  }

  @Override
  protected Flag freshFlag() {
    return FLAG;
  }

  @Override
  protected Flag missingFlag() {
    return flag("no flag; for nginx");
  }

  @Override
  protected void somebodyElseSets(Flag flag, Exposure exposure) {
    NginxFlags other = system(YES, YES);
    Reading.Seen seen = assertInstanceOf(Reading.Seen.class, await(other.read(flag)));
    await(other.set(flag, seen, exposure, NOTE));
  }

  @Override
  protected void reachable(boolean yes) {
    Path away = machine.resolve("away");
    try {
      Files.move(yes ? away : folder, yes ? folder : away);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Written set(NginxFlags with, double percent) {
    return await(with.set(FLAG, seen(FLAG), new Exposure(percent), NOTE));
  }

  private static String sentence(Written written) {
    return assertInstanceOf(Written.NotDone.class, written).trouble().sentence();
  }

  @Test
  void theFileIsWhatNginxReads() {
    set(system, 0.5);
    await(system.set(flag("search"), seen(flag("search")), Exposure.ALL, NOTE));
    await(system.set(flag("basket"), seen(flag("basket")), Exposure.NONE, NOTE));

    assertEquals(
        """

        split_clients "basket:$cookie_id" $sluice_basket {
            * off;
        }

        split_clients "checkout-v2:$cookie_id" $sluice_checkout_v2 {
            0.5% on;
            * off;
        }

        split_clients "search:$cookie_id" $sluice_search {
            * on;
        }
        """,
        text().replaceAll("(?m)^#.*\\n", ""));
  }

  @Test
  void whatNginxDoesNotTakeIsPutBackAndSaid() {
    set(system, 10);
    String before = text();

    String said = sentence(set(system(NO, YES), 50));

    assertTrue(said.contains("nginx does not take the new split, the old one is back"), said);
    assertTrue(said.contains("ended with 3: no such upstream"), said);
    assertEquals(before, text());
    assertEquals(new Exposure(10), seen(FLAG).exposure());
  }

  @Test
  void theFirstFileOfAllIsTakenAwayAgain() {
    sentence(set(system(NO, YES), 50));
    assertFalse(Files.exists(file()));
    assertEquals(Exposure.NONE, seen(FLAG).exposure());
  }

  @Test
  void aRaiseThatCannotBeLoadedIsPutBack() {
    set(system, 10);
    String before = text();

    String said = sentence(set(system(YES, NO), 50));

    assertTrue(said.contains("nginx cannot be reloaded, the old split is back"), said);
    assertEquals(before, text());
    assertEquals(new Exposure(10), seen(FLAG).exposure());
  }

  @Test
  void aRollbackThatCannotBeLoadedStaysInTheFileAndIsNotBelieved() {
    set(system, 10);

    String said = sentence(await(system(YES, NO).kill(FLAG, NOTE)));

    assertTrue(said.contains("nginx does not load it"), said);
    assertFalse(text().contains("10% on;"), "should nginx start anew, it starts without users");
    assertEquals(new Exposure(10), seen(FLAG).exposure(), "nginx still runs the old one");
    assertTrue(seen(FLAG).whole(), "so that it is tried again");

    assertInstanceOf(Written.Done.class, await(system.kill(FLAG, NOTE)));
    assertEquals(Exposure.NONE, seen(FLAG).exposure());
  }

  @Test
  void aCommandThatNeverEndsIsStopped() {
    NginxFlags stuck =
        system(
            List.of("sleep", "600"), new NginxEndpoint.Reload.Command(YES), Duration.ofSeconds(1));

    assertTrue(sentence(set(stuck, 50)).contains("'sleep 600' did not end within 1 s"));
  }

  @Test
  void aProgramThatIsNotThereIsSaid() {
    NginxFlags without = system(List.of("no-such-program"), YES);

    assertTrue(
        sentence(set(without, 50)).contains("'no-such-program' cannot be started"), "said so");
  }

  @Test
  void theSignalGoesToTheProcessInThePidFile() throws Exception {
    // Tests that were started with nohup ignore the signal, and so would their child.
    Process sleeper = new ProcessBuilder("env", "--default-signal=HUP", "sleep", "600").start();
    Path pidFile = machine.resolve("nginx.pid");
    NginxFlags signalled =
        system(YES, new NginxEndpoint.Reload.Signal(pidFile), Duration.ofSeconds(20));
    try {
      assertTrue(sentence(set(signalled, 10)).contains("does nginx run?"));
      Files.writeString(pidFile, "not a number\n");
      assertTrue(sentence(set(signalled, 10)).contains("There is no number in"));

      Files.writeString(pidFile, sleeper.pid() + "\n");
      assertInstanceOf(Written.Done.class, set(signalled, 10));

      assertTrue(sleeper.waitFor(20, TimeUnit.SECONDS), "it got something");
      assertEquals(128 + 1, sleeper.exitValue(), "it got HUP");
    } finally {
      sleeper.destroyForcibly();
    }
  }

  @Test
  void aFileThatSomebodyChangedIsReadAndNotRaisedFrom() throws IOException {
    set(system, 10);
    Files.writeString(file(), text().replace("10% on", "25% on"));

    assertEquals(new Exposure(25), seen(FLAG).exposure());
    assertTrue(seen(FLAG).oddities().getFirst().contains("was changed by hand"));

    assertInstanceOf(Written.Done.class, await(system.kill(FLAG, NOTE)));
    assertEquals(Exposure.NONE, seen(FLAG).exposure());
    assertTrue(seen(FLAG).whole());
  }

  @Test
  void anotherWayToTellUsersApartIsOdd() {
    set(system, 10);
    system =
        new NginxFlags(
            vertx,
            "edge",
            new NginxEndpoint(
                file(),
                "$remote_addr",
                "on",
                "off",
                YES,
                new NginxEndpoint.Reload.Command(YES),
                Duration.ofSeconds(20)));

    assertTrue(seen(FLAG).oddities().getFirst().contains("other users would get the canary"));
  }

  @Test
  void twoFlagsWithOneVariableAreRefused() {
    set(system, 10);
    Flag namesake = flag("checkout_v2");

    Written written = await(system.set(namesake, seen(namesake), new Exposure(1), NOTE));

    assertTrue(sentence(written).contains("would both be $sluice_checkout_v2"));
  }
}
