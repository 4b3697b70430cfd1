package dev.sluice.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that hold what is sent or printed. With {@code -Dgolden.write=true} they are written anew;
 * what that changes is for a person to read.
 */
public final class Golden {
  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  private Golden() {}

  public static void check(String name, String actual) {
    try {
      if (WRITE) {
        Path file = Path.of("test/resources/golden", name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertEquals(WRITE ? actual : stored(name), actual, "golden/" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String stored(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
