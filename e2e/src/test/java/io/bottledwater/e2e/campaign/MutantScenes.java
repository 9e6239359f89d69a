package io.bottledwater.e2e.campaign;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Situations in which a certain mutant differs from a pump that is right. */
final class MutantScenes {
  /** In the note of rows whose commit the slow sink holds back. */
  static final String HELD_BACK = "held back";

  private static final int BULK_ROWS = 8_000;
  private static final Duration SENDER_TIMEOUT = Duration.ofSeconds(8);

  private MutantScenes() {}

  /**
   * The first pump is stopped in the middle of a Kafka commit, where no lease is looked at, and
   * goes on when the second one has long since taken over.
   */
  static void wokenInCommit(Scene scene) {
    scene.start();
    PumpProcess zombie = scene.pump();
    long commit = suspendInCommit(zombie);
    scene.startPump().awaitStreaming();
    Scene.sleep(1000);
    zombie.resume();
    scene.until(
        "the zombie's commit", () -> !zombie.isAlive() || zombie.count("^committed") >= commit);
    scene.recovered();
    zombie.kill9();
  }

  private static long suspendInCommit(PumpProcess pump) {
    while (pump.isAlive()) {
      pump.suspend();
      // What it has printed has to arrive.
      Scene.sleep(300);
      long begun = pump.count("^committing");
      if (begun > pump.count("^committed")) {
        return begun;
      }
      pump.resume();
      Scene.sleep(50);
    }
    throw new AssertionError("the pump ended: " + pump.tail());
  }

  /**
   * A is written first and commits last. C commits meanwhile and is confirmed; B commits and is
   * read, but its Kafka commit takes its time. While the server sends A's changes, which lie before
   * C, a keepalive comes: its position is beyond B.
   */
  static void keepaliveInsideOldTransaction(Scene scene) throws SQLException {
    Bank.enlarge(scene.database(), BULK_ROWS);
    scene
        .database()
        .execute(
            "ALTER DATABASE "
                + scene.name()
                + " SET wal_sender_timeout = "
                + SENDER_TIMEOUT.toMillis());
    scene.start();
    scene.load().pause();
    try (Connection a = scene.database().open();
        Statement inA = a.createStatement()) {
      inA.execute("BEGIN; UPDATE accounts_a SET ver = ver + 1 WHERE id > 10000;");
      inA.execute("INSERT INTO ledger VALUES (gen_random_uuid(), " + BULK_ROWS + ")");
      scene.database().execute(Scene.transfer(0, 5) + "COMMIT");
      Scene.sleep(3000);
      scene.database().execute(Scene.transfer(5, 5).replace("by hand", HELD_BACK) + "COMMIT");
      Scene.sleep(500);
      scene.pump().suspend();
      inA.execute("COMMIT");
      // The server hears nothing for half of the time-out, and asks.
      Scene.sleep(SENDER_TIMEOUT.toMillis() / 2 + 1500);
      scene.pump().resume();
    }
    Scene.sleep(5000);
    scene.load().resume();
    scene.recovered();
  }
}
