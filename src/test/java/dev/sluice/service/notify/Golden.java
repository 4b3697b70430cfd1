package dev.sluice.service.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that say what is sent. With {@code -Dgolden.write=true} they are written anew: then read
 * the difference before it is committed.
 */
public final class Golden {
  private static final Path FOLDER = Path.of("test", "resources", "golden");

  private Golden() {}

  public static void assertEqualsFile(String file, String text) {
    Path path = FOLDER.resolve(file);
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
      }
      assertEquals(Files.readString(path), text, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON over several lines, so that a difference can be read. */
  public static String pretty(String json) {
    try {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      return mapper.writeValueAsString(mapper.readTree(json)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
