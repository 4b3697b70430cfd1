package dev.sluice.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's own files, for tests that read them. */
final class Project {
  private static final Path ROOT = root();

  private Project() {}

  /** Tests run in their module's folder; the top is the one above it that has all of this. */
  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isExecutable(at.resolve("bin/test")) && Files.isDirectory(at.resolve("analyzer"))) {
        return at;
      }
    }
    throw new IllegalStateException(
        "no project around " + Path.of("").toAbsolutePath() + ": run tests from inside it");
  }

  static Path file(String path) {
    return ROOT.resolve(path);
  }

  static String read(String path) {
    return read(file(path));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** All files below a folder whose names end like this, sorted; without what a build has made. */
  static List<Path> files(String folder, String ending) {
    try (Stream<Path> all = Files.walk(file(folder))) {
      return all.filter(Files::isRegularFile)
          .filter(p -> p.getFileName().toString().endsWith(ending))
          .filter(p -> !ROOT.relativize(p).toString().contains("target/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  /** As people know it: "k8s/base/service.yaml". */
  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }
}
