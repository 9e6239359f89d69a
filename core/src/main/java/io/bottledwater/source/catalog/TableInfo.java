package io.bottledwater.source.catalog;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Relation;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that could be exported.
 *
 * @param relation its shape now
 * @param partitioned whether its rows lie in partitions
 * @param unreadableIn schemas in which this role may not SELECT from it or from a partition of it
 * @param rowSecurity whether policies hide rows from this role
 * @param leavesIdentified whether each partition has a replica identity of its own
 * @param owned whether this role is a member of its owner
 */
public record TableInfo(
    Relation relation,
    boolean partitioned,
    List<String> unreadableIn,
    boolean rowSecurity,
    boolean leavesIdentified,
    boolean owned) {

  public TableInfo {
    unreadableIn = List.copyOf(unreadableIn);
  }

  /** The table as somebody sees it who is sent some of its columns only. */
  public TableInfo withColumns(List<String> names) {
    List<Column> columns = new ArrayList<>();
    for (Column column : relation.columns()) {
      if (names.contains(column.name())) {
        columns.add(column);
      }
    }
    if (columns.size() == relation.columns().size()) {
      return this;
    }
    List<Integer> key = new ArrayList<>();
    for (int index : relation.keyColumns()) {
      key.add(columns.indexOf(relation.columns().get(index)));
    }
    return new TableInfo(
        new Relation(
            relation.oid(),
            relation.schema(),
            relation.name(),
            relation.identity(),
            columns,
            key.contains(-1) ? List.of() : key,
            key.contains(-1) ? "" : relation.keyIndex()),
        partitioned,
        unreadableIn,
        rowSecurity,
        leavesIdentified,
        owned);
  }

  /** Whether this role may SELECT from the table and all its partitions. */
  public boolean readable() {
    return unreadableIn.isEmpty();
  }

  /**
   * Whether the server accepts UPDATE and DELETE on the table while a publication publishes them
   * (PostgreSQL manual, "Logical Replication: Publication").
   */
  public boolean hasIdentity() {
    if (!leavesIdentified) {
      return false;
    }
    return switch (relation.identity()) {
      case FULL -> true;
      case NOTHING -> false;
      case DEFAULT, INDEX -> relation.isKeyed();
    };
  }
}
