package dev.sluice.service.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A text file that somebody named, or why it cannot be read. */
public sealed interface TextFile {
  /** A little more than any text that is read; the readers have bounds of their own. */
  int MOST_BYTES = 1024 * 1024;

  record Text(String text) implements TextFile {}

  /**
   * @param sentence "cannot be read: there is no such file"
   */
  record Unreadable(String sentence) implements TextFile {}

  /**
   * Reads UTF-8, at most 1 MiB.
   *
   * @param file a path, or "-" for the stream
   */
  static TextFile read(String file, InputStream in) {
    try {
      if (file.equals("-")) {
        return decode(in.readNBytes(MOST_BYTES + 1));
      }
      return read(Path.of(file));
    } catch (InvalidPathException e) {
      return new Unreadable("cannot be read: this is no name of a file");
    } catch (IOException e) {
      return new Unreadable("cannot be read: " + e.getMessage());
    }
  }

  /** Reads UTF-8, at most 1 MiB. */
  static TextFile read(Path path) {
    if (Files.isDirectory(path)) {
      return new Unreadable("cannot be read: this is a folder");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return decode(in.readNBytes(MOST_BYTES + 1));
    } catch (NoSuchFileException e) {
      return new Unreadable("cannot be read: there is no such file");
    } catch (AccessDeniedException e) {
      return new Unreadable("cannot be read: this user may not");
    } catch (IOException e) {
      return new Unreadable("cannot be read: " + e.getMessage());
    }
  }

  private static TextFile decode(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      return new Unreadable("cannot be read: it is larger than " + MOST_BYTES / 1024 + " KiB");
    }
    try {
      return new Text(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return new Unreadable("cannot be read: it is not encoded in UTF-8");
    }
  }
}
