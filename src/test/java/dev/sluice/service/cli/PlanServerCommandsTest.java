package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.http.Golden;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Plans on a server, and the forms and exit codes of all commands that ask one. */
class PlanServerCommandsTest {
  private static final String NOW = "--now=2026-03-02T13:43:57Z";
  private final TestServer server = new TestServer();

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private record Ran(int code, String out, String err) {}

  private Ran run(String... arguments) {
    return at("http://127.0.0.1:" + server.port, arguments);
  }

  private static Ran at(String address, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=" + address);
    int code =
        new CommandLine(Main.class)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private static String plan(String atLeast) {
    return """
    # checkout, with care
    apiVersion: sluice/v1
    kind: RolloutPlan
    metadata:
      name: checkout
    spec:
      source: { prometheus: main }
      cohorts:
        canary: { selector: '{version="v2"}' }
        baseline: { selector: '{version="v1"}' }
      metrics:
        - id: errors
          type: ratio
          bad: http_requests_total{$cohort,code=~"5.."}
          total: http_requests_total{$cohort}
          worseWhen: higher
          role: guardrail
      steps:
        - { id: users-10, kind: expose, percent: 10, hold: { atLeast: %s } }
    """
        .formatted(atLeast);
  }

  private String file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String revision(Ran got) {
    return got.out().strip().replaceFirst(".*@", "");
  }

  @Test
  void aPlanIsNewThenUnchangedThenChanged() {
    String first = file("a.yaml", plan("1h"));
    String second = file("b.yaml", plan("2h"));

    assertTrue(run("plan", "apply", "--dry-run", first).out().endsWith(" would be new\n"));
    assertEquals(2, run("plan", "get", "checkout").code());
    Ran applied = run("plan", "apply", first);
    assertEquals(0, applied.code(), applied.err());
    assertTrue(applied.out().matches("checkout@[0-9a-f]{12} new\n"), applied.out());
    assertTrue(run("plan", "apply", first).out().endsWith(" unchanged\n"));
    assertTrue(run("plan", "apply", "--dry-run", second).out().endsWith(" would change\n"));
    assertEquals(plan("1h"), run("plan", "get", "checkout").out());
    assertTrue(run("plan", "apply", second).out().endsWith(" changed\n"));
    assertEquals(plan("2h"), run("plan", "get", "checkout").out());
  }

  @Test
  void whatSomebodyElseHandedInMeanwhileIsNotLost() {
    String mine = file("mine.yaml", plan("1h"));
    run("plan", "apply", mine);
    String seen = revision(run("plan", "get", "checkout", "-o", "name"));
    run("plan", "apply", file("theirs.yaml", plan("6h")));

    Ran refused = run("plan", "apply", mine, "--if-revision", seen);

    assertEquals(5, refused.code());
    assertTrue(refused.err().contains("Read it again, then hand yours in."), refused.err());
    assertEquals(plan("6h"), run("plan", "get", "checkout").out());
    assertEquals(5, run("plan", "apply", mine, "--if-revision", "none").code());
    String now = revision(run("plan", "get", "checkout", "-o", "name"));
    assertEquals(0, run("plan", "apply", mine, "--if-revision", now).code());
  }

  @Test
  void oneBrokenPlanKeepsAllOthersFromBeingHandedIn() {
    String good = file("good.yaml", plan("1h"));
    String bad = file("bad.yaml", plan("1h").replace("percent: 10", "percnt: 10"));

    Ran refused = run("plan", "apply", good, bad);

    assertEquals(2, refused.code());
    assertTrue(refused.err().contains(bad + ":19:37: unknown field 'percnt'"), refused.err());
    assertEquals(2, run("plan", "get", "checkout").code());
  }

  @Test
  void differencesAreSaidInWordsAndLineByLine() {
    String old = file("old.yaml", plan("1h"));
    String now =
        plan("6h")
            .replace("role: guardrail\n", "role: guardrail\n      limit: { max: 2% }\n")
            .replace("{version=\"v2\"}", "{version=\"v3\"}")
            .replace(
                "  steps:\n",
                "  steps:\n    - { id: users-1, kind: expose, percent: 1, hold: { atLeast: 1h } }\n");
    String changed = file("changed.yaml", now);

    assertEquals(
        new Ran(3, "The server has no plan checkout: all of it is new.\n", ""),
        run("plan", "diff", old));
    run("plan", "apply", old);
    assertEquals(new Ran(0, "", ""), run("plan", "diff", old));
    Ran words = run("plan", "diff", changed);
    assertEquals(3, words.code());
    Golden.check("cli/plan-diff.txt", words.out());
    Ran unified = run("plan", "diff", "-u", changed);
    Golden.check("cli/plan-diff-unified.txt", unified.out().replace(folder + "/", ""));
    Ran comment = run("plan", "diff", file("c.yaml", plan("1h").replace("care", "great care")));
    assertEquals("Only comments and layout differ: the plan says the same.\n", comment.out());
  }

  @Test
  void plansAreListed() {
    assertEquals(
        "No plan yet. Hand one in with: sluice plan apply plan.yaml\n", run("plan", "list").out());
    run("plan", "apply", file("a.yaml", plan("1h")));

    Golden.check("cli/plan-list.txt", run("plan", "list", NOW).out());
    assertEquals("checkout\n", run("plan", "list", "-o", "name").out());
  }

  @Test
  void yamlAndJsonSayTheSameAsTheServer() throws Exception {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    JsonMapper json = new JsonMapper();
    for (List<String> command :
        List.of(
            List.of("run", "status", "checkout-1"),
            List.of("run", "list"),
            List.of("plan", "list"),
            List.of("check", "checkout"))) {
      String asJson = run(with(command, "json")).out();
      String asYaml = run(with(command, "yaml")).out();
      assertEquals(json.readTree(asJson), Yaml.tree(asYaml), command::toString);
    }
    assertEquals("checkout-1\n", run("run", "list", "-o", "name").out());
    assertEquals("checkout-1\n", run("run", "status", "checkout", "-o", "name").out());
    assertEquals("checkout-1\n", run("run", "pause", "checkout", "-o", "name").out());
  }

  private static String[] with(List<String> command, String form) {
    return Stream.concat(command.stream(), Stream.of("-o", form)).toArray(String[]::new);
  }

  /** What a script can rely on: which code, and on which of the two streams something is said. */
  @TestFactory
  Stream<DynamicTest> everyCommandEndsWithTheCodeOfItsOutcome() {
    String good = file("plan.yaml", plan("1h"));
    String bad = file("broken.yaml", "nonsense\n");
    return Stream.of(
        code(0, "plan", "list"),
        code(0, "plan", "apply", good),
        code(0, "plan", "get", "checkout"),
        code(0, "plan", "diff", good),
        code(2, "plan", "get", "nothing"),
        code(2, "plan", "apply", bad),
        code(2, "plan", "apply", folder + "/none.yaml"),
        code(2, "plan", "apply", good, good, "--if-revision", "none"),
        code(2, "plan", "diff", bad),
        code(2, "plan", "list", "-o", "xml"),
        code(2, "plan", "get"),
        code(2, "run", "status", "nothing"),
        code(2, "run", "start", "nothing"),
        code(2, "run", "rollback", "nothing"),
        code(2, "run", "extend", "nothing", "--reason", "x"),
        code(2, "check", "nothing"),
        code(0, "run", "list"),
        code(0, "run", "start", "checkout"),
        code(5, "run", "start", "checkout"),
        code(0, "run", "status", "checkout"),
        code(3, "run", "status", "-w", "checkout", "--timeout", "1s"),
        code(3, "check", "checkout"),
        code(5, "run", "approve", "checkout"),
        code(5, "run", "pause", "checkout", "--expect-version", "99"),
        code(0, "run", "rollback", "checkout"),
        code(1, "check", "checkout"));
  }

  private DynamicTest code(int code, String... command) {
    return DynamicTest.dynamicTest(
        code + " " + String.join(" ", command).replace(folder.toString(), ""),
        () -> {
          Ran ran = run(command);
          assertEquals(code, ran.code(), ran.out() + ran.err());
          boolean refused = code == 2 || code == 5;
          assertEquals(refused, ran.out().isEmpty() && !ran.err().isEmpty(), ran::toString);
        });
  }

  @TestFactory
  Stream<DynamicTest> withoutAServerNothingCanBeTold() throws IOException {
    String good = file("plan.yaml", plan("1h"));
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    return Stream.of(
            "plan list",
            "plan get checkout",
            "plan apply " + good,
            "plan diff " + good,
            "run list",
            "run start " + good,
            "run status checkout",
            "run rollback checkout",
            "run pause checkout",
            "run resume checkout",
            "run promote checkout",
            "run approve checkout",
            "run retire checkout",
            "run abort checkout",
            "run extend checkout --by 1h",
            "check checkout")
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.replace(folder.toString(), ""),
                    () -> {
                      Ran ran = at("http://127.0.0.1:" + free, command.split(" ", -1));
                      assertEquals(4, ran.code(), ran.toString());
                      assertTrue(ran.err().contains("Is the server running?"), ran.err());
                      assertEquals("", ran.out());
                    }));
  }
}
