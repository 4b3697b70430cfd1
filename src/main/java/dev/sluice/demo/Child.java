package dev.sluice.demo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process whose output goes to a file: it is shown when the child ends too early. */
final class Child implements AutoCloseable {
  private static final int LAST_LINES = 12;
  private static final int LAST_BYTES = 8 * 1024;
  private static final long PATIENCE_SECONDS = 10;

  private final String name;
  private final Process process;
  private final Path log;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Fails with {@link Trouble} when the command cannot be run.
   *
   * @param folder where it runs and where its log is written
   */
  static Child start(String name, List<String> command, Path folder) {
    Path log = folder.resolve(name + ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      return new Child(name, process, log);
    } catch (IOException e) {
      throw new Trouble("Cannot start " + name + " (" + command.get(0) + "): " + e.getMessage());
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Fails with {@link Trouble} that shows the child's last words, if it has ended. */
  void mustLive() {
    if (!alive()) {
      throw new Trouble(
          name
              + " has ended with code "
              + process.exitValue()
              + ". Its last words:\n"
              + lastLines());
    }
  }

  /** The end of its log without stack frames, indented; never more than a screen. */
  String lastLines() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LAST_BYTES);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(tail);
      List<String> lines =
          new String(tail, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("\tat "))
              .toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return last.isEmpty() ? "  (none)" : "  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "  (its log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Asks it to end, then insists. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
