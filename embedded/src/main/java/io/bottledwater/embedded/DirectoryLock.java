package io.bottledwater.embedded;

import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One process, and one server in it, at a time in a directory. The operating system drops the lock
 * when the process ends in whatever way, so nothing stale is left behind. The file {@code lock}
 * stays.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final long POLL_MILLIS = 50;

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Creates the directory where it is missing, and locks it.
   *
   * @throws EmbeddedServerException {@code DATA_DIRECTORY} when it is locked or not writable
   */
  public static DirectoryLock acquire(Path directory) {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) != null) {
        return new DirectoryLock(channel);
      }
    } catch (IOException e) {
      closeQuietly(channel);
      throw new EmbeddedServerException(
          Reason.DATA_DIRECTORY,
          "The data directory " + directory + " cannot be created or written to. Choose another.",
          e);
    }
    closeQuietly(channel);
    throw new EmbeddedServerException(
        Reason.DATA_DIRECTORY,
        "The data directory "
            + directory
            + " is in use by another server. Stop it or choose"
            + " another directory.");
  }

  /**
   * Waits until no other process holds the lock of this file, and takes it. Threads of this process
   * have to exclude each other by other means.
   *
   * @throws IOException when another process still holds it after the time given
   */
  public static DirectoryLock await(Path file, Duration timeout) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (tryLock(channel) == null) {
        if (System.nanoTime() > deadline) {
          throw new IOException("another process holds " + file);
        }
        Thread.sleep(POLL_MILLIS);
      }
      return new DirectoryLock(channel);
    } catch (InterruptedException e) {
      closeQuietly(channel);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (IOException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same, and with it the lock.
    }
  }
}
