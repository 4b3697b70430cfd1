package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.Command;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Golden;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.loop.Rejudged;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RunCommandTest {
  private static final String NOW = "--now=2026-03-02T13:43:57Z";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private record Ran(int code, String out, String err) {}

  private static Ran execute(Object command, List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=http://127.0.0.1:" + server.port);
    return execute(new RunCommand(), all);
  }

  private Ran check(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=http://127.0.0.1:" + server.port);
    return execute(new CheckCommand(), all);
  }

  @Test
  void theStatusOfARolloutIsReadAtAGlance() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    Ran status = run("status", "checkout-1", NOW);

    assertEquals(0, status.code(), status.err());
    Golden.check("cli/status.txt", status.out());
  }

  @Test
  void thePlansNameMeansItsNewestRollout() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertEquals(run("status", "checkout-1", NOW).out(), run("status", "checkout", NOW).out());
  }

  @Test
  void asciiIsEnoughWhereItHasToBe() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    Ran status = run("status", "checkout-1", "--ascii", NOW);

    Golden.check("cli/status-ascii.txt", status.out());
    assertTrue(status.out().chars().allMatch(c -> c < 127));
  }

  @Test
  void theStatusAsJsonIsWhatTheServerSaid() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    Ran status = run("status", "checkout-1", "-o", "json");

    assertEquals(server.get("/api/v1/rollouts/checkout-1").body() + "\n", status.out());
  }

  @Test
  void whatWasRolledBackSaysWhy() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.look("checkout-1", Scenes.harmful());
    server.scenes.confirmed("checkout-1");

    Golden.check("cli/status-rolled-back.txt", run("status", "checkout", NOW).out());
  }

  @Test
  void aLookThatDoesNotComeIsOverdue() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    String soon = run("status", "checkout-1", "--now=2026-03-02T13:44:20Z").out();
    String late = run("status", "checkout-1", "--now=2026-03-02T13:50:00Z").out();

    assertTrue(soon.contains("   next look now"), soon);
    assertTrue(late.contains("   next look overdue by 5 min 45 s"), late);
  }

  @Test
  void whatIsHeldSaysSinceWhenAndHowLongThatIs() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.look("checkout-1", Scenes.blindOnLatency());

    String held = run("status", "checkout-1", "--now=2026-03-02T13:50:00Z").out();

    assertTrue(held.matches("(?s).*   held since 13:4\\d UTC \\(\\d min.* ago\\).*"), held);
  }

  @Test
  void rolloutsAreListed() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.begun("basket-1", Scenes.plan("basket"));

    Golden.check("cli/list.txt", run("list", NOW).out());
  }

  @Test
  void anEmptyListSaysHowToBegin() {
    assertEquals("No rollout yet. Start one with: sluice run start plan.yaml\n", run("list").out());
  }

  @Test
  void aPlanInAFileIsStarted(@TempDir Path folder) throws IOException {
    Path plan = Files.writeString(folder.resolve("plan.yaml"), "metadata:\n  name: checkout\n");

    Ran started = run("start", plan.toString());

    assertEquals(0, started.code(), started.err());
    assertEquals(
        """
        Started checkout-1: Moving from 0 % to 1 %.
        Follow it with: sluice run status -w checkout-1
        """,
        started.out());
    assertEquals("checkout-1", server.scenes.load("checkout-1").id().value());
  }

  @Test
  void aPlanOfTheServerIsStarted() {
    server.put("/api/v1/plans/checkout", "metadata:\n  name: checkout\n");

    assertEquals(0, run("start", "checkout").code());
    Ran second = run("start", "checkout");
    assertEquals(5, second.code());
    assertEquals("Rollout checkout-1 of this plan is running. End it first.\n", second.err());
  }

  @Test
  void mistakesInAPlanAreSaidWithTheirPlaces(@TempDir Path folder) throws IOException {
    Path plan = Files.writeString(folder.resolve("plan.yaml"), "broken\n");

    Ran refused = run("start", plan.toString());

    assertEquals(2, refused.code());
    assertEquals(
        "2 mistakes in the plan.\n  "
            + plan
            + ":12:7: unknown field 'onDrfit' (did you mean 'onDrift'?)\n"
            + "  a plan needs at least one step\n",
        refused.err());
    assertEquals("", refused.out());
  }

  @Test
  void aFileThatIsNotThereIsNotTakenForAPlan() {
    Ran refused = run("start", "plans/checkout.yaml");

    assertEquals(2, refused.code());
    assertEquals("There is no file plans/checkout.yaml.\n", refused.err());
  }

  @Test
  void everyVerbReachesTheRollout() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.confirmed("checkout-1");
    server.scenes.look("checkout-1", Scenes.well());

    assertEquals(
        "checkout   Paused by somebody on loopback at 1 %. lunch.\n",
        run("pause", "checkout", "--reason", "lunch").out());
    assertEquals(0, run("resume", "checkout-1").code());
    Ran without = run("promote", "checkout-1");
    assertEquals(5, without.code());
    assertTrue(without.err().contains("Say why you go on all the same."), without.err());
    assertEquals(0, run("promote", "checkout-1", "--reason", "tested by hand").code());
    assertEquals(5, run("approve", "checkout-1").code());
    assertEquals(5, run("pause", "checkout-1", "--expect-version", "3").code());
    assertEquals(
        "checkout   Rolling back to 0 %. somebody on loopback rolled back by hand.\n",
        run("rollback", "checkout").out());
    assertEquals(5, run("abort", "checkout", "--reason", "enough").code());
  }

  @Test
  void aReasonCannotPlayWithTheTerminal() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "a\u001b[2Jb\nc\u0007"));

    String out = run("status", "checkout-1", NOW).out();

    assertFalse(out.contains("\u001b"), out);
    assertFalse(out.contains("\u0007"), out);
    assertTrue(out.startsWith("checkout   Paused by anna at 0 %. a [2Jb c"), out);
  }

  @Test
  void watchingEndsWithTheRolloutAndTellsHowItEnded() throws Exception {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    CompletableFuture<Ran> watched =
        CompletableFuture.supplyAsync(() -> run("status", "-w", "checkout-1", NOW));
    server.post("/api/v1/rollouts/checkout-1/abort", "{\"reason\":\"enough\"}");

    Ran ran = watched.get(20, TimeUnit.SECONDS);
    assertEquals(1, ran.code(), ran.err());
    assertTrue(
        ran.out().endsWith("checkout  Aborted by somebody on loopback at 0 %. enough.\n"),
        ran.out());
  }

  @Test
  void watchingAsJsonIsOneLineForEachVersion() throws Exception {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    CompletableFuture<Ran> watched =
        CompletableFuture.supplyAsync(() -> run("status", "-w", "checkout-1", "-o", "json"));
    server.post("/api/v1/rollouts/checkout-1/abort", "{\"reason\":\"enough\"}");

    Ran ran = watched.get(20, TimeUnit.SECONDS);
    List<String> lines = ran.out().lines().toList();
    assertEquals(
        "aborted",
        SluiceJson.read(lines.getLast(), com.fasterxml.jackson.databind.JsonNode.class)
            .get("state")
            .textValue());
  }

  @Test
  void watchingGivesUpWhenItsTimeIsOver() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    Ran ran = run("status", "-w", "--timeout", "1s", "checkout-1", NOW);

    assertEquals(3, ran.code());
    assertEquals("Not ended within PT1S.\n", ran.err());
  }

  /** The table of docs/reference/cli.md. */
  @Test
  void theWordOfTheGateHasItsExitCode() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    assertGate(0, "open", "--step", "users-1");
    assertGate(3, "unclear", "--step", "users-10");
    assertGate(3, "unclear", "--step", "users-50");
    assertGate(3, "unclear", "--step", "users-1", "--since", "2026-03-02T10:00:01Z");
    server.scenes.looks("checkout-1", 3, Scenes.blindOnLatency());
    assertGate(4, "error");
    server.scenes.look("checkout-1", Scenes.harmful());
    assertGate(1, "closed");
    assertGate(1, "closed", "--rollout", "checkout-1");
  }

  private void assertGate(int code, String word, String... more) {
    List<String> arguments = new ArrayList<>(List.of("checkout"));
    arguments.addAll(List.of(more));
    Ran ran = check(arguments.toArray(String[]::new));
    assertEquals(word + "\n", ran.out(), ran.err());
    assertEquals(code, ran.code());
  }

  @Test
  void whatCannotBeAskedIsNoYes() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertEquals(2, check("basket").code());
    assertEquals(2, check("checkout", "--step", "users-2").code());
    assertEquals(2, check("checkout", "--since", "yesterday").code());
    assertEquals(2, check().code());
    server.breakStore();
    Ran broken = check("checkout", "--step", "users-1");
    assertEquals(4, broken.code());
    assertEquals("error\n", broken.out());
  }

  @Test
  void theReasonIsPrintedWhereItIsAskedFor() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertEquals(
        "unclear: Observed for 3 h 11 min of at least 6 h.\n", check("checkout", "--why").out());
  }

  @Test
  void waitingForTheGateEndsWithTheLastWord() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    Ran ran = check("checkout", "--wait", "1s");

    assertEquals(3, ran.code());
    assertEquals("unclear\n", ran.out());
  }

  @Test
  void whereNothingAnswersItCannotTell() {
    for (Object command : List.of(new CheckCommand(), new RunCommand())) {
      List<String> arguments = new ArrayList<>();
      if (command instanceof RunCommand) {
        arguments.add("status");
      }
      arguments.addAll(List.of("checkout", "--server=http://127.0.0.1:1"));

      Ran ran = execute(command, arguments);

      assertEquals(4, ran.code());
      assertTrue(ran.err().startsWith("Nothing answers at http://127.0.0.1:1"), ran.err());
      assertEquals(1, ran.err().lines().count());
    }
  }

  @Test
  void whatIsNoServerOfOursIsNoYes() {
    Ran ran =
        execute(
            new CheckCommand(),
            List.of("checkout", "--server=http://127.0.0.1:" + server.port + "/health/live?"));

    assertEquals(4, ran.code(), ran.err());
  }

  @Test
  void rightsAreRefusedWithTheirOwnCode() {
    try (TestServer guarded =
        new TestServer(TestServer.aTokenForEachRole(), TestServer.generous())) {
      guarded.scenes.begun("checkout-1", Scenes.plan("checkout"));
      String address = "--server=http://127.0.0.1:" + guarded.port;
      String viewer = "--token=" + TestServer.secret(Role.VIEWER).value();
      String operator = "--token=" + TestServer.secret(Role.OPERATOR).value();

      assertEquals(5, execute(new RunCommand(), List.of("list", address)).code());
      assertEquals(0, execute(new RunCommand(), List.of("list", address, viewer)).code());
      assertEquals(
          5, execute(new RunCommand(), List.of("rollback", "checkout", address, viewer)).code());
      assertEquals(
          0, execute(new RunCommand(), List.of("rollback", "checkout", address, operator)).code());
      assertEquals(5, execute(new CheckCommand(), List.of("checkout", address)).code());
    }
  }

  @Test
  void wrongUsageIsItsOwnCode() {
    assertEquals(2, run("frobnicate").code());
    assertEquals(2, run("status").code());
    assertEquals(2, run("status", "checkout", "--timeout", "soon").code());
    assertEquals(2, run("status", "nope").code());
    assertEquals(0, run("status", "--help").code());
  }

  private Ran ask(Object command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=http://127.0.0.1:" + server.port);
    return execute(command, all);
  }

  @Test
  void whyItStandsWhereItStandsIsExplained() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    Ran text = ask(new ExplainCommand(), "checkout", NOW);
    Ran json = ask(new ExplainCommand(), "checkout-1", NOW, "-o", "json");

    assertEquals(0, text.code(), text.err());
    Golden.check("cli/explain-rollout.txt", text.out());
    Golden.check("cli/explain-rollout.json", json.out());
    assertEquals(2, ask(new ExplainCommand(), "nope").code());
  }

  @Test
  void aReplayNamesTheFirstLookThatDiffers() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    Rejudged same = look(1, Rejudged.Outcome.SAME, "The same data, the same verdict.");
    server.rollouts.rejudgeAs(List.of(same));
    Ran whole = ask(new ReplayCommand(), "checkout-1");
    server.rollouts.rejudgeAs(
        List.of(
            same,
            look(
                2,
                Rejudged.Outcome.DATA_CHANGED,
                "The metrics system says something else than it did then: errors.")));
    Ran changed = ask(new ReplayCommand(), "checkout");
    Ran json = ask(new ReplayCommand(), "checkout", "-o", "json");
    server.rollouts.rejudgeAs(List.of(look(1, Rejudged.Outcome.SOURCE_LOST, "No answer.")));
    Ran lost = ask(new ReplayCommand(), "checkout");

    assertEquals(0, whole.code(), whole.err());
    assertEquals(1, changed.code(), changed.err());
    assertEquals(4, lost.code(), lost.err());
    Golden.check("cli/replay.txt", whole.out() + changed.out());
    assertEquals(3, json.out().lines().count(), json.out());
    assertEquals(2, ask(new ReplayCommand(), "nope").code());
  }

  private static Rejudged look(long number, Rejudged.Outcome outcome, String sentence) {
    return new Rejudged(
        number,
        Scenes.START.plusSeconds(60 * (number - 1)),
        Scenes.START.plusSeconds(60 * number),
        outcome,
        sentence);
  }
}
