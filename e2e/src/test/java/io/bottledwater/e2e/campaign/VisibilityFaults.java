package io.bottledwater.e2e.campaign;

import io.bottledwater.testkit.Signals;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction is in the WAL as committed before any snapshot sees it. It is so for a moment each
 * time; with a synchronous standby that does not answer, for as long as one likes. Here it changes
 * tables that are about to be read for the first time.
 */
final class VisibilityFaults {
  private static final String NEW_TABLE = "Added new table public.accounts_c";

  // Its changes are to come with the snapshot, so that the ledger would miss them in the stream.
  private static final String ROWS_ONLY =
      "BEGIN; UPDATE accounts_a SET ver = ver + 1, note = 'not yet visible' WHERE id > "
          + Bank.ROWS
          + ";";

  private VisibilityFaults() {}

  /** The stream has brought the commit when the tables are read. */
  static void beforeSnapshot(Scene scene) throws SQLException {
    prepare(scene);
    try (Connection before = scene.database().open();
        Statement inBefore = before.createStatement();
        WaitingCommit commit = new WaitingCommit(scene, ROWS_ONLY)) {
      inBefore.execute("BEGIN; SELECT pg_current_xact_id()");
      scene.startPump().awaitLine(NEW_TABLE);
      Scene.sleep(1500);
      commit.begin();
      Scene.sleep(1500);
      inBefore.execute("COMMIT");
      // Time enough to read them without it.
      Scene.sleep(4000);
    }
    scene.pump().awaitLine("Snapshot finished");
    scene.startLoad();
    scene.recovered();
  }

  /**
   * The sender of the stream is stopped from before the commit until the tables have been read: the
   * pump cannot hear of the commit, however long anything takes, and ends then. The next one hears
   * of it from the stream.
   */
  static void betweenStreamAndSnapshot(Scene scene) throws SQLException {
    prepare(scene);
    try (Connection before = scene.database().open();
        Statement inBefore = before.createStatement();
        WaitingCommit commit = new WaitingCommit(scene, Scene.transfer(0, 5))) {
      inBefore.execute("BEGIN; SELECT pg_current_xact_id()");
      scene.startPump("SNAPSHOT_DONE:1").awaitLine(NEW_TABLE);
      Scene.sleep(1500);
      long sender = PostgresFaults.sender(scene);
      Signals.send(sender, "STOP");
      try {
        commit.begin();
        // No table is read as long as this is open.
        inBefore.execute("COMMIT");
        scene.pump().awaitExit();
      } finally {
        // Otherwise it would keep the slot from the next pump.
        Signals.send(sender, "CONT");
      }
      scene.startPump().awaitStreaming();
      Scene.sleep(2000);
    }
    scene.startLoad();
    scene.recovered();
  }

  /** A pump has run that knew of the ledger only; the next one finds the accounts new. */
  private static void prepare(Scene scene) {
    scene.observe(false);
    scene.database().execute("ALTER DATABASE " + scene.name() + " SET synchronous_commit = local");
    scene.with("--tables=public.ledger");
    scene.startPump().awaitStreaming();
    if (scene.pump().stop() != 0) {
      throw new AssertionError("the pump did not stop");
    }
    scene.with("--tables=public.*");
  }

  /** One transaction that waits for a standby which does not exist, until this is closed. */
  private static final class WaitingCommit implements AutoCloseable {
    private final Scene scene;
    private final String sql;
    private final Connection connection;
    private final Thread thread;
    private volatile SQLException failure;

    WaitingCommit(Scene scene, String sql) {
      this.scene = scene;
      this.sql = sql;
      this.connection = scene.database().open();
      this.thread = new Thread(this::run, "waiting-commit");
    }

    void begin() {
      scene
          .database()
          .execute(
              // It is the checkpointer that makes commits wait: with nothing left to write it reads
              // the settings at once.
              "CHECKPOINT",
              "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
              "SELECT pg_reload_conf()");
      Scene.sleep(1000);
      thread.start();
      scene.until(
          "the commit to wait",
          () ->
              scene
                  .database()
                  .query("SELECT wait_event FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                  .contains("SyncRep"));
    }

    private void run() {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET synchronous_commit = on");
        statement.execute(sql + "COMMIT");
      } catch (SQLException e) {
        failure = e;
      }
    }

    @Override
    public void close() throws SQLException {
      scene
          .database()
          .execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      connection.close();
      if (failure != null) {
        throw failure;
      }
    }
  }
}
