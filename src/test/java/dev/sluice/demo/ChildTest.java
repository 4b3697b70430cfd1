package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
  @TempDir private Path folder;

  @Test
  void aChildThatEndsTooEarlyIsNamedWithItsCodeAndItsLastWords() throws Exception {
    Child child =
        Child.start(
            "worker",
            List.of(
                "sh",
                "-c",
                "seq 1 100; printf '\\tat a.B.c(B.java:1)\\n' >&2; echo no port >&2; exit 3"),
            folder);
    child.handle().onExit().get(10, TimeUnit.SECONDS);

    Trouble trouble = assertThrows(Trouble.class, child::mustLive);

    String message = String.valueOf(trouble.getMessage());
    assertTrue(message.startsWith("worker has ended with code 3."), message);
    assertTrue(message.endsWith("\n  99\n  100\n  no port"), message);
    assertFalse(message.contains("\n  50\n"), message);
  }

  @Test
  void aPortThatIsTakenIsSaidToBe() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Trouble trouble =
          assertThrows(Trouble.class, () -> Loopback.mustBeFree(taken.getLocalPort()));
      assertTrue(String.valueOf(trouble.getMessage()).contains("--port"), trouble::toString);
    }
    Loopback.mustBeFree(Loopback.freePort());
  }

  @Test
  void aLivingChildIsLeftAloneAndEndsWhenItIsTold() {
    Child child = Child.start("sleeper", List.of("sleep", "300"), folder);
    child.mustLive();

    child.close();

    assertFalse(child.alive());
    assertEquals("  (none)", child.lastLines());
  }

  @Test
  void aChildThatDoesNotExistIsNamed() {
    Trouble trouble =
        assertThrows(
            Trouble.class, () -> Child.start("worker", List.of("/no/such/program"), folder));
    assertTrue(
        String.valueOf(trouble.getMessage()).contains("/no/such/program"), trouble.getMessage());
  }
}
