package dev.sluice.service.store.sqlite;

import dev.sluice.service.store.StoreTrouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One process per database: two would take every look and send every message twice. The operating
 * system lets go of the lock when the process ends, however it ends; the file stays, because
 * deleting it would let a third process lock a new one while a second still waits on the old.
 */
final class StoreLock implements AutoCloseable {
  /**
   * Files that this process holds. Asked before the file is touched: POSIX gives up a process's
   * lock when any of its handles on the file is closed, so a second attempt would free the first.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int LONGEST_PID = 20;

  private final Path file;
  private final FileChannel channel;

  private StoreLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @param database absolute, its folder without symbolic links
   */
  static StoreLock take(Path database) {
    Path file = database.resolveSibling(database.getFileName() + ".lock");
    if (!HELD.add(file)) {
      throw taken(database, file, "this very process, " + ProcessHandle.current().pid());
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(database, file, holder(channel));
      }
      sign(channel);
      return new StoreLock(file, channel);
    } catch (IOException e) {
      letGo(file, channel);
      throw new StoreTrouble(
          "The store cannot make its lock file %s (%s). Its folder must exist, and the service's user must be able to write it."
              .formatted(file, e),
          e);
    } catch (StoreTrouble e) {
      letGo(file, channel);
      throw e;
    }
  }

  private static StoreTrouble taken(Path database, Path file, String holder) {
    return new StoreTrouble(
        "The database %s is in use by process %s, which holds %s. Stop that process first: two would do everything twice."
            .formatted(database, holder, file));
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(LONGEST_PID);
    channel.read(buffer, 0);
    String pid =
        new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "(unknown)" : pid;
  }

  private static void sign(FileChannel channel) throws IOException {
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid), 0);
  }

  private static void letGo(Path file, @Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    } finally {
      HELD.remove(file);
    }
  }

  @Override
  public void close() {
    letGo(file, channel);
  }
}
