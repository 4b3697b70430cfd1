package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own. */
class ServeCommandTest {
  @TempDir private Path folder;

  @Test
  @Timeout(180)
  void askedToStopItEndsAsOneThatHasDoneItsWork() throws Exception {
    Process serving = serve();
    try (BufferedReader said = serving.inputReader(StandardCharsets.UTF_8)) {
      String line = said.readLine();
      while (line != null && !line.contains("is ready on http://127.0.0.1:")) {
        line = said.readLine();
      }
      assertNotNull(line, "it ended before it was ready");

      serving.toHandle().destroy();

      assertTrue(serving.waitFor(90, TimeUnit.SECONDS), "it does not stop");
      assertEquals(0, serving.exitValue());
    } finally {
      serving.destroyForcibly().waitFor();
    }
  }

  private Process serve() throws IOException {
    Path config = folder.resolve("sluice.yaml");
    Files.writeString(
        config,
        """
        http: { port: 0 }
        store: { file: sluice.db }
        prometheus: { prod: { url: 'http://127.0.0.1:1' } }
        """);
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                config.toString()))
        .redirectErrorStream(true)
        .start();
  }
}
