package dev.sluice.service.flags.nginx;

import dev.sluice.gates.rollout.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program, without a shell and not for ever. It blocks: not for event loops. */
final class Commands {
  private static final int MOST_SHOWN = 400;
  private static final int MOST_READ = 64 * 1024;

  private Commands() {}

  /** What came of it. */
  sealed interface Ran {
    record Well() implements Ran {}

    /**
     * @param sentence which program, and what it said
     */
    record Badly(String sentence) implements Ran {}
  }

  static Ran run(List<String> words, Duration timeout) {
    String shown = "'" + String.join(" ", words) + "'";
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
      CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> said(process));
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return new Ran.Badly(
            shown + " did not end within " + Durations.words(timeout) + " and was stopped.");
      }
      return process.exitValue() == 0
          ? new Ran.Well()
          : new Ran.Badly(
              "%s ended with %d: %s"
                  .formatted(shown, process.exitValue(), said.get(1, TimeUnit.SECONDS)));
    } catch (IOException e) {
      return new Ran.Badly(shown + " cannot be started: is the program there?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ran.Badly(shown + " was interrupted.");
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return new Ran.Badly(shown + " failed, and what it said cannot be read.");
    }
  }

  /** Read to its end, so that the program is not held up; only the begin is kept. */
  private static String said(Process process) {
    try (InputStream out = process.getInputStream()) {
      String begin =
          new String(out.readNBytes(MOST_READ), StandardCharsets.UTF_8)
              .replaceAll("[\\p{Cntrl}\\s]+", " ")
              .strip();
      out.transferTo(java.io.OutputStream.nullOutputStream());
      return begin.length() > MOST_SHOWN ? begin.substring(0, MOST_SHOWN) + "…" : begin;
    } catch (IOException e) {
      return "";
    }
  }
}
