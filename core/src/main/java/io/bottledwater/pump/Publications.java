package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  private final List<String> names;
  private final List<TableInfo> tables;

  private Publications(List<String> names, List<TableInfo> tables) {
    this.names = names;
    this.tables = tables;
  }

  /** Names for START_REPLICATION. */
  List<String> names() {
    return names;
  }

  /** The wanted tables that are published. */
  List<TableInfo> tables() {
    return tables;
  }

  static Publications ensure(Catalog catalog, String publication, List<TableInfo> wanted)
      throws SQLException {
    List<TableInfo> full = wanted.stream().filter(TableInfo::hasIdentity).toList();
    List<TableInfo> insertOnly = wanted.stream().filter(table -> !table.hasIdentity()).toList();
    List<String> names = new ArrayList<>();
    Set<Long> published = new TreeSet<>();
    if (!catalog.publicationExists(publication)) {
      create(catalog, publication, full, "insert, update, delete, truncate");
    }
    names.add(publication);
    published.addAll(catalog.publishedTables(publication));
    List<TableInfo> missing =
        insertOnly.stream().filter(table -> !published.contains(table.relation().oid())).toList();
    if (!missing.isEmpty()) {
      String second = publication + "_insert_only";
      if (!catalog.publicationExists(second)) {
        create(catalog, second, missing, "insert, truncate");
      }
      names.add(second);
      published.addAll(catalog.publishedTables(second));
      log.warn(
          "Without replica identity only inserts can be exported from {}. To export updates, run:"
              + " ALTER TABLE ... REPLICA IDENTITY FULL, and start under a new --publication.",
          names(missing));
    }
    List<TableInfo> tables = new ArrayList<>();
    List<TableInfo> unpublished = new ArrayList<>();
    for (TableInfo table : wanted) {
      (published.contains(table.relation().oid()) ? tables : unpublished).add(table);
    }
    if (!unpublished.isEmpty()) {
      log.warn(
          "Not in publication {}, so not exported: {}. To export them, run: ALTER PUBLICATION {} ADD"
              + " TABLE ...",
          publication,
          names(unpublished),
          Identifiers.quote(publication));
    }
    return new Publications(names, tables);
  }

  private static void create(
      Catalog catalog, String publication, List<TableInfo> tables, String operations)
      throws SQLException {
    String sql = sql(catalog, publication, tables, operations);
    try {
      catalog.execute(sql);
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
                  : sql(catalog, publication, tables.subList(0, TABLES_IN_MESSAGE), operations)
                      + " and then ALTER PUBLICATION ... ADD TABLE for the other "
                      + (tables.size() - TABLES_IN_MESSAGE)
                      + " tables")
              + ";",
          e);
    }
  }

  private static String sql(
      Catalog catalog, String publication, List<TableInfo> tables, String operations) {
    String list =
        tables.stream()
            .map(
                table ->
                    // ONLY keeps inheritance children out; a partitioned table takes no ONLY.
                    (table.partitioned() ? "" : "ONLY ")
                        + Identifiers.quote(table.relation().schema(), table.relation().name()))
            .collect(Collectors.joining(", "));
    // TRUNCATE can be published from 11 on, roots of partitions from 13 on.
    String published =
        catalog.version() < 110000 ? operations.replace(", truncate", "") : operations;
    return "CREATE PUBLICATION "
        + Identifiers.quote(publication)
        + (tables.isEmpty() ? "" : " FOR TABLE " + list)
        + " WITH (publish = '"
        + published
        + "'"
        + (catalog.publishesPartitionRoots() ? ", publish_via_partition_root = true" : "")
        + ")";
  }

  private static String names(List<TableInfo> tables) {
    return Preflight.shorten(
        tables.stream().map(table -> table.relation().qualifiedName()).toList());
  }
}
