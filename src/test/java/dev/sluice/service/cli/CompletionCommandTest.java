package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CompletionCommandTest {

  @Test
  void aShellThatReadTheScriptCompletesCommandsAndOptions() throws Exception {
    StringWriter script = new StringWriter();
    int code = new CommandLine(Main.class).setOut(new PrintWriter(script)).execute("completion");
    assertEquals(0, code);

    assertEquals("run\n", completed(script.toString(), "sluice ru"));
    assertTrue(completed(script.toString(), "sluice run rollb").contains("rollback"));
    assertTrue(completed(script.toString(), "sluice analyze --aga").contains("--against"));
  }

  /** What bash would offer behind this line. */
  private static String completed(String script, String line)
      throws IOException, InterruptedException {
    int words = line.split(" ", -1).length;
    String ask =
        script
            + "\nCOMP_WORDS=("
            + line
            + ")\nCOMP_CWORD="
            + (words - 1)
            + "\nCOMP_LINE='"
            + line
            + "'\nCOMP_POINT="
            + line.length()
            + "\n_complete_sluice\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    Process bash = new ProcessBuilder("bash", "--norc").redirectErrorStream(true).start();
    try (OutputStream in = bash.getOutputStream()) {
      in.write(ask.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(bash.waitFor(30, TimeUnit.SECONDS), "bash does not end");
    return said;
  }
}
