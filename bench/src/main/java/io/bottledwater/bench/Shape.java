package io.bottledwater.bench;

/** What the rows of a scenario look like, and how they are spread over tables and transactions. */
enum Shape {
  /** Six columns: id, customer, amount, note, created, active. */
  SIX(1),
  /** A hundred integer and text columns. */
  WIDE(20),
  /** One value of 64 KB a row, which does not compress. */
  LARGE(500),
  /** Six columns, spread over a thousand tables. */
  TABLES(10),
  /** Six columns; of ten changes five insert, three update, two delete. */
  MIXED(1),
  /** Six columns, all changes in one transaction. */
  LONG(1),
  /** Six columns, with the restart points that a server writes when the changes take hours. */
  SPREAD(1);

  private static final long MIN_ROWS = 10;
  private static final int WIDE_PAIRS = 49;

  private final long divisor;

  Shape(long divisor) {
    this.divisor = divisor;
  }

  /** A multiple of ten, so that it can be split; fewer where a row is heavier. */
  long rows(long asked) {
    return Math.max(MIN_ROWS, asked / divisor / MIN_ROWS * MIN_ROWS);
  }

  /** Columns, for CREATE TABLE. */
  String columns() {
    return switch (this) {
      case LARGE -> "id bigint PRIMARY KEY, note text STORAGE EXTERNAL";
      case WIDE -> {
        StringBuilder sql = new StringBuilder("id bigint PRIMARY KEY, created timestamptz");
        for (int i = 0; i < WIDE_PAIRS; i++) {
          sql.append(", n").append(i).append(" integer, t").append(i).append(" text");
        }
        yield sql.toString();
      }
      default ->
          "id bigint PRIMARY KEY, customer integer, amount numeric(12,2), note text,"
              + " created timestamptz, active boolean";
    };
  }

  /** Values of row {@code i}, for SELECT. */
  String rowValues() {
    return switch (this) {
      case LARGE ->
          "i, (SELECT string_agg(md5((i * 2048 + j)::text), '') FROM generate_series(1, 2048) j)";
      case WIDE -> {
        StringBuilder sql =
            new StringBuilder("i, timestamptz '2026-01-01 00:00:00Z' + i * interval '1 second'");
        for (int i = 0; i < WIDE_PAIRS; i++) {
          sql.append(", i + ").append(i).append(", 'value ' || (i % 1000)");
        }
        yield sql.toString();
      }
      default ->
          "i, (i * 7919 % 100000)::integer, (i * 37 % 1000000) / 100.0,"
              + " 'note ' || lpad(i::text, 15, '0'),"
              + " timestamptz '2026-01-01 00:00:00Z' + i * interval '1 second', i % 3 = 0";
    };
  }
}
