package dev.sluice.service.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * A text file that is replaced as a whole: whoever reads it sees the old text or the new one and
 * never a part, also when the machine stops in between. It blocks: not for event loops.
 *
 * <p>The new text is written beside the file, forced to the disk and then renamed over it. The
 * file's permissions stay what they were.
 *
 * @param path in a folder that this process may write to
 */
public record AtomicFile(Path path) {
  /** What is read is what we wrote. */
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** The text; absent where there is no file. */
  public Optional<String> read() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    if (Files.size(path) > MOST_BYTES) {
      throw new IOException("it is larger than " + MOST_BYTES / 1024 + " KiB");
    }
    return Optional.of(Files.readString(path));
  }

  /** Writes it where it differs. */
  public void replace(String text) throws IOException {
    if (read().filter(text::equals).isPresent()) {
      return;
    }
    Path next = beside();
    try {
      write(next, text);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder();
    } finally {
      Files.deleteIfExists(next);
    }
  }

  public void delete() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Begins with a dot, so that nobody's "*.conf" catches it. */
  private Path beside() {
    return path.resolveSibling("." + path.getFileName() + ".sluice-new");
  }

  private void write(Path next, String text) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    if (Files.exists(path) && posix()) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      Files.setPosixFilePermissions(next, permissions);
    }
  }

  private boolean posix() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** The new name is on the disk as well, where the system can be asked for that. */
  private void forceFolder() {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        // Some systems cannot open a folder. What was renamed is visible all the same.
        return;
      }
    }
  }
}
