package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Columns and their types. Over the catalog's session, on its thread. */
public final class ColumnCatalog {
  private static final int VERSION_12 = 120000;
  private static final int VERSION_18 = 180000;

  private final Connection connection;
  private final int version;
  private final TypeCatalog types;
  private final Map<TypeUse, String> formatted = new HashMap<>();

  private record TypeUse(long oid, int typmod) {}

  private record RawColumn(long table, String name, long typeOid, int typmod, String typeName) {}

  ColumnCatalog(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
    this.types = new TypeCatalog(version);
  }

  /**
   * Completes columns whose types are known by OID only. Types that can be altered are read anew.
   *
   * @param typeOids type of each column; {@code typmods} runs alongside
   */
  public List<Column> columns(String[] names, long[] typeOids, int[] typmods) throws SQLException {
    types.forgetAlterable();
    types.load(connection, Arrays.stream(typeOids).boxed().toList());
    formatTypes(typeOids, typmods);
    List<Column> columns = new ArrayList<>(names.length);
    for (int i = 0; i < names.length; i++) {
      columns.add(
          new Column(
              names[i],
              types.type(typeOids[i]),
              typmods[i],
              formatted.getOrDefault(new TypeUse(typeOids[i], typmods[i]), "???")));
    }
    return columns;
  }

  /** A relation with its columns' types as they are now. */
  public Relation withTypesRead(Relation relation) throws SQLException {
    types.forgetAlterable();
    types.load(connection, relation.columns().stream().map(c -> c.type().oid()).toList());
    List<Column> columns = new ArrayList<>();
    for (Column c : relation.columns()) {
      columns.add(new Column(c.name(), types.type(c.type().oid()), c.typmod(), c.typeName()));
    }
    return relation.withColumns(columns);
  }

  /**
   * How composite and enumerated types stand now.
   *
   * @param oids of the types; what is neither is passed over
   */
  public TypeState typeState(Set<Long> oids) throws SQLException {
    return TypeStateQuery.run(connection, oids);
  }

  private void formatTypes(long[] oids, int[] typmods) throws SQLException {
    Set<TypeUse> missing = new LinkedHashSet<>();
    for (int i = 0; i < oids.length; i++) {
      missing.add(new TypeUse(oids[i], typmods[i]));
    }
    missing.removeAll(formatted.keySet());
    if (missing.isEmpty()) {
      return;
    }
    StringBuilder values = new StringBuilder();
    for (TypeUse use : missing) {
      values.append(values.length() == 0 ? "" : ", ");
      values.append("(").append(use.oid).append("::bigint, ").append(use.typmod).append(")");
    }
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT o, m, format_type(o::oid, m) FROM (VALUES " + values + ") v (o, m)")) {
      while (r.next()) {
        formatted.put(new TypeUse(r.getLong(1), r.getInt(2)), r.getString(3));
      }
    }
  }

  /** The columns of tables, by OID; {@code c} is the table, {@code n} its schema. */
  Map<Long, List<Column>> columns(String condition) throws SQLException {
    // Below 18 pgoutput leaves generated columns out, so the snapshot does too; from 18 on it sends
    // stored ones if the publication says so.
    String generated =
        version >= VERSION_18
            ? " AND a.attgenerated IN ('', 's')"
            : version >= VERSION_12 ? " AND a.attgenerated = ''" : "";
    List<RawColumn> raw = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT c.oid::bigint, a.attname, a.atttypid::bigint, a.atttypmod,"
                    + " format_type(a.atttypid, a.atttypmod)"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " JOIN pg_attribute a ON a.attrelid = c.oid WHERE "
                    + condition
                    + " AND a.attnum > 0 AND NOT a.attisdropped"
                    + generated
                    + " ORDER BY c.oid, a.attnum")) {
      while (r.next()) {
        raw.add(
            new RawColumn(r.getLong(1), r.getString(2), r.getLong(3), r.getInt(4), r.getString(5)));
      }
    }
    types.forgetAlterable();
    types.load(connection, raw.stream().map(RawColumn::typeOid).toList());
    Map<Long, List<Column>> columns = new LinkedHashMap<>();
    for (RawColumn column : raw) {
      columns
          .computeIfAbsent(column.table, oid -> new ArrayList<>())
          .add(new Column(column.name, types.type(column.typeOid), column.typmod, column.typeName));
    }
    return columns;
  }
}
