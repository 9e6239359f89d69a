package io.bottledwater.e2e.campaign;

import java.util.UUID;

/** What the application does to the pump: large transactions, large rows, changes of tables. */
final class DataFaults {
  private static final int LARGE_ROWS = 60_000;
  private static final int SAVEPOINTS = 4_000;

  private DataFaults() {}

  /** 100 MB of rows in one transaction, of which the pump could not hold the half. */
  static void largeTransaction(Scene scene) {
    Bank.enlarge(scene.database(), LARGE_ROWS);
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      scene
          .database()
          .execute(
              "BEGIN; UPDATE accounts_a SET ver = ver + 1, note = 'large' WHERE id > 10000;"
                  + ledger(LARGE_ROWS)
                  + "COMMIT");
      scene.sleepBetween(200, 3000);
      scene.pump().kill9();
      scene.startPump();
      scene.recovered();
    }
  }

  static void savepoints(Scene scene) {
    scene.start();
    for (int i = 0; i < scene.rounds(); i++) {
      StringBuilder sql = new StringBuilder("BEGIN;");
      int kept = 0;
      for (int n = 0; n < SAVEPOINTS; n++) {
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
    scene.start();
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
