package dev.sluice.service.cli;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.AuditEntry;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What was changed in the database is found and named, whatever the engine. */
abstract class AuditCommandContract {
  private static final RolloutId ONE = new RolloutId("checkout-1");

  @TempDir protected Path folder;
  protected final Vertx vertx = Vertx.vertx();

  @SuppressWarnings("NullAway.Init")
  private RolloutStore store;

  /** With nothing in it. */
  abstract RolloutStore open();

  /** The part {@code store} of the configuration. */
  abstract String config();

  /** Does something to the database behind the store's back. */
  abstract void tamper(String sql);

  @BeforeEach
  void aRolloutThatWentAllTheWay() {
    store = open();
    await(store.commit(Samples.commit(ONE, 0, 3)));
    await(store.commit(Samples.commit(ONE, 3, 16)));
    await(store.commit(Samples.commit(ONE, 16, 20)));
  }

  @AfterEach
  void end() {
    await(store.close());
    await(vertx.close());
  }

  record Ran(int code, String out, String err) {}

  Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(Main.class)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran audit(String verb, String... more) {
    Path file = folder.resolve("sluice.yaml");
    try {
      Files.writeString(
          file, "prometheus: { main: { url: 'http://127.0.0.1:9090' } }\nstore:\n" + config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> arguments = new ArrayList<>(List.of("audit", verb, "--config=" + file));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private String head() {
    return audit("verify").out().strip().replace("whole, head ", "");
  }

  private void assertFound(String fault, Ran ran) {
    assertEquals(1, ran.code(), ran.out() + ran.err());
    assertTrue(ran.err().contains(fault), ran.err());
    assertEquals("NOT WHOLE", ran.out().strip());
  }

  @Test
  void aChainThatNobodyTouchedIsWholeAndItsHeadIsPrinted() {
    Ran ran = audit("verify");

    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().matches("whole, head 13:[0-9a-f]{64}\\R"), ran.out());
    assertEquals(0, audit("verify", "--expect=" + head()).code());
  }

  @Test
  void anEntryThatWasChangedIsNamed() {
    tamper("UPDATE audit SET body = replace(body, 'anna', 'bert') WHERE number = 2");

    Ran ran = audit("verify");

    assertFound("entry 2 was changed", ran);
    assertTrue(ran.err().contains("(promote by bert, rollout checkout-1"), ran.err());
  }

  @Test
  void anEventThatWasChangedIsNamed() {
    tamper("UPDATE events SET body = replace(body, 'lunch', 'never') WHERE version = 11");

    assertFound("event 11 of rollout checkout-1 was changed after entry 5", audit("verify"));
  }

  @Test
  void anEventThatIsGoneIsNamed() {
    tamper("DELETE FROM events WHERE version = 11");

    assertFound("entry 5 tells of event 11 of rollout checkout-1, which is gone", audit("verify"));
  }

  @Test
  void anEntryThatIsGoneIsNamed() {
    tamper("DELETE FROM audit WHERE number IN (3, 4)");

    assertFound("entries 3 to 4 are missing", audit("verify"));
  }

  @Test
  void whoMakesAHashFitBreaksTheNextOne() {
    String body = "(SELECT replace(body, 'anna', 'bert') FROM audit WHERE number = 2)";
    tamper(
        "UPDATE audit SET body = " + body + ", hash = '" + "f".repeat(64) + "' WHERE number = 2");

    Ran ran = audit("verify");

    assertFound("entry 2 was changed", ran);
    assertTrue(ran.err().contains("entry 3 was changed, or the one before it"), ran.err());
  }

  @Test
  void anEndThatWasCutOffIsFoundByWhoKeptTheHead() {
    String head = head();
    tamper("DELETE FROM audit WHERE number > 10");

    assertEquals(0, audit("verify").code(), "the chain alone cannot tell");
    assertFound("entry 13 was kept: the end was cut off", audit("verify", "--expect=" + head));
  }

  @Test
  void aChainThatWasWrittenAnewIsFoundByWhoKeptTheHead() {
    String head = head();
    String other = "13:" + "0".repeat(64);

    assertEquals(0, audit("verify", "--expect=" + head).code());
    assertFound("entry 13 is not the one that was kept", audit("verify", "--expect=" + other));
  }

  @Test
  void aHeadThatIsNoneIsWrongUsage() {
    assertEquals(2, audit("verify", "--expect=yesterday").code());
  }

  @Test
  void whatIsExportedCanBeCheckedWithoutUs() throws Exception {
    Ran ran = audit("export");

    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().toList();
    assertEquals(13, lines.size());
    String previous = AuditEntry.GENESIS;
    ObjectMapper json = new ObjectMapper();
    for (String line : lines) {
      JsonNode read = json.readTree(line);
      String entry = line.substring("{\"entry\":".length(), line.lastIndexOf(",\"previous\""));
      assertEquals(previous, read.path("previous").asText());
      assertEquals(AuditEntry.sha256(previous + "\n" + entry), read.path("hash").asText());
      previous = read.path("hash").asText();
    }
    JsonNode aborted = json.readTree(lines.getLast()).path("entry");
    assertEquals("abort", aborted.path("act").asText());
    assertEquals("enough", aborted.path("reason").asText());
    assertEquals("anna", aborted.path("actor").path("name").asText());
    assertEquals("PERSON", aborted.path("actor").path("kind").asText());
  }

  @Test
  void aConfigurationThatIsWrongIsSaid() {
    Ran ran = run("audit", "verify", "--config=" + folder.resolve("nowhere.yaml"));
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("nowhere.yaml"), ran.err());
  }
}
