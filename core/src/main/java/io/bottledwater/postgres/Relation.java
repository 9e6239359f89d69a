package io.bottledwater.postgres;

import java.util.List;

/**
 * A table as it was at one moment. Identity is the OID; the name may change under it.
 *
 * @param oid {@code pg_class.oid}, unsigned 32 bits
 * @param columns in the order in which tuples carry them
 * @param keyColumns indexes into {@code columns}, in the order of the key's index; empty when the
 *     table is unkeyed
 * @param keyIndex name of the key's index; empty when the table is unkeyed or the index has gone
 */
public record Relation(
    long oid,
    String schema,
    String name,
    ReplicaIdentity identity,
    List<Column> columns,
    List<Integer> keyColumns,
    String keyIndex) {

  public Relation {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
  }

  /** The same relation with as many columns of the same names. */
  public Relation withColumns(List<Column> other) {
    return new Relation(oid, schema, name, identity, other, keyColumns, keyIndex);
  }

  public boolean isKeyed() {
    return !keyColumns.isEmpty();
  }

  /** {@code schema.name}, for people; not quoted. */
  public String qualifiedName() {
    return schema + "." + name;
  }
}
