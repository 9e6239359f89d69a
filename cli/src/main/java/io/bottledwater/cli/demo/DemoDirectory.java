package io.bottledwater.cli.demo;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the demo keeps its state: the user's directory, or a temporary one that it takes away. */
public final class DemoDirectory implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  private DemoDirectory(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /**
   * @param wanted empty for a temporary one
   */
  public static DemoDirectory open(Optional<Path> wanted) {
    try {
      if (wanted.isPresent()) {
        Path path = wanted.get().toAbsolutePath().normalize();
        Files.createDirectories(path);
        return new DemoDirectory(path, false);
      }
      Path path = Files.createTempDirectory("bottledwater-demo-");
      if (Files.getAttribute(path, "unix:uid").equals(0)) {
        // PostgreSQL refuses root, and the user that it runs as has to pass through.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
      }
      return new DemoDirectory(path, true);
    } catch (IOException e) {
      throw new BottledWaterException(
          ErrorCode.DATA_DIRECTORY, "No directory for the demo's data can be made.", e);
    }
  }

  public Path path() {
    return path;
  }

  public boolean temporary() {
    return temporary;
  }

  /** Takes a temporary directory away; every server in it has to be stopped. */
  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new BottledWaterException(
          ErrorCode.DATA_DIRECTORY,
          "The demo's directory " + path + " could not be deleted.",
          "Delete it by hand.",
          e);
    }
  }
}
