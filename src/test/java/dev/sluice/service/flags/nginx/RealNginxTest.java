package dev.sluice.service.flags.nginx;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.NginxEndpoint;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Written;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two thousand users ask a real nginx, while its split is moved. */
class RealNginxTest {
  private static final Flag FLAG =
      new Flag("checkout-v2", Optional.empty(), Optional.empty(), Optional.empty());
  private static final Note NOTE = new Note("checkout-1", "because the test says so");
  private static final List<String> NOTHING = List.of("true");

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;
  private Optional<RealNginx> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(folder.resolve("sluice"));
    NginxFlags first = system(NOTHING, new NginxEndpoint.Reload.Command(NOTHING));
    assertInstanceOf(Written.Done.class, set(first, 0));
    running = Optional.of(new RealNginx(folder, file()));
  }

  @AfterEach
  void stop() {
    running.ifPresent(RealNginx::close);
    await(vertx.close());
  }

  private RealNginx nginx() {
    return running.orElseThrow();
  }

  private Path file() {
    return folder.resolve("sluice").resolve("flags.conf");
  }

  private NginxFlags system(List<String> test, NginxEndpoint.Reload reload) {
    return new NginxFlags(
        vertx,
        "edge",
        new NginxEndpoint(file(), "$arg_user", "on", "off", test, reload, Duration.ofSeconds(30)));
  }

  private NginxFlags system() {
    return system(nginx().test(), new NginxEndpoint.Reload.Command(nginx().reload()));
  }

  private static Written set(NginxFlags system, double percent) {
    return await(system.set(FLAG, seen(system), new Exposure(percent), NOTE));
  }

  private static Reading.Seen seen(NginxFlags system) {
    return assertInstanceOf(Reading.Seen.class, await(system.read(FLAG)));
  }

  @Test
  void asManyUsersAreOnTheCanaryAsWasSetAndNobodyLeavesUntilItIsTakenBack() {
    NginxFlags system = system();
    assertEquals(new TreeSet<>(), nginx().onTheCanary(0, 0));
    Set<Integer> before = new TreeSet<>();
    for (double percent : List.of(1.0, 10.0, 50.0, 100.0)) {
      assertInstanceOf(Written.Done.class, set(system, percent));
      double slack = 4 * Math.sqrt(percent * (100 - percent) / 2000);

      Set<Integer> on = nginx().onTheCanary(percent - slack, percent + slack);

      assertTrue(on.size() > before.size());
      assertTrue(on.containsAll(before), "everybody who was in at less is in at " + percent);
      before = on;
    }

    assertInstanceOf(Written.Done.class, await(system.kill(FLAG, NOTE)));
    nginx().onTheCanary(0, 0);
  }

  @Test
  void whatNginxRefusesIsPutBackAndTheUsersStayWhereTheyAre() throws IOException {
    NginxFlags system = system();
    set(system, 10);
    Set<Integer> before = nginx().onTheCanary(7, 13);
    String text = Files.readString(file());
    nginx().breakConfiguration();

    Written.NotDone not = assertInstanceOf(Written.NotDone.class, set(system, 50));

    assertTrue(not.trouble().sentence().contains("unknown directive"), not.toString());
    assertEquals(text, Files.readString(file()));
    assertEquals(before, nginx().onTheCanary(0, 100));
    assertTrue(
        await(system.preflight(FLAG)).stream().anyMatch(f -> f.level() == Finding.Level.PROBLEM));

    nginx().mendConfiguration();
    assertInstanceOf(Written.Done.class, set(system, 50));
    nginx().onTheCanary(45, 55);
  }

  @Test
  void aSignalToItsMainProcessReloadsItAsWell() {
    NginxFlags system = system(nginx().test(), new NginxEndpoint.Reload.Signal(nginx().pidFile()));

    assertInstanceOf(Written.Done.class, set(system, 50));

    nginx().onTheCanary(45, 55);
  }

  @Test
  void anNginxThatIsDownKeepsARollbackForItsNextStart() throws IOException {
    NginxFlags system = system();
    set(system, 50);
    nginx().onTheCanary(45, 55);
    nginx().close();

    assertInstanceOf(Written.NotDone.class, await(system.kill(FLAG, NOTE)));
    assertEquals(new Exposure(50), seen(system).exposure(), "nobody has loaded it");

    running = Optional.of(new RealNginx(folder, file()));
    nginx().onTheCanary(0, 0);
    assertInstanceOf(Written.Done.class, await(system().kill(FLAG, NOTE)));
    assertEquals(Exposure.NONE, seen(system()).exposure());
  }
}
