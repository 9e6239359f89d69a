package io.bottledwater.e2e.campaign;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What the application does to the pump: large transactions, large rows, changes of tables. */
final class DataFaults {
  private static final int ROWS_A_ROUND = 60_000;
  private static final int SAVEPOINTS = 4_000;
  private static final int MANY_SAVEPOINTS = 10_000;

  // 8 MB, as the repetition of a hash.
  private static final String HUGE = "repeat(md5((id + %d)::text), 262144)";
  private static final int HUGE_ROWS = 4;
  private static final int MORE_HUGE_ROWS = 12;

  private DataFaults() {}

  /** 100 MB a round in one transaction, none of which the pump could hold; killed twice in it. */
  static void largeTransaction(Scene scene) {
    int rows = ROWS_A_ROUND * scene.rounds();
    // As one Kafka transaction it must not be split, however slow the machine.
    scene
        .with("--kafka-config=transaction.timeout.ms=900000")
        .patience(Duration.ofMinutes(4 + 2L * scene.rounds()))
        .start();
    scene
        .database()
        .execute(
            "BEGIN; INSERT INTO accounts_c SELECT i, 0, 1, 'large', repeat(md5(i::text), 48)"
                + " FROM generate_series(10000001, "
                + (10_000_000 + rows)
                + ") i;"
                + ledger(rows)
                + "COMMIT");
    for (int kill = 0; kill < 2; kill++) {
      scene.sleepBetween(500, 1000 + 2000 * scene.rounds());
      scene.pump().kill9();
      scene.startPump();
    }
    scene.recovered();
  }

  /** Rows of 8 MB, in the snapshot and in the stream. */
  static void hugeRows(Scene scene) {
    int rows = scene.rounds() == 1 ? HUGE_ROWS : MORE_HUGE_ROWS;
    String some = " WHERE id > " + Bank.ROWS + " AND id <= " + (Bank.ROWS + rows);
    for (String table : Bank.ACCOUNTS) {
      scene.database().execute("UPDATE " + table + " SET big = " + String.format(HUGE, 0) + some);
    }
    scene.heap("256m").start();
    for (int i = 1; i <= scene.rounds(); i++) {
      String big = String.format(HUGE, i);
      scene
          .database()
          .execute(
              "BEGIN; UPDATE accounts_a SET ver = ver + 1, note = 'huge', big = "
                  + big
                  + some
                  + "; UPDATE accounts_b SET ver = ver + 1, note = 'huge', big = "
                  + big
                  + some
                  + ";"
                  + ledger(2 * rows)
                  + "COMMIT");
      if (i % 2 == 0) {
        scene.pump().kill9();
        scene.startPump();
      }
      scene.recovered();
    }
  }

  /**
   * Values of 8 MB that stay as they are while their rows change, and the replica identity with
   * them.
   */
  static void identityFlips(Scene scene) {
    scene
        .database()
        .execute(
            "UPDATE accounts_b SET big = "
                + String.format(HUGE, 0)
                + " WHERE id > "
                + Bank.ROWS
                + " AND id <= "
                + (Bank.ROWS + HUGE_ROWS),
            "CREATE UNIQUE INDEX accounts_b_other ON accounts_b (id)");
    scene.heap("256m").start();
    List<String> identities = List.of("FULL", "USING INDEX accounts_b_other", "DEFAULT");
    for (int i = 0; i < scene.rounds(); i++) {
      for (String identity : identities) {
        scene
            .database()
            .execute(
                touch(Bank.ROWS + 1 + i % HUGE_ROWS),
                // Also in the middle of a transaction.
                "BEGIN; UPDATE accounts_b SET ver = ver + 1, note = 'before' WHERE id = "
                    + (Bank.ROWS + 1)
                    + "; ALTER TABLE accounts_b REPLICA IDENTITY "
                    + identity
                    + "; UPDATE accounts_b SET ver = ver + 1, note = 'after' WHERE id = "
                    + (Bank.ROWS + 1)
                    + ";"
                    + ledger(2)
                    + "COMMIT",
                touch(Bank.ROWS + 2));
      }
      if (i % 2 == 1) {
        scene.pump().kill9();
        scene.startPump();
      }
      scene.recovered();
    }
  }

  private static String touch(int id) {
    return "BEGIN; UPDATE accounts_b SET ver = ver + 1, note = 'touched' WHERE id = "
        + id
        + ";"
        + ledger(1)
        + "COMMIT";
  }

  static void savepoints(Scene scene) {
    scene.start();
    int savepoints = scene.rounds() == 1 ? SAVEPOINTS : MANY_SAVEPOINTS;
    for (int i = 0; i < scene.rounds(); i++) {
      StringBuilder sql = new StringBuilder("BEGIN;");
      int kept = 0;
      for (int n = 0; n < savepoints; n++) {
        boolean keep = scene.random().nextBoolean();
        kept += keep ? 1 : 0;
        sql.append("SAVEPOINT s; UPDATE accounts_a SET ver = ver + 1, note = '")
            .append(keep ? "kept" : Bank.ROLLED_BACK)
            .append("' WHERE id = ")
            .append(Bank.ROWS + 1 + n % Bank.RESERVED)
            .append(keep ? "; RELEASE SAVEPOINT s;" : "; ROLLBACK TO SAVEPOINT s;");
      }
      scene.database().execute(sql + ledger(kept) + "COMMIT");
      scene.pump().kill9();
      scene.startPump();
      scene.recovered();
    }
  }

  /** Columns come, change their names and go, also in the middle of a transaction with rows. */
  static void ddlStorm(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      String column = "storm_" + i;
      scene
          .database()
          .execute(
              "ALTER TABLE accounts_b ADD COLUMN " + column + " int DEFAULT 7",
              Scene.transfer(0, 5)
                  + "ALTER TABLE accounts_a ADD COLUMN "
                  + column
                  + " text;"
                  + "COMMIT",
              "BEGIN; ALTER TABLE accounts_a RENAME COLUMN "
                  + column
                  + " TO renamed_"
                  + i
                  + "; UPDATE accounts_a SET ver = ver + 1, note = 'renamed' WHERE id = "
                  + (Bank.ROWS + 1)
                  + ";"
                  + ledger(1)
                  + "COMMIT",
              "ALTER TABLE accounts_b DROP COLUMN " + column);
      if (i % 2 == 0) {
        scene.pump().kill9();
        scene.startPump();
      }
      scene.recovered();
      scene.database().execute("ALTER TABLE accounts_a DROP COLUMN renamed_" + i);
    }
  }

  static void largeRow(Scene scene) {
    scene.with("--topic-config=max.message.bytes=1048588").start();
    scene
        .database()
        .execute(
            "BEGIN; UPDATE accounts_a SET ver = ver + 1, big = repeat('x', 2000000) WHERE id = "
                + (Bank.ROWS + 1)
                + ";"
                + ledger(1)
                + "COMMIT");
    scene.expectStop("BW-RECORD-REFUSED");
    // What is complete before the row goes out first.
    scene.startPump();
    scene.expectStop("BW-RECORD-REFUSED");
    scene.expectRefusal("BW-RECORD-REFUSED");
  }

  private static String ledger(int rows) {
    return "INSERT INTO ledger VALUES ('" + UUID.randomUUID() + "', " + rows + ");";
  }
}
