package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.PgType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code pg_type} with what hangs on it: elements, attributes, labels, subtypes. Read for many
 * types at a time, one round for each level of nesting, and remembered. One thread only.
 */
final class TypeCatalog {
  /** A row of pg_type that is not yet put together with those that it refers to. */
  private static final class Row {
    final PgType simple;
    final char kind;
    final long elementOid;
    final char delimiter;
    final long relationOid;
    final long baseOid;
    final int baseTypmod;
    final List<RawAttribute> attributes = new ArrayList<>();
    final List<String> labels = new ArrayList<>();
    long subtypeOid;

    Row(
        PgType simple,
        char kind,
        long elementOid,
        char delimiter,
        long relationOid,
        long baseOid,
        int baseTypmod) {
      this.simple = simple;
      this.kind = kind;
      this.elementOid = elementOid;
      this.delimiter = delimiter;
      this.relationOid = relationOid;
      this.baseOid = baseOid;
      this.baseTypmod = baseTypmod;
    }

    /** Whether ALTER TYPE can change what values look like. */
    boolean isAlterable() {
      return kind == 'c' || kind == 'e';
    }

    boolean isBuiltFrom(Set<Long> oids) {
      return oids.contains(elementOid) || oids.contains(baseOid) || oids.contains(subtypeOid);
    }
  }

  private record RawAttribute(String name, long typeOid, int typmod, String typeName) {}

  private static final int VERSION_14 = 140000;
  private static final int MAX_NESTING = 32;

  private final int serverVersion;
  private final Map<Long, Row> rows = new HashMap<>();
  private final Map<Long, PgType> built = new HashMap<>();

  TypeCatalog(int serverVersion) {
    this.serverVersion = serverVersion;
  }

  /** Reads what is not known yet of these types and of those they are built from. */
  void load(Connection connection, Collection<Long> oids) throws SQLException {
    Set<Long> missing = new HashSet<>(oids);
    for (int round = 0; round < MAX_NESTING; round++) {
      missing.removeAll(rows.keySet());
      missing.remove(0L);
      if (missing.isEmpty()) {
        return;
      }
      missing = read(connection, missing);
    }
  }

  /**
   * Forgets composite and enumerated types, which may have been altered since they were read, and
   * what is built from them: only what is unknown is read, with all that it refers to.
   */
  void forgetAlterable() {
    Set<Long> forgotten = new HashSet<>();
    rows.forEach((oid, row) -> addIf(row.isAlterable(), oid, forgotten));
    for (int before = 0; before < forgotten.size(); ) {
      before = forgotten.size();
      rows.forEach((oid, row) -> addIf(row.isBuiltFrom(forgotten), oid, forgotten));
    }
    if (rows.keySet().removeAll(forgotten)) {
      built.clear();
    }
  }

  private static void addIf(boolean condition, long oid, Set<Long> oids) {
    if (condition) {
      oids.add(oid);
    }
  }

  /** A type that has been loaded. */
  PgType type(long oid) {
    return type(oid, 0);
  }

  private PgType type(long oid, int depth) {
    PgType known = built.get(oid);
    if (known != null) {
      return known;
    }
    Row row = rows.get(oid);
    // A type cannot contain itself; the limit is for a catalog that changes while it is read.
    if (row == null || depth > MAX_NESTING) {
      return PgType.gone(oid);
    }
    PgType type = build(row, depth + 1);
    built.put(oid, type);
    return type;
  }

  private PgType build(Row row, int depth) {
    PgType.Form form =
        switch (row.kind) {
          case 'c' -> {
            List<PgType.Attribute> attributes = new ArrayList<>();
            for (RawAttribute raw : row.attributes) {
              attributes.add(
                  new PgType.Attribute(
                      raw.name, type(raw.typeOid, depth), raw.typmod, raw.typeName));
            }
            yield new PgType.Form.Composite(attributes);
          }
          case 'd' -> new PgType.Form.Domain(type(row.baseOid, depth), row.baseTypmod);
          case 'e' -> new PgType.Form.Enumeration(row.labels);
          case 'r' -> new PgType.Form.Range(type(row.subtypeOid, depth));
          case 'm' -> new PgType.Form.Multirange(type(row.subtypeOid, depth));
          default ->
              row.elementOid == 0
                  ? row.simple.form()
                  : new PgType.Form.Array(type(row.elementOid, depth), row.delimiter);
        };
    PgType simple = row.simple;
    return new PgType(
        simple.oid(),
        simple.schema(),
        simple.name(),
        simple.extension(),
        simple.outputFunction(),
        form);
  }

  /** Reads rows and returns the OIDs that they refer to. */
  private Set<Long> read(Connection connection, Set<Long> oids) throws SQLException {
    Map<Long, Row> found = readTypes(connection, oids);
    readAttributes(connection, found.values());
    readLabels(connection, found);
    readSubtypes(connection, found);
    // What was dropped since the change was made stays unknown: its text is all that can be had.
    rows.putAll(found);
    Set<Long> references = new HashSet<>();
    for (Row row : found.values()) {
      references.add(row.elementOid);
      references.add(row.baseOid);
      references.add(row.subtypeOid);
      for (RawAttribute attribute : row.attributes) {
        references.add(attribute.typeOid);
      }
    }
    return references;
  }

  private static Map<Long, Row> readTypes(Connection connection, Set<Long> oids)
      throws SQLException {
    Map<Long, Row> found = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT t.oid::bigint, n.nspname, t.typname, t.typtype,"
                    + " CASE WHEN t.typoutput = 'pg_catalog.array_out'::regproc"
                    + " THEN t.typelem::bigint ELSE 0 END,"
                    + " coalesce(e.typdelim, ','), t.typrelid::bigint, t.typbasetype::bigint,"
                    + " t.typtypmod, pn.nspname, p.proname, coalesce(x.extname, '')"
                    + " FROM pg_catalog.pg_type t"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                    + " JOIN pg_catalog.pg_proc p ON p.oid = t.typoutput"
                    + " JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace"
                    + " LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem"
                    + " LEFT JOIN pg_catalog.pg_depend d ON d.objid = t.oid AND d.deptype = 'e'"
                    + " AND d.classid = 'pg_catalog.pg_type'::regclass"
                    + " LEFT JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid"
                    + " WHERE t.oid IN ("
                    + list(oids)
                    + ")")) {
      while (r.next()) {
        long oid = r.getLong(1);
        char kind = r.getString(4).charAt(0);
        PgType simple =
            new PgType(
                oid,
                r.getString(2),
                r.getString(3),
                r.getString(12),
                Identifiers.quote(r.getString(10), r.getString(11)),
                new PgType.Form.Simple(kind == 'p' ? PgType.Kind.PSEUDO : PgType.Kind.BASE));
        found.put(
            oid,
            new Row(
                simple,
                kind,
                r.getLong(5),
                r.getString(6).charAt(0),
                r.getLong(7),
                r.getLong(8),
                r.getInt(9)));
      }
    }
    return found;
  }

  private static void readAttributes(Connection connection, Collection<Row> found)
      throws SQLException {
    Map<Long, Row> byRelation = new HashMap<>();
    for (Row row : found) {
      if (row.kind == 'c') {
        byRelation.put(row.relationOid, row);
      }
    }
    if (byRelation.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT attrelid::bigint, attname, atttypid::bigint, atttypmod,"
                    + " pg_catalog.format_type(atttypid, atttypmod)"
                    + " FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped"
                    + " AND attrelid IN ("
                    + list(byRelation.keySet())
                    + ") ORDER BY attrelid, attnum")) {
      while (r.next()) {
        Row row = byRelation.get(r.getLong(1));
        if (row != null) {
          row.attributes.add(
              new RawAttribute(r.getString(2), r.getLong(3), r.getInt(4), r.getString(5)));
        }
      }
    }
  }

  private static void readLabels(Connection connection, Map<Long, Row> found) throws SQLException {
    Set<Long> enums = ofKind(found, 'e');
    if (enums.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT enumtypid::bigint, enumlabel FROM pg_catalog.pg_enum"
                    + " WHERE enumtypid IN ("
                    + list(enums)
                    + ") ORDER BY enumtypid, enumsortorder")) {
      while (r.next()) {
        Row row = found.get(r.getLong(1));
        if (row != null) {
          row.labels.add(r.getString(2));
        }
      }
    }
  }

  private void readSubtypes(Connection connection, Map<Long, Row> found) throws SQLException {
    Set<Long> ranges = ofKind(found, 'r');
    ranges.addAll(ofKind(found, 'm'));
    if (ranges.isEmpty()) {
      return;
    }
    // Multiranges came with 14.
    String multirange = serverVersion >= VERSION_14 ? "rngmultitypid" : "0::oid";
    String oids = list(ranges);
    try (Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery(
                "SELECT rngtypid::bigint, rngsubtype::bigint, "
                    + multirange
                    + "::bigint FROM pg_catalog.pg_range WHERE rngtypid IN ("
                    + oids
                    + ") OR "
                    + multirange
                    + " IN ("
                    + oids
                    + ")")) {
      while (r.next()) {
        Row range = found.get(r.getLong(1));
        if (range != null) {
          range.subtypeOid = r.getLong(2);
        }
        Row multi = found.get(r.getLong(3));
        if (multi != null) {
          multi.subtypeOid = r.getLong(1);
        }
      }
    }
  }

  private static Set<Long> ofKind(Map<Long, Row> found, char kind) {
    Set<Long> oids = new HashSet<>();
    found.forEach(
        (oid, row) -> {
          if (row.kind == kind) {
            oids.add(oid);
          }
        });
    return oids;
  }

  private static String list(Collection<Long> oids) {
    StringBuilder list = new StringBuilder();
    for (long oid : oids) {
      list.append(list.length() == 0 ? "" : ",").append(oid);
    }
    return list.toString();
  }
}
