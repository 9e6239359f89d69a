package io.bottledwater.bench;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of one scenario and the SQL that fills them.
 *
 * @param rows over all tables; changes, when they come through the stream
 */
record Workload(Shape shape, long rows) {
  private static final int TABLES = 1000;
  private static final long MIN_ROWS_PER_TABLE = 10;
  private static final long TRANSACTION_ROWS = 1000;

  // A server does this every 15 s: as if there were 1,300 changes a second. From there decoding can
  // begin again.
  private static final String RESTART_POINT =
      "IF (a - 1) % 20000 = 0 THEN PERFORM pg_log_standby_snapshot(); END IF; ";

  static Workload of(Shape shape, long asked) {
    long rows = shape.rows(asked);
    if (shape == Shape.TABLES) {
      long tables = tables(rows);
      return new Workload(shape, rows / tables * tables);
    }
    return new Workload(shape, rows);
  }

  /** Names, all in schema public, all beginning with {@code bench_}. */
  List<String> tables() {
    if (shape != Shape.TABLES) {
      return List.of("bench_rows");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < tables(rows); i++) {
      names.add("bench_" + i);
    }
    return names;
  }

  void create(Statement sql) throws SQLException {
    for (String table : tables()) {
      sql.execute("CREATE TABLE " + table + " (" + shape.columns() + ")");
    }
  }

  /** In transactions of a thousand rows; of {@link Shape#LONG}, in one. */
  void change(Statement sql) throws SQLException {
    long perTable = rows / tables().size();
    long step = shape == Shape.LONG ? perTable : Math.min(TRANSACTION_ROWS, perTable);
    for (String table : tables()) {
      sql.execute(
          "DO $$ DECLARE a bigint := 1; n bigint; BEGIN WHILE a <= "
              + perTable
              + " LOOP n := least("
              + step
              + ", "
              + perTable
              + " - a + 1); "
              + (shape == Shape.MIXED ? mixed(table) : insert(table, "a + n - 1"))
              + "COMMIT; a := a + n; "
              + (shape == Shape.SPREAD ? RESTART_POINT : "")
              + "END LOOP; END $$");
    }
  }

  private String insert(String table, String last) {
    return "INSERT INTO "
        + table
        + " SELECT "
        + shape.rowValues()
        + " FROM generate_series(a, "
        + last
        + ") i; ";
  }

  private String mixed(String table) {
    return insert(table, "a + n / 2 - 1")
        + "UPDATE "
        + table
        + " SET customer = customer + 1 WHERE id >= a AND id < a + n * 3 / 10; "
        + "DELETE FROM "
        + table
        + " WHERE id >= a + n * 3 / 10 AND id < a + n / 2; ";
  }

  private static long tables(long rows) {
    return Math.max(3, Math.min(TABLES, rows / MIN_ROWS_PER_TABLE));
  }
}
