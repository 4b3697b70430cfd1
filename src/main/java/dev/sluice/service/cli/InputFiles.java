package dev.sluice.service.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files that somebody means who names files and folders. */
final class InputFiles {
  private InputFiles() {}

  /** Nothing could be made of what was named; the message says what to do. */
  static final class NotFound extends Exception {
    private static final long serialVersionUID = 1;

    NotFound(String message) {
      super(message);
    }
  }

  /**
   * A file is taken whatever its name; of a folder every .json and .json.gz at any depth, in the
   * order of their names.
   */
  static List<Path> of(List<Path> named) throws NotFound {
    List<Path> files = new ArrayList<>();
    for (Path path : named) {
      if (!Files.exists(path)) {
        throw new NotFound(path + " does not exist");
      }
      files.addAll(below(path));
    }
    if (files.isEmpty()) {
      throw new NotFound("no .json or .json.gz file in " + named);
    }
    return files;
  }

  private static List<Path> below(Path path) throws NotFound {
    try (Stream<Path> found = Files.walk(path)) {
      return found
          .filter(Files::isRegularFile)
          .filter(p -> p.equals(path) || isJson(p.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new NotFound(path + " cannot be read: " + e.getMessage());
    }
  }

  private static boolean isJson(String name) {
    return name.endsWith(".json") || name.endsWith(".json.gz");
  }
}
