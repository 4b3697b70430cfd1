package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demonstration as its own process: however it ends, nothing of it is left. */
@Timeout(120)
class DemoEndsCleanlyTest {
  @TempDir private Path temp;
  private final List<Process> started = new ArrayList<>();
  private final List<ProcessHandle> orphans = new ArrayList<>();
  private Path errors;

  @BeforeEach
  void setUp() {
    errors = temp.resolve("stderr.txt");
  }

  @AfterEach
  void nothingOfOursSurvivesTheTest() {
    orphans.forEach(ProcessHandle::destroyForcibly);
    started.forEach(p -> p.descendants().forEach(ProcessHandle::destroyForcibly));
    started.forEach(Process::destroyForcibly);
  }

  /** INT is Ctrl-C, TERM is how a machine asks. */
  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalInTheMiddleOfAnActEndsEveryProcessAndClearsTheFolder(String signal) throws Exception {
    Process demo = start(System.getenv("PATH"), "ready");
    BufferedReader out = demo.inputReader();
    String line = out.readLine();
    while (line != null && !line.contains("--- checkout-v2")) {
      line = out.readLine();
    }
    List<ProcessHandle> children = demo.descendants().toList();
    orphans.addAll(children);
    assertEquals(2, children.size(), "prometheus and sluice");

    new ProcessBuilder("kill", "-" + signal, Long.toString(demo.pid())).start().waitFor();

    assertTrue(demo.waitFor(30, TimeUnit.SECONDS), "it does not end");
    assertEquals(List.of(), children.stream().filter(ProcessHandle::isAlive).toList());
    assertEquals(List.of(), leftovers());
    String rest = String.join("\n", out.lines().toList());
    assertTrue(rest.endsWith("Stopped. Nothing is left running."), rest);
    assertEquals("", Files.readString(errors));
  }

  @Test
  void aSluiceThatDiesIsShownWithItsLastWords() throws Exception {
    Process demo = start(System.getenv("PATH"), "dies");

    String all = String.join("\n", demo.inputReader().lines().toList());

    assertEquals(4, demo.waitFor(), all);
    String said = Files.readString(errors);
    assertTrue(
        said.contains("sluice has ended with code 4. Its last words:\n  the port is taken"), said);
    assertEquals(List.of(), leftovers());
  }

  @Test
  void withoutPrometheusItSaysWhatToInstallAndStartsNothing() throws Exception {
    Process demo = start("/nowhere", "ready");

    String all = String.join("\n", demo.inputReader().lines().toList());

    assertEquals(4, demo.waitFor(), all);
    String said = Files.readString(errors);
    assertTrue(said.contains("apt-get install prometheus"), said);
    assertEquals(List.of(), leftovers());
  }

  private Process start(String path, String sluice) throws IOException {
    // A shell in the background hands its ignored signals on; Ctrl-C must reach this one.
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/bin/env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectory(temp.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                PretendSluice.WithDemo.class.getName(),
                sluice)
            .redirectError(errors.toFile());
    builder.environment().put("PATH", path);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> all = Files.list(temp.resolve("tmp"))) {
      return all.filter(p -> !p.getFileName().toString().startsWith("hsperf")).toList();
    }
  }
}
