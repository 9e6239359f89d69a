package io.bottledwater.e2e.campaign;

import io.bottledwater.testkit.TestDatabase;
import java.util.List;

/**
 * The tables of the load: three of accounts, whose balances always sum up to zero, and a ledger
 * with one row a transaction. {@code ver} counts a row's versions from one.
 */
final class Bank {
  static final List<String> ACCOUNTS = List.of("accounts_a", "accounts_b", "accounts_c");
  static final String LEDGER = "ledger";
  static final int ROWS = 120;

  /** In the note of every row version that must never be seen. */
  static final String ROLLED_BACK = "rolled back";

  static final String END = "ffffffff-ffff-ffff-ffff-ffffffffffff";

  /** Rows of each table that the load leaves to the faults' own transactions. */
  static final int RESERVED = 80;

  private Bank() {}

  static String digest(String big) {
    return big.length() + " " + big.hashCode();
  }

  /** Makes the tables; every tenth row of {@code accounts_b} has a value that is kept in TOAST. */
  static void create(TestDatabase database) {
    for (String table : ACCOUNTS) {
      database.execute(
          "CREATE TABLE "
              + table
              + " (id bigint PRIMARY KEY, balance bigint NOT NULL, ver bigint NOT NULL, note text,"
              + " big text)",
          "ALTER TABLE " + table + " ALTER COLUMN big SET STORAGE EXTERNAL");
    }
    database.execute("CREATE TABLE ledger (id uuid PRIMARY KEY, n_rows int NOT NULL)");
    for (String table : ACCOUNTS) {
      String big =
          table.equals("accounts_b")
              ? "CASE WHEN i % 10 = 0 THEN repeat(md5(i::text), 100) END"
              : "NULL";
      database.execute(
          "INSERT INTO "
              + table
              + " SELECT i, 0, 1, 'new', "
              + big
              + " FROM generate_series(1, "
              + (ROWS + RESERVED)
              + ") i");
    }
  }

  /**
   * Adds accounts of 1.5 KB each, so that the snapshot of {@code accounts_a} has several chunks.
   */
  static void enlarge(TestDatabase database, int rows) {
    database.execute(
        "INSERT INTO accounts_a SELECT i, 0, 1, 'new', repeat(md5(i::text), 48)"
            + " FROM generate_series(10001, "
            + (10_000 + rows)
            + ") i");
  }
}
