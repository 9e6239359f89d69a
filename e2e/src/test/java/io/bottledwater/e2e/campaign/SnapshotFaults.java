package io.bottledwater.e2e.campaign;

import io.bottledwater.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;

/** What others do to tables while their snapshot is being taken. */
final class SnapshotFaults {
  private static final int STEP_MILLIS = 50;
  private static final int SCRATCH_ROWS = 5_000;
  private static final long ENOUGH_MILLIS = 180_000;

  private SnapshotFaults() {}

  /** One change of a table, in a session of its own. */
  private static final class Alteration {
    private final Thread thread;
    private volatile long walPosition;
    private volatile Throwable failure;

    Alteration(TestDatabase database, String... statements) {
      thread =
          new Thread(
              () -> {
                try (Connection connection = database.open();
                    Statement statement = connection.createStatement()) {
                  for (String sql : statements) {
                    statement.execute(sql);
                  }
                  walPosition = Seen.lsn(database.query("SELECT pg_current_wal_lsn()").get(0));
                } catch (Exception | AssertionError e) {
                  failure = e;
                }
              },
              "alteration");
      thread.start();
    }

    /** WAL position after it. */
    long end() throws InterruptedException {
      thread.join(ENOUGH_MILLIS);
      if (thread.isAlive() || failure != null) {
        throw new AssertionError("a table could not be altered", failure);
      }
      return walPosition;
    }
  }

  /** At another offset each round: from the pump's first session, or from its slot. */
  static void alterations(Scene scene) throws Exception {
    for (int i = 1; i < scene.rounds(); i++) {
      try (Scene beside = scene.beside()) {
        alter(beside, i % 2 == 1, i);
        beside.finishPump();
      }
    }
    alter(scene, false, 0);
  }

  private static void alter(Scene scene, boolean fromSlot, int steps) throws Exception {
    TestDatabase database = scene.database();
    Bank.enlarge(database, 20_000);
    database.execute(
        "CREATE TABLE scratch (id bigint PRIMARY KEY, note text)",
        "INSERT INTO scratch SELECT i, 'old' FROM generate_series(1, " + SCRATCH_ROWS + ") i");
    scene.with("--snapshot-threads=2");
    scene.observe(true);
    scene.startLoad();
    scene.startPump();
    String begun =
        fromSlot
            ? "SELECT slot_name FROM pg_replication_slots WHERE slot_name = '%s'"
            : "SELECT pid FROM pg_stat_activity WHERE datname = '%s'"
                + " AND application_name LIKE '%%bottledwater%%'";
    scene.until(
        "the pump's first step",
        () -> !database.query(String.format(begun, scene.name())).isEmpty());
    Scene.sleep((long) steps * STEP_MILLIS);
    // The first has an id already when it comes to the table, which a new slot waits for.
    Alteration rewrite =
        new Alteration(
            database,
            "BEGIN; SELECT pg_current_xact_id();"
                + " ALTER TABLE accounts_a ALTER COLUMN note TYPE text USING note || '';"
                + " COMMIT");
    Alteration vacuum = new Alteration(database, "VACUUM FULL accounts_c");
    Alteration truncate =
        new Alteration(
            database,
            "TRUNCATE scratch",
            "INSERT INTO scratch SELECT i, 'new' FROM generate_series(1, 300) i");
    Alteration column =
        new Alteration(
            database, "ALTER TABLE accounts_b ADD COLUMN added double precision DEFAULT random()");
    scene.pump().awaitStreaming();
    rewrite.end();
    vacuum.end();
    truncate.end();
    long added = column.end();
    scene.recovered();
    database.execute("INSERT INTO scratch VALUES (999999, 'last')");
    scene.untilPumped("the last row", () -> newest(scene, "scratch").containsKey("999999"));
    checkScratch(scene);
    checkAdded(scene, added);
  }

  /** Rows of before TRUNCATE may be in the topic still; those of after it must be. */
  private static void checkScratch(Scene scene) {
    Map<String, Map<String, Object>> rows = newest(scene, "scratch");
    for (String id : scene.database().query("SELECT id FROM scratch WHERE note = 'new'")) {
      Map<String, Object> row = rows.get(id);
      if (row == null || !"new".equals(row.get("note"))) {
        scene.violations().add(Rule.O1, "scratch key " + id + " is missing or old");
      }
    }
  }

  /** Where the column was there before the snapshot, the snapshot's rows have it. */
  private static void checkAdded(Scene scene, long added) {
    Set<String> without = new HashSet<>();
    long snapshot = -1;
    for (ConsumerRecord<byte[], byte[]> record : records(scene, "accounts_b")) {
      if (LiveReader.header(record, "bw.op").equals("r")) {
        snapshot = Seen.lsn(LiveReader.header(record, "bw.lsn"));
        Map<String, Object> row = scene.decode(record.topic(), record.value());
        if (row.get("added") == null) {
          without.add(String.valueOf(row.get("id")));
        }
      }
    }
    if (Long.compareUnsigned(added, snapshot) < 0 && !without.isEmpty()) {
      scene.violations().add(Rule.O1, without.size() + " rows of accounts_b lack the new column");
    }
  }

  private static Map<String, Map<String, Object>> newest(Scene scene, String table) {
    Map<String, Map<String, Object>> rows = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records(scene, table)) {
      if (record.value() != null) {
        Map<String, Object> row = scene.decode(record.topic(), record.value());
        rows.put(String.valueOf(row.get("id")), row);
      }
    }
    return rows;
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(Scene scene, String table) {
    return new ArrayList<>(
        scene.kafka().readAll(scene.name() + "." + table, IsolationLevel.READ_COMMITTED));
  }
}
