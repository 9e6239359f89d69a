package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.embedded.postgres.EmbeddedPostgres.StopMode;
import io.bottledwater.testkit.Signals;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/** Faults of the server that rows come from. */
final class PostgresFaults {
  private static final long RETAINED_LIMIT = 64L * 1024 * 1024;

  private PostgresFaults() {}

  static void terminations(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene
          .database()
          .execute(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                  + scene.name()
                  + "' AND application_name !~ '^(load|oracle)' AND pid <> pg_backend_pid()");
      Scene.sleep(1000);
    }
    scene.recovered();
  }

  /** Every other time after a checkpoint; otherwise the slot goes back to where it began. */
  static void restarts(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene.sleepBetween(500, 2000);
      if (i % 2 == 1) {
        scene.database().execute("CHECKPOINT");
      }
      scene.postgres().restart(StopMode.IMMEDIATE);
      scene.recovered();
    }
  }

  static void stoppedSender(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      long sender = sender(scene);
      Signals.send(sender, "STOP");
      scene.sleepBetween(4000, 8000);
      Signals.send(sender, "CONT");
      scene.recovered();
    }
  }

  /** Process id of the server's process that sends the stream. */
  static long sender(Scene scene) {
    List<String> pid = senders(scene);
    if (pid.isEmpty()) {
      throw new AssertionError("nobody reads the slot");
    }
    return Long.parseLong(pid.get(0));
  }

  private static List<String> senders(Scene scene) {
    return scene
        .database()
        .query(
            "SELECT active_pid FROM pg_replication_slots WHERE active_pid IS NOT NULL AND"
                + " slot_name = '"
                + scene.name()
                + "'");
  }

  /** Rounds of 64 MB of WAL that does not concern us. */
  static void foreignWal(Scene scene) {
    scene.start();
    scene.load().pause();
    try (TestDatabase other = TestDatabase.create(scene.postgres(), scene.name() + "_other")) {
      for (int i = 0; i < scene.rounds() * 64; i++) {
        other.execute(
            "SELECT pg_logical_emit_message(false, 'noise', repeat('x', 1048576)) IS NULL");
      }
      scene.until(
          "the slot to let go of WAL",
          () -> {
            // Makes a record from which decoding could start anew.
            other.execute("CHECKPOINT");
            return retained(scene) < RETAINED_LIMIT;
          });
    }
    scene.load().resume();
    scene.recovered();
  }

  private static long retained(Scene scene) {
    return Long.parseLong(
        scene
            .database()
            .query(
                "SELECT (pg_current_wal_lsn() - restart_lsn)::bigint FROM pg_replication_slots"
                    + " WHERE slot_name = '"
                    + scene.name()
                    + "'")
            .get(0));
  }

  static void openTransaction(Scene scene) throws Exception {
    scene.observe(true);
    try (Connection idle = scene.database().open();
        Statement statement = idle.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("SELECT pg_current_xact_id()");
      String pid = Integer.toString(idle.unwrap(org.postgresql.PGConnection.class).getBackendPID());
      scene.startPump();
      scene.pump().awaitLine("pid " + pid);
      statement.execute("ROLLBACK");
    }
    scene.startLoad();
    scene.recovered();
  }

  private static void stopForGood(Scene scene) {
    scene.start();
    if (scene.pump().stop() != 0) {
      throw new AssertionError("the pump did not stop");
    }
    // The server may notice later than we do that the pump has gone, and then holds on to the slot.
    scene.until("the slot to be free", () -> senders(scene).isEmpty());
    // What is done to the slot from here on is not the pump's doing.
    scene.stopSampling();
  }

  static void droppedSlot(Scene scene) {
    stopForGood(scene);
    drop(scene);
    scene.expectRefusal("BW-SLOT-MISSING");
  }

  static void recreatedSlot(Scene scene) {
    stopForGood(scene);
    drop(scene);
    scene.awaitCommits(20);
    scene
        .database()
        .execute("SELECT pg_create_logical_replication_slot('" + scene.name() + "', 'pgoutput')");
    scene.expectRefusal("BW-SLOT-AHEAD");
  }

  static void advancedSlot(Scene scene) {
    stopForGood(scene);
    scene.awaitCommits(20);
    scene
        .database()
        .execute(
            "SELECT pg_replication_slot_advance('" + scene.name() + "', pg_current_wal_lsn())");
    scene.expectRefusal("BW-SLOT-AHEAD");
  }

  static void lostSlot(Scene scene) {
    stopForGood(scene);
    try {
      scene
          .database()
          .execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()");
      scene.until(
          "the slot to be lost",
          () -> {
            scene
                .database()
                .execute(
                    "SELECT pg_logical_emit_message(false, 'noise', repeat('x', 20000000)) IS NULL",
                    "SELECT pg_switch_wal()",
                    "CHECKPOINT");
            return scene
                .database()
                .query(
                    "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '"
                        + scene.name()
                        + "'")
                .contains("lost");
          });
    } finally {
      scene
          .database()
          .execute("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
    }
    scene.expectRefusal("BW-SLOT-LOST");
  }

  /** Another server with a database, tables and a slot of the same names. */
  static void foreignServer(Scene scene) {
    stopForGood(scene);
    Path directory = TemporaryDirectories.create("campaign-foreign");
    try (EmbeddedPostgres foreign =
        TestPostgres.builder(Servers.POSTGRES_MAJOR).dataDirectory(directory).start()) {
      TestDatabase database = TestDatabase.create(foreign, scene.name());
      Bank.create(database);
      database.execute(
          "SELECT pg_create_logical_replication_slot('" + scene.name() + "', 'pgoutput')");
      scene.postgresAt(database.uri()).expectRefusal("BW-SYSTEM-CHANGED");
    } finally {
      TemporaryDirectories.delete(directory);
    }
  }

  private static void drop(Scene scene) {
    scene.database().execute("SELECT pg_drop_replication_slot('" + scene.name() + "')");
  }
}
