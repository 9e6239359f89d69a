package io.bottledwater.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the build has left for the child processes. */
final class BuildFiles {
  private BuildFiles() {}

  /** The product and what it needs, nothing of the peer's. */
  static String pumpClassPath() {
    return read("pump.classpath");
  }

  static String benchClassPath() {
    return target().resolve("classes") + ":" + pumpClassPath();
  }

  /** A Connect worker, nothing of ours. */
  static String connectClassPath() {
    return read("connect.classpath");
  }

  static Path connectPlugins() {
    return target().resolve("connect-plugins");
  }

  private static Path target() {
    return Path.of(System.getProperty("bench.target", "target")).toAbsolutePath();
  }

  private static String read(String name) {
    try {
      return Files.readString(target().resolve(name)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
