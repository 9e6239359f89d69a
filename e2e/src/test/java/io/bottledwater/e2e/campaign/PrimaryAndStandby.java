package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.embedded.postgres.EmbeddedPostgres.StopMode;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A primary, which has the scene's database, and a standby that streams from it. The standby takes
 * over under the primary's address. One thread.
 */
final class PrimaryAndStandby {
  private static final String STANDBY = "standby";

  private final Scene scene;
  private final EmbeddedPostgres primary;
  private final Path standbyDirectory;
  private EmbeddedPostgres standby;

  private PrimaryAndStandby(Scene scene, EmbeddedPostgres primary, Path standbyDirectory) {
    this.scene = scene;
    this.primary = primary;
    this.standbyDirectory = standbyDirectory;
  }

  /**
   * Puts the scene on a new primary and starts its standby.
   *
   * @param synchronised whether the standby keeps copies of the primary's failover slots
   */
  static PrimaryAndStandby start(Scene scene, boolean synchronised) {
    EmbeddedPostgres primary = newServer(scene, Map.of());
    scene.on(primary);
    Path directory = copy(scene, primary);
    PrimaryAndStandby both = new PrimaryAndStandby(scene, primary, directory);
    both.onPrimary("SELECT pg_create_physical_replication_slot('" + STANDBY + "')");
    try {
      Files.createFile(directory.resolve("cluster").resolve("standby.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    both.standby =
        scene.keep(
            TestPostgres.builder(Servers.POSTGRES_MAJOR)
                .dataDirectory(directory)
                .setting(
                    "primary_conninfo",
                    "host=127.0.0.1 port="
                        + primary.port()
                        + " user="
                        + primary.user()
                        + " password="
                        + primary.password()
                        + " dbname=postgres application_name="
                        + STANDBY)
                .setting("primary_slot_name", STANDBY)
                .setting("hot_standby_feedback", "on")
                .setting("sync_replication_slots", synchronised ? "on" : "off")
                .start());
    return both;
  }

  /** A server of the scene's own, with a durable data directory that goes with it. */
  static EmbeddedPostgres newServer(Scene scene, Map<String, String> settings) {
    return newServer(scene, Servers.POSTGRES_MAJOR, settings);
  }

  static EmbeddedPostgres newServer(Scene scene, int major, Map<String, String> settings) {
    return newServer(scene, major, newDirectory(scene), settings);
  }

  static EmbeddedPostgres newServer(Scene scene, Path directory, Map<String, String> settings) {
    return newServer(scene, Servers.POSTGRES_MAJOR, directory, settings);
  }

  private static EmbeddedPostgres newServer(
      Scene scene, int major, Path directory, Map<String, String> settings) {
    EmbeddedPostgres.Builder builder = TestPostgres.builder(major).dataDirectory(directory);
    settings.forEach(builder::setting);
    return scene.keep(builder.start());
  }

  static Path newDirectory(Scene scene) {
    Path directory = TemporaryDirectories.create("campaign-own");
    scene.keep((AutoCloseable) () -> TemporaryDirectories.delete(directory));
    return directory;
  }

  /** What the server's disk holds between two commits, taken while it stands still for a moment. */
  static Path copy(Scene scene, EmbeddedPostgres server) {
    Path copy = newDirectory(scene);
    server.stop(StopMode.FAST);
    try {
      int code =
          new ProcessBuilder("cp", "-a", server.log().getParent() + "/.", copy.toString())
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new AssertionError("the server's directory could not be copied");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    server.start();
    return copy;
  }

  /** No commit is answered before the standby has it, and no change is given to the pump before. */
  void synchronous() {
    onPrimary(
        "ALTER SYSTEM SET synchronous_standby_names = '" + STANDBY + "'",
        "ALTER SYSTEM SET synchronized_standby_slots = '" + STANDBY + "'",
        "SELECT pg_reload_conf()");
  }

  /** Waits until the standby has a lasting copy of the pump's slot. */
  void awaitSlot() {
    TestDatabase there = TestDatabase.of(standby, "postgres");
    scene.until(
        "a copy of the slot",
        () -> {
          // What the standby needs in order to take the slot over comes with such records.
          onPrimary("SELECT pg_log_standby_snapshot()");
          Scene.sleep(200);
          return !there
              .query(
                  "SELECT 1 FROM pg_replication_slots WHERE synced AND NOT temporary"
                      + " AND invalidation_reason IS NULL AND slot_name = '"
                      + scene.name()
                      + "'")
              .isEmpty();
        });
  }

  /** From here on the standby gets nothing more. */
  void cutOff() {
    standby.stop(StopMode.FAST);
  }

  /** The primary dies; the standby takes its address, is found there, and becomes the primary. */
  void failover() {
    primary.kill9();
    standby.close();
    standby =
        scene.keep(
            TestPostgres.builder(Servers.POSTGRES_MAJOR)
                .dataDirectory(standbyDirectory)
                .port(primary.port())
                .start());
    Scene.sleep(2000);
    TestDatabase.of(standby, "postgres").execute("SELECT pg_promote()");
  }

  private void onPrimary(String... sql) {
    TestDatabase.of(primary, "postgres").execute(sql);
  }
}
