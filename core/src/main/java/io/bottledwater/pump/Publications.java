package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PublicationInfo;
import io.bottledwater.source.catalog.PublishedTable;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publications that the stream is made of. A table without replica identity must not be in one
 * that publishes updates: the server would then refuse the application's own UPDATE and DELETE.
 * Such tables go to a second publication, of inserts only.
 */
final class Publications {
  private static final Logger log = LoggerFactory.getLogger(Publications.class);
  private static final int TABLES_IN_MESSAGE = 20;
  private static final int TABLES_AT_ONCE = 1000;
  private static final String ALL_OPERATIONS = "insert, update, delete, truncate";

  private final List<String> names;
  private final List<TableInfo> tables;
  private final Set<Long> leftOut;

  private Publications(List<String> names, List<TableInfo> tables, Set<Long> leftOut) {
    this.names = names;
    this.tables = tables;
    this.leftOut = leftOut;
  }

  /** Names for START_REPLICATION. */
  List<String> names() {
    return names;
  }

  /** The one that a table belongs in; null when there is none for tables without identity. */
  @Nullable String of(TableInfo table) {
    return table.hasIdentity() ? names.get(0) : names.size() > 1 ? names.get(1) : null;
  }

  /** OIDs of the tables that are in any of them now. */
  Set<Long> published(Catalog catalog) throws SQLException {
    Set<Long> published = new TreeSet<>();
    for (String name : names) {
      published.addAll(catalog.publications().tables(name));
    }
    return published;
  }

  /** The wanted tables that are published. */
  List<TableInfo> tables() {
    return tables;
  }

  /** OIDs of the wanted tables that are not published, which the log has said. */
  Set<Long> leftOut() {
    return leftOut;
  }

  /**
   * Finds or creates the publications of the wanted tables.
   *
   * @param slotKept whether the stream goes on from a slot that is older than this call. The server
   *     looks publications up as they were at each change, so one that is created now would be
   *     missing to everything before (PostgreSQL up to 17 then ends the stream with an error, 18
   *     leaves the changes out)
   * @param unkeyed whether tables without identity may appear later: their publication must be as
   *     old as the slot
   * @param rowFilters which rows to publish
   */
  static Publications ensure(
      Catalog catalog,
      String publication,
      List<TableInfo> wanted,
      boolean slotKept,
      boolean unkeyed,
      RowFilters rowFilters)
      throws SQLException {
    List<TableInfo> full = wanted.stream().filter(TableInfo::hasIdentity).toList();
    List<TableInfo> insertOnly = wanted.stream().filter(table -> !table.hasIdentity()).toList();
    List<String> names = new ArrayList<>();
    Set<Long> published = new TreeSet<>();
    PublicationInfo existing = catalog.publications().find(publication);
    if (existing != null) {
      check(publication, existing, wanted);
      rowFilters.checkPublished(
          catalog, publication, wanted, catalog.publications().owns(publication));
      if (!slotKept && catalog.publications().owns(publication)) {
        complete(catalog, publication, full, rowFilters);
      }
    } else {
      if (slotKept) {
        throw olderSlot(publication, sql(catalog, publication, full, ALL_OPERATIONS, rowFilters));
      }
      create(catalog, publication, full, ALL_OPERATIONS, rowFilters);
    }
    names.add(publication);
    published.addAll(catalog.publications().tables(publication));
    List<TableInfo> missing =
        insertOnly.stream().filter(table -> !published.contains(table.relation().oid())).toList();
    if (!missing.isEmpty() || (unkeyed && catalog.publications().owns(publication))) {
      insertOnly(
          catalog, publication + "_insert_only", missing, names, published, slotKept, rowFilters);
    }
    List<TableInfo> tables = new ArrayList<>();
    List<TableInfo> unpublished = new ArrayList<>();
    for (TableInfo table : wanted) {
      (published.contains(table.relation().oid()) ? tables : unpublished).add(table);
    }
    // To its own publication the pump adds tables while it streams.
    Set<Long> leftOut = new TreeSet<>();
    if (!unpublished.isEmpty() && !catalog.publications().owns(publication)) {
      unpublished.forEach(table -> leftOut.add(table.relation().oid()));
      log.warn(
          "Not in publication {}, so not exported: {}. To export them, run: ALTER PUBLICATION {} ADD"
              + " TABLE ...",
          publication,
          names(unpublished),
          Identifiers.quote(publication));
    }
    return new Publications(names, asPublished(catalog, names, tables), leftOut);
  }

  /**
   * The tables with the columns that the publications send.
   *
   * @throws BottledWaterException {@code BW-TABLE-CHANGED} when a key's column got another name
   *     since the tables were read, and so seems not to be sent
   */
  static List<TableInfo> asPublished(Catalog catalog, List<String> names, List<TableInfo> tables)
      throws SQLException {
    Map<Long, PublishedTable> published = catalog.publications().published(names);
    List<TableInfo> reduced = new ArrayList<>();
    for (TableInfo table : tables) {
      PublishedTable sent = published.get(table.relation().oid());
      TableInfo seen = sent == null ? table : table.withColumns(sent.columns());
      if (table.relation().isKeyed() && !seen.relation().isKeyed()) {
        checkUnchanged(catalog, table);
      }
      reduced.add(seen);
    }
    return reduced;
  }

  private static void checkUnchanged(Catalog catalog, TableInfo table) throws SQLException {
    TableInfo now = catalog.tables().table(table.relation().oid());
    if (now == null || !columnNames(now).equals(columnNames(table))) {
      throw new BottledWaterException(
          ErrorCode.TABLE_CHANGED,
          "Table "
              + table.relation().qualifiedName()
              + " was altered while the pump read what its publication sends.");
    }
  }

  private static List<String> columnNames(TableInfo table) {
    return table.relation().columns().stream().map(Column::name).toList();
  }

  private static void check(String name, PublicationInfo existing, List<TableInfo> wanted) {
    List<TableInfo> partitioned = wanted.stream().filter(TableInfo::partitioned).toList();
    if (!existing.viaRoot() && !partitioned.isEmpty()) {
      throw new BottledWaterException(
          ErrorCode.PUBLICATION,
          "Publication "
              + name
              + " publishes partitions under their own names, and these tables are partitioned: "
              + names(partitioned)
              + ".",
          "Run: ALTER PUBLICATION "
              + Identifiers.quote(name)
              + " SET (publish_via_partition_root = true);",
          null);
    }
    if (!existing.inserts() || !existing.updates() || !existing.deletes()) {
      log.warn(
          "Publication {} leaves changes out, which will be missing from the topics: inserts {},"
              + " updates {}, deletes {}.",
          name,
          published(existing.inserts()),
          published(existing.updates()),
          published(existing.deletes()));
    }
  }

  private static String published(boolean operation) {
    return operation ? "published" : "left out";
  }

  private static void insertOnly(
      Catalog catalog,
      String name,
      List<TableInfo> missing,
      List<String> names,
      Set<Long> published,
      boolean slotKept,
      RowFilters rowFilters)
      throws SQLException {
    boolean exists = catalog.publications().exists(name);
    // What cannot be taken in is named when the stream begins: see NewTables.
    if (exists ? missing.isEmpty() && !catalog.publications().owns(name) : slotKept) {
      return;
    }
    if (!exists) {
      create(catalog, name, missing, "insert, truncate", rowFilters);
    } else {
      rowFilters.checkPublished(catalog, name, missing, catalog.publications().owns(name));
    }
    names.add(name);
    published.addAll(catalog.publications().tables(name));
    if (missing.isEmpty()) {
      return;
    }
    log.warn(
        "Without replica identity only inserts can be exported from {}. To export updates, run:"
            + " ALTER TABLE ... REPLICA IDENTITY FULL, and start under a new --publication.",
        names(missing));
  }

  private static BottledWaterException olderSlot(String publication, String sql) {
    return new BottledWaterException(
        ErrorCode.PUBLICATION,
        "Publication "
            + publication
            + " does not exist, and the slot is older than one created now would be: the changes"
            + " between could not be read.",
        "Drop the slot, run: " + sql + "; then create the slot again, or leave that to this pump.",
        null);
  }

  private static void create(
      Catalog catalog,
      String publication,
      List<TableInfo> tables,
      String operations,
      RowFilters rowFilters)
      throws SQLException {
    String sql = sql(catalog, publication, tables, operations, rowFilters);
    try {
      for (TableInfo table : tables) {
        rowFilters.checkCondition(catalog, table);
      }
      if (tables.size() <= TABLES_AT_ONCE) {
        catalog.execute(sql);
        catalog.publications().claim(publication);
      } else {
        // The server keeps a lock on each until the statement is done, and has room for some
        // thousands.
        List<TableInfo> first = tables.subList(0, TABLES_AT_ONCE);
        catalog.execute(sql(catalog, publication, first, operations, rowFilters));
        catalog.publications().claim(publication);
        add(catalog, publication, tables.subList(TABLES_AT_ONCE, tables.size()), rowFilters);
      }
      log.info("Created publication {} of {} tables ({}).", publication, tables.size(), operations);
    } catch (SQLException e) {
      if (!"42501".equals(e.getSQLState())) {
        throw e;
      }
      throw new BottledWaterException(
          ErrorCode.PUBLICATION,
          "Publication " + publication + " does not exist, and this role may not create it.",
          "Run as the tables' owner: "
              + (tables.size() <= TABLES_IN_MESSAGE
                  ? sql
                  : sql(
                          catalog,
                          publication,
                          tables.subList(0, TABLES_IN_MESSAGE),
                          operations,
                          rowFilters)
                      + " and then ALTER PUBLICATION ... ADD TABLE for the other "
                      + (tables.size() - TABLES_IN_MESSAGE)
                      + " tables")
              + ";",
          e);
    }
  }

  // A start that was cut short may have left some out.
  private static void complete(
      Catalog catalog, String publication, List<TableInfo> tables, RowFilters rowFilters)
      throws SQLException {
    Set<Long> published = catalog.publications().tables(publication);
    List<TableInfo> missing =
        tables.stream().filter(table -> !published.contains(table.relation().oid())).toList();
    if (!missing.isEmpty()) {
      add(catalog, publication, missing, rowFilters);
      log.info("Added {} tables to publication {}.", missing.size(), publication);
    }
  }

  private static void add(
      Catalog catalog, String publication, List<TableInfo> tables, RowFilters rowFilters)
      throws SQLException {
    for (int from = 0; from < tables.size(); from += TABLES_AT_ONCE) {
      catalog.execute(
          "ALTER PUBLICATION "
              + Identifiers.quote(publication)
              + " ADD TABLE "
              + list(
                  tables.subList(from, Math.min(tables.size(), from + TABLES_AT_ONCE)),
                  rowFilters));
    }
  }

  private static String list(List<TableInfo> tables, RowFilters rowFilters) {
    return tables.stream()
        .map(table -> tableAlone(table) + rowFilters.clause(table.relation()))
        .collect(Collectors.joining(", "));
  }

  private static String sql(
      Catalog catalog,
      String publication,
      List<TableInfo> tables,
      String operations,
      RowFilters rowFilters) {
    // TRUNCATE can be published from 11 on, roots of partitions from 13 on.
    String published =
        catalog.version() < 110000 ? operations.replace(", truncate", "") : operations;
    return "CREATE PUBLICATION "
        + Identifiers.quote(publication)
        + (tables.isEmpty() ? "" : " FOR TABLE " + list(tables, rowFilters))
        + " WITH (publish = '"
        + published
        + "'"
        + (catalog.tables().publishesRoots() ? ", publish_via_partition_root = true" : "")
        + (catalog.publications().canSendGeneratedColumns()
            ? ", publish_generated_columns = stored"
            : "")
        + ")";
  }

  /** A table in a publication, without inheritance children; a partitioned one takes no ONLY. */
  static String tableAlone(TableInfo table) {
    return (table.partitioned() ? "" : "ONLY ")
        + Identifiers.quote(table.relation().schema(), table.relation().name());
  }

  private static String names(List<TableInfo> tables) {
    return Preflight.shorten(
        tables.stream().map(table -> table.relation().qualifiedName()).toList());
  }
}
