package io.bottledwater.pump;

import io.bottledwater.change.Tuple;
import io.bottledwater.encode.UnchangedToast;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.PgType;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresErrors;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Reads values that an update left out of the WAL from the row as it is now.
 *
 * <p>The value is the one of that update unless a later transaction has changed it; then that
 * transaction's own record carries the new value and follows. A row that is not there any more has
 * a delete or a change of key following. Either way the last record of the key is exact.
 *
 * <p>One thread only.
 */
final class ToastReader implements UnchangedToast {
  private final Catalog catalog;
  private final String address;

  ToastReader(Catalog catalog, String address) {
    this.catalog = catalog;
    this.address = address;
  }

  @Override
  public boolean fetch(Relation relation, Tuple row, Tuple found) {
    if (!relation.isKeyed()) {
      return false;
    }
    for (int key : relation.keyColumns()) {
      if (row.kind(key) != Tuple.TEXT) {
        return false;
      }
    }
    String table;
    try {
      table = catalog.tableName(relation.oid());
    } catch (SQLException e) {
      throw PostgresErrors.translate(
          e, "reading a large value of " + relation.qualifiedName(), address);
    }
    // With the table its rows are gone.
    return table != null && fetch(table, relation, row, found);
  }

  private boolean fetch(String table, Relation relation, Tuple row, Tuple found) {
    try (PreparedStatement statement =
        catalog.connection().prepareStatement(query(table, relation, row))) {
      int parameter = 1;
      for (int key : relation.keyColumns()) {
        statement.setString(
            parameter++,
            new String(row.buffer(), row.offset(key), row.length(key), StandardCharsets.UTF_8));
      }
      try (ResultSet r = statement.executeQuery()) {
        return r.next() && fill(found, r, row);
      }
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

  // Only what is missing: a column that was dropped or altered since must not be in the way.
  private static String query(String table, Relation relation, Tuple row) {
    StringBuilder sql = new StringBuilder("SELECT ");
    List<Column> columns = relation.columns();
    String comma = "";
    for (int i = 0; i < columns.size(); i++) {
      if (row.kind(i) == Tuple.UNCHANGED) {
        sql.append(comma)
            .append("pg_catalog.textin(")
            .append(columns.get(i).type().outputFunction())
            .append('(')
            .append(Identifiers.quote(columns.get(i).name()))
            .append("))");
        comma = ", ";
      }
    }
    sql.append(" FROM ").append(table);
    String separator = " WHERE ";
    for (int key : relation.keyColumns()) {
      Column column = columns.get(key);
      sql.append(separator)
          .append(Identifiers.quote(column.name()))
          .append(' ')
          .append(equality(column.type()))
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

  private static boolean fill(Tuple found, ResultSet r, Tuple row) throws SQLException {
    byte[][] values = new byte[row.size()][];
    int total = 0;
    int field = 1;
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == Tuple.UNCHANGED) {
        String text = r.getString(field++);
        values[i] = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        total += values[i] == null ? 0 : values[i].length;
      }
    }
    byte[] buffer = new byte[total];
    found.begin(buffer, row.size());
    int offset = 0;
    for (int i = 0; i < row.size(); i++) {
      if (values[i] != null) {
        System.arraycopy(values[i], 0, buffer, offset, values[i].length);
        found.set(i, Tuple.TEXT, offset, values[i].length);
        offset += values[i].length;
      }
    }
    return true;
  }
}
