package dev.sluice.service.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void whatIsWrittenIsReadAndNothingElseIsLeft() throws IOException {
    AtomicFile file = new AtomicFile(folder.resolve("a.conf"));
    assertEquals(Optional.empty(), file.read());

    file.replace("one");
    file.replace("two, longer");
    file.replace("3");

    assertEquals(Optional.of("3"), file.read());
    assertEquals(List.of("a.conf"), names());
  }

  @Test
  void whoReadsMeanwhileSeesTheOldOrTheNewAndNeverAPart() throws Exception {
    AtomicFile file = new AtomicFile(folder.resolve("a.conf"));
    String one = "1".repeat(100_000);
    String two = "2".repeat(50_000);
    file.replace(one);
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> torn = new AtomicReference<>("");
    Thread reader =
        new Thread(
            () -> {
              while (!done.get()) {
                try {
                  String seen = Files.readString(file.path());
                  if (!seen.equals(one) && !seen.equals(two)) {
                    torn.set("a text of " + seen.length());
                  }
                } catch (IOException e) {
                  torn.set(e.toString());
                }
              }
            });
    reader.start();
    for (int i = 0; i < 50; i++) {
      file.replace(i % 2 == 0 ? two : one);
    }
    done.set(true);
    reader.join();
    assertEquals("", torn.get());
  }

  @Test
  void thePermissionsStayWhatTheyWere() throws IOException {
    AtomicFile file = new AtomicFile(folder.resolve("a.conf"));
    file.replace("one");
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));

    file.replace("two");

    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
  }

  @Test
  void aTextThatIsThereAlreadyIsNotWrittenAgain() throws IOException {
    AtomicFile file = new AtomicFile(folder.resolve("a.conf"));
    file.replace("one");
    Object before = Files.readAttributes(file.path(), "unix:ino").get("ino");
    file.replace("one");
    assertEquals(before, Files.readAttributes(file.path(), "unix:ino").get("ino"));
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldOne() throws IOException {
    AtomicFile file = new AtomicFile(folder.resolve("a"));
    Files.createDirectories(file.path().resolve("a folder in its place"));
    assertThrows(IOException.class, () -> file.replace("one"));
    assertTrue(Files.isDirectory(file.path()));
    assertFalse(names().stream().anyMatch(n -> n.endsWith(".sluice-new")));
  }
}
