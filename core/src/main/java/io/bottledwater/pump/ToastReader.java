package io.bottledwater.pump;

import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.encode.UnchangedToast;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgType;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.stream.StreamWindow;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds values that an update left out of the WAL: exactly those that the row had at that update.
 *
 * <p>First in the messages before it: the row's last change may have carried them. Else the row is
 * read as it is now. That is later than the update, so the value counts only if no change between
 * the update and the reading brings another, which the stream itself tells: it is read ahead up to
 * where the reading saw. If there is such a change the value is gone, and the update is left out;
 * that change follows it and carries the whole row.
 *
 * <p>One thread only, the stream's.
 */
final class ToastReader implements UnchangedToast {
  private static final Logger log = LoggerFactory.getLogger(ToastReader.class);
  private static final long WAIT_MILLIS = 50;
  private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long REMIND_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Catalog catalog;
  private final String address;
  private final AtomicBoolean stop;
  private @Nullable StreamWindow window;
  private @Nullable RowHistory history;
  private Runnable whileAwaiting = () -> {};
  private long unproven;

  ToastReader(Catalog catalog, String address, AtomicBoolean stop) {
    this.catalog = catalog;
    this.address = address;
    this.stop = stop;
  }

  /**
   * Where the stream is to be looked into; before the first change.
   *
   * @param whileAwaiting is called now and then while more of the stream is awaited
   */
  void attach(StreamWindow stream, RowHistory rows, Runnable whileAwaiting) {
    this.whileAwaiting = whileAwaiting;
    window = stream;
    history = rows;
  }

  /** A row as it was read. */
  private record Reading(RowValues values, long xmin, long lsn, long nanos) {}

  @Override
  public boolean fetch(
      Relation relation, @Nullable Tuple old, Tuple row, Transaction transaction, Tuple found) {
    RowHistory rows = Objects.requireNonNull(history);
    RowKey key = relation.isKeyed() ? RowKey.of(relation, row, old) : null;
    RowKey keyBefore = old == null ? null : RowKey.of(relation, old, null);
    if (key == null) {
      return false;
    }
    boolean[] wanted = new boolean[row.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = row.kind(i) == Tuple.UNCHANGED;
    }
    RowValues values = new RowValues(wanted.length);
    if (!rows.findBefore(relation, keyBefore == null ? key : keyBefore, wanted, values)) {
      Reading reading = read(relation, row, key);
      if (reading == null) {
        return false;
      }
      switch (later(relation, key, wanted, reading, transaction)) {
        case REPLACED -> {
          return false;
        }
        case UNKNOWN -> unproven(relation, transaction);
        case UNTOUCHED -> {}
      }
      values = reading.values;
    }
    rows.resolved(values);
    values.fill(found);
    return true;
  }

  // Too much lies between the update and now to be read ahead.
  private void unproven(Relation relation, Transaction transaction) {
    unproven++;
    if (Long.bitCount(unproven) == 1) {
      log.warn(
          "An update of {} at {} left out a large value, and it was read so much later that it may"
              + " be a later one ({} so far); the record of that later change follows. REPLICA"
              + " IDENTITY FULL avoids this.",
          relation.qualifiedName(),
          Lsn.format(transaction.commitLsn()),
          unproven);
    }
  }

  private RowHistory.Later later(
      Relation relation, RowKey key, boolean[] wanted, Reading reading, Transaction transaction) {
    StreamWindow stream = Objects.requireNonNull(window);
    RowHistory rows = Objects.requireNonNull(history);
    long lsn = reading.lsn;
    boolean flushed = false;
    long remindNanos = REMIND_NANOS;
    try {
      while (true) {
        // What the reading saw was written by the transaction xmin, or by one of its
        // subtransactions, which the stream does not name; then where the reading was must do.
        boolean own = reading.xmin == transaction.xid();
        long end = own ? rows.endOfTransaction() : rows.endOfTransaction(reading.xmin);
        if (end < 0 && !own) {
          end = rows.firstFrom(lsn);
        }
        if (end >= 0) {
          return rows.after(relation, key, wanted, end);
        }
        if (stream.isFull() || stream.isExhausted()) {
          return RowHistory.Later.UNKNOWN;
        }
        stream.readAhead(WAIT_MILLIS);
        long waited = System.nanoTime() - reading.nanos;
        if (waited > AT_ONCE_NANOS) {
          whileAwaiting.run();
        }
        if (waited > remindNanos) {
          remindNanos += REMIND_NANOS;
          log.warn(
              "An update of {} at {} left out a large value; what the server sends next is awaited to"
                  + " be sure of it, for {} s by now.",
              relation.qualifiedName(),
              Lsn.format(transaction.commitLsn()),
              TimeUnit.NANOSECONDS.toSeconds(waited));
        }
        if (stop.get() && waited > STOP_NANOS) {
          throw new BottledWaterException(
              ErrorCode.POSTGRES_UNREACHABLE, "Stopped while the stream was awaited.");
        }
        if (!flushed && waited > TimeUnit.MILLISECONDS.toNanos(catalog.activity().flushMillis())) {
          // An open transaction can leave its last page unflushed for ever. What the reading saw is
          // flushed by now, even if it was committed asynchronously.
          lsn = Math.min(lsn, catalog.activity().walEnd());
          flushed = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BottledWaterException(
          ErrorCode.POSTGRES_UNREACHABLE, "Interrupted while the stream was awaited.", e);
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "asking for the end of the WAL", address);
    }
  }

  private @Nullable Reading read(Relation relation, Tuple row, RowKey key) {
    try {
      String table = catalog.tables().tableName(relation.oid());
      // With the table its rows are gone.
      return table == null ? null : read(table, relation, row, key);
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state != null && state.startsWith("42")) {
        throw new BottledWaterException(
            ErrorCode.TOAST_UNCHANGED,
            "An update of "
                + relation.qualifiedName()
                + " left out a large value, and its column or key has been altered since (SQLSTATE "
                + state
                + ").",
            e);
      }
      throw PostgresErrors.translate(
          e, "reading a large value of " + relation.qualifiedName(), address);
    }
  }

  private @Nullable Reading read(String table, Relation relation, Tuple row, RowKey key)
      throws SQLException {
    try (PreparedStatement statement =
        catalog.connection().prepareStatement(query(table, relation, row))) {
      for (int i = 0; i < relation.keyColumns().size(); i++) {
        statement.setString(i + 1, KeyText.of(relation, key, i));
      }
      RowValues values = new RowValues(row.size());
      long xmin;
      try (ResultSet r = statement.executeQuery()) {
        if (!r.next()) {
          return null;
        }
        xmin = r.getLong(1);
        int field = 2;
        for (int i = 0; i < row.size(); i++) {
          if (row.kind(i) == Tuple.UNCHANGED) {
            String text = r.getString(field++);
            if (text != null) {
              values.set(i, Tuple.TEXT, text.getBytes(StandardCharsets.UTF_8));
            }
          }
        }
      }
      // Taken after the reading: whatever that saw commits before it.
      long lsn = Lsn.beforePageHeader(catalog.activity().walInsertEnd());
      return new Reading(values, xmin, lsn, System.nanoTime());
    }
  }

  // Only what is missing: a column that was dropped or altered since must not be in the way.
  private static String query(String table, Relation relation, Tuple row) {
    StringBuilder sql = new StringBuilder("SELECT xmin::text::bigint");
    List<Column> columns = relation.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (row.kind(i) == Tuple.UNCHANGED) {
        Column column = columns.get(i);
        sql.append(", ").append(column.type().asText(Identifiers.quote(column.name())));
      }
    }
    sql.append(" FROM ").append(table);
    String separator = " WHERE ";
    for (int key : relation.keyColumns()) {
      Column column = columns.get(key);
      sql.append(separator)
          .append(Identifiers.quote(column.name()))
          .append(' ')
          .append(equality(column.type().withoutDomains()))
          .append(" CAST(? AS ")
          .append(column.typeName())
          .append(')');
      separator = " AND ";
    }
    return sql.toString();
  }

  // The session finds operators of pg_catalog only; those of an extension lie beside its types.
  private static String equality(PgType type) {
    boolean own = type.isBase() && !type.isBuiltIn();
    return own && !type.schema().isEmpty()
        ? "OPERATOR(" + Identifiers.quote(type.schema()) + ".=)"
        : "=";
  }
}
