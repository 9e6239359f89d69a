package io.bottledwater.e2e.campaign;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Situations in which a certain mutant differs from a pump that is right. */
final class MutantScenes {
  /** In the note of rows whose commit the slow sink holds back. */
  static final String HELD_BACK = "held back";

  /**
   * For how long: by its end the pump has been stopped and woken, and the position that it confirms
   * then has been seen. Less than the minute that the pump gives a Kafka transaction.
   */
  static final Duration HELD_BACK_FOR = Duration.ofSeconds(40);

  private static final int BULK_ROWS = 8_000;
  private static final Duration SENDER_TIMEOUT = Duration.ofSeconds(20);

  // The server asks after half of the time-out and gives up at its end: midway between the two.
  private static final Duration SUSPENSION = SENDER_TIMEOUT.multipliedBy(3).dividedBy(4);

  private MutantScenes() {}

  /**
   * The first pump is stopped at the beginning of a Kafka commit, where no lease is looked at any
   * more, and goes on when the second one has long since taken over.
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

  // Before anything of the commit is sent: once the state is on its way, the second pump waits for
  // the end of that transaction, or finds it committed and is right to go on from there.
  private static long suspendInCommit(PumpProcess pump) {
    while (pump.isAlive()) {
      pump.suspend();
      // What it has printed has to arrive.
      Scene.sleep(300);
      long begun = pump.count("^committing");
      if (begun > pump.count("^sending")) {
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
      // The server hears nothing, and asks.
      Scene.sleep(SUSPENSION.toMillis());
      scene.pump().resume();
    }
    Scene.sleep(5000);
    scene.load().resume();
    scene.recovered();
  }
}
