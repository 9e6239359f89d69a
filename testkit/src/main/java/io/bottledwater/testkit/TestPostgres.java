package io.bottledwater.testkit;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.embedded.postgres.PostgresBinaries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One PostgreSQL server a version and process, started when first asked for and shared by all
 * tests: for logical decoding, with many slots, and without fsync, so for nothing that crashes.
 * Tests that stop, crash or configure a server start their own with {@link #builder}. Thread-safe.
 */
public final class TestPostgres {
  private static final Map<Integer, TestPostgres> SHARED = new HashMap<>();

  private final EmbeddedPostgres server;

  private TestPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * The shared server.
   *
   * @param major 10, 14, 15, 17 or 18
   */
  public static TestPostgres version(int major) {
    synchronized (SHARED) {
      TestPostgres shared = SHARED.get(major);
      if (shared == null) {
        shared = new TestPostgres(startShared(major));
        SHARED.put(major, shared);
      }
      return shared;
    }
  }

  /**
   * A server of the test's own, durable, on any free port; the caller adds the data directory and
   * settings, starts and closes it.
   */
  public static EmbeddedPostgres.Builder builder(int major) {
    return EmbeddedPostgres.builder()
        .binaries(binaries(major))
        .setting("wal_level", "logical")
        .setting("max_wal_senders", "100")
        .setting("max_replication_slots", "100")
        .setting("max_connections", "200")
        .setting("shared_buffers", "32MB");
  }

  /** Program files of that version. */
  public static PostgresBinaries binaries(int major) {
    return PostgresBinaries.fromJar(jar(major), PostgresBinaries.defaultCache());
  }

  /** A new, empty database; closing it drops it. */
  public TestDatabase newDatabase() {
    String name = "test_" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    return TestDatabase.create(server, name);
  }

  /** The shared server: not to be stopped. */
  public EmbeddedPostgres server() {
    return server;
  }

  private static EmbeddedPostgres startShared(int major) {
    EmbeddedPostgres.Builder builder = builder(major);
    Path directory = TemporaryDirectories.create("postgres-" + major);
    EmbeddedPostgres server =
        builder
            .dataDirectory(directory)
            .setting("fsync", "off")
            .setting("full_page_writes", "off")
            .stopWithProcess(false)
            .start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.stop(EmbeddedPostgres.StopMode.IMMEDIATE);
                  server.close();
                  TemporaryDirectories.delete(directory);
                },
                "test-postgres-stop"));
    return server;
  }

  private static Path jar(int major) {
    Path directory = Path.of(buildProperty());
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(directory, "*-" + major + ".*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalArgumentException("no PostgreSQL " + major + " in " + directory);
  }

  private static String buildProperty() {
    Properties properties = new Properties();
    try (InputStream in = TestPostgres.class.getResourceAsStream("postgres.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("directory");
  }
}
