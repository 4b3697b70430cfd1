package dev.sluice.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder in which children keep their files; it goes with everything in it. */
final class Workshop implements AutoCloseable {
  private final Path folder;

  private Workshop(Path folder) {
    this.folder = folder;
  }

  /** In the system's place for temporary files, readable for its owner alone. */
  static Workshop open() {
    try {
      return new Workshop(Files.createTempDirectory("sluice-demo-"));
    } catch (IOException e) {
      throw new Trouble(
          "Cannot make a folder in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage()
              + ". Make room there, or name another place with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR.");
    }
  }

  Path folder() {
    return folder;
  }

  Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new Trouble("Cannot write " + name + " in " + folder + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear " + folder, e);
    }
  }
}
