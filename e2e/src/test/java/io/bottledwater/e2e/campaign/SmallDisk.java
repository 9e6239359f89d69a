package io.bottledwater.e2e.campaign;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of a limited size, in memory, that can be filled up and be given room again. One
 * thread.
 */
final class SmallDisk implements AutoCloseable {
  private static final String BALLAST = "ballast";
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /**
   * @param directory a directory, for instance an empty one; what is in it is hidden
   * @throws CannotHappenHere where this process may not mount
   */
  static SmallDisk mount(Path directory, int megabytes) {
    if (!run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", "" + directory)) {
      throw new CannotHappenHere("a file system of a limited size takes the right to mount one");
    }
    return new SmallDisk(directory);
  }

  /** Gives the mounted directory to whom another one belongs. */
  SmallDisk ownedLike(Path other) {
    try {
      for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
        Files.setAttribute(directory, attribute, Files.getAttribute(other, attribute));
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From here on every write that needs room fails with ENOSPC. */
  void fill() {
    byte[] block = new byte[BLOCK_BYTES];
    try (OutputStream ballast = Files.newOutputStream(directory.resolve(BALLAST))) {
      for (int size = BLOCK_BYTES; size > 0; size = size == BLOCK_BYTES ? 512 : 0) {
        fill(ballast, block, size);
      }
    } catch (IOException e) {
      // Closing writes nothing any more.
    }
  }

  private static void fill(OutputStream ballast, byte[] block, int size) {
    try {
      while (true) {
        ballast.write(block, 0, size);
      }
    } catch (IOException e) {
      // There is no room for one more.
    }
  }

  void free() {
    try {
      Files.delete(directory.resolve(BALLAST));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // Lazily: a process that is just ending may still have files open.
    if (!run("umount", "-l", directory.toString())) {
      throw new IllegalStateException(directory + " cannot be unmounted");
    }
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
