package io.bottledwater.pump;

import io.bottledwater.encode.OutboxSettings;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.TopicNames;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.ServerInfo;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must hold before anything is created: refused here, with the SQL that mends it. */
final class Preflight {
  private static final Logger log = LoggerFactory.getLogger(Preflight.class);
  private static final int MINIMUM_VERSION = 100000;
  private static final int MESSAGES_VERSION = 140000;
  private static final int NAMES_SHOWN = 10;

  private Preflight() {}

  static void checkServer(ServerInfo server, String address) {
    if (server.version() < MINIMUM_VERSION) {
      throw new BottledWaterException(
          ErrorCode.SERVER_VERSION, address + " runs PostgreSQL " + server.version() / 10000 + ".");
    }
    if (server.encoding().equals("SQL_ASCII")) {
      throw new BottledWaterException(
          ErrorCode.ENCODING, "Database " + server.database() + " has encoding SQL_ASCII.");
    }
    if (!server.walLevel().equals("logical")) {
      throw new BottledWaterException(
          ErrorCode.WAL_LEVEL, "wal_level of " + address + " is " + server.walLevel() + ".");
    }
    if (!server.mayReplicate()) {
      throw new BottledWaterException(
          ErrorCode.PRIVILEGE,
          "Role " + server.user() + " may not use replication.",
          "Run: ALTER ROLE " + Identifiers.quote(server.user()) + " REPLICATION;",
          null);
    }
  }

  /** The tables to export: those that pass the filter. */
  static List<TableInfo> selectTables(Catalog catalog, PumpSettings settings) throws SQLException {
    List<TableInfo> all = catalog.tables().userTables();
    List<TableInfo> selected = new ArrayList<>();
    for (TableInfo table : all) {
      if (settings.tables().test(table.relation().schema(), table.relation().name())) {
        selected.add(table);
      }
    }
    if (selected.isEmpty() && settings.filtered()) {
      throw new BottledWaterException(
          ErrorCode.NO_TABLES,
          "None of the database's " + all.size() + " tables passes the filters.");
    }
    if (selected.isEmpty()) {
      log.warn("The database has no tables yet.");
    }
    return selected;
  }

  static void checkTables(List<TableInfo> tables, ServerInfo server, PumpSettings settings) {
    List<String> unkeyed =
        tables.stream()
            .filter(table -> !table.relation().isKeyed() && !isOutbox(table, settings))
            .map(table -> table.relation().qualifiedName())
            .toList();
    if (!unkeyed.isEmpty() && !settings.allowUnkeyed()) {
      throw new BottledWaterException(
          ErrorCode.UNKEYED_TABLE,
          "No primary key or replica identity index: " + shorten(unkeyed) + ".");
    }
    TreeSet<String> schemas = new TreeSet<>();
    List<String> unreadable = new ArrayList<>();
    for (TableInfo table : tables) {
      if (!table.readable()) {
        table.unreadableIn().forEach(schema -> schemas.add(Identifiers.quote(schema)));
        unreadable.add(table.relation().qualifiedName());
      }
    }
    if (!unreadable.isEmpty()) {
      throw new BottledWaterException(
          ErrorCode.PRIVILEGE,
          "Role " + server.user() + " may not read " + shorten(unreadable) + ".",
          schemas.stream()
              .map(
                  schema ->
                      "GRANT USAGE ON SCHEMA "
                          + schema
                          + " TO "
                          + Identifiers.quote(server.user())
                          + "; GRANT SELECT ON ALL TABLES IN SCHEMA "
                          + schema
                          + " TO "
                          + Identifiers.quote(server.user())
                          + ";")
              .collect(Collectors.joining(" ", "Run: ", "")),
          null);
    }
    List<String> hidden =
        tables.stream()
            .filter(TableInfo::rowSecurity)
            .map(table -> table.relation().qualifiedName())
            .toList();
    if (!hidden.isEmpty()) {
      throw new BottledWaterException(
          ErrorCode.PRIVILEGE,
          "Row-level security hides rows from role "
              + server.user()
              + " in "
              + shorten(hidden)
              + ".",
          "Run: ALTER ROLE " + Identifiers.quote(server.user()) + " BYPASSRLS;",
          null);
    }
  }

  /** Refuses messages of a server that does not send them, and an outbox that is none. */
  static void checkRoutes(List<TableInfo> tables, Catalog catalog, PumpSettings settings) {
    if (settings.messages() != null && catalog.version() < MESSAGES_VERSION) {
      throw new BottledWaterException(
          ErrorCode.SERVER_VERSION,
          "--messages: the server sends logical messages from PostgreSQL 14 on, and this is "
              + catalog.version() / 10000
              + ".",
          "Leave the option out.",
          null);
    }
    OutboxSettings outbox = settings.outbox();
    if (outbox != null && tables.stream().noneMatch(t -> outbox.isAbout(t.relation()))) {
      throw new BottledWaterException(
          ErrorCode.OUTBOX,
          "--outbox: no exported table is "
              + outbox.schema()
              + "."
              + outbox.table()
              + "; it must also pass --tables and --exclude-tables.");
    }
  }

  private static boolean isOutbox(TableInfo table, PumpSettings settings) {
    OutboxSettings outbox = settings.outbox();
    return outbox != null && outbox.isAbout(table.relation());
  }

  /** Refuses rules for columns and rows that are about nothing, or that cannot be kept. */
  static void checkRules(List<TableInfo> tables, Catalog catalog, PumpSettings settings) {
    settings.columns().checkMatches(tables.stream().map(TableInfo::relation).toList());
    tables.forEach(table -> settings.columns().checkKey(table.relation()));
    settings.rowFilters().check(catalog, tables);
  }

  /** Names stored generated columns that the publication does not send: the snapshot follows it. */
  static void nameGeneratedColumns(List<TableInfo> tables, Catalog catalog) throws SQLException {
    Map<Long, Set<String>> generated = catalog.tables().generatedColumns();
    List<String> left = new ArrayList<>();
    for (TableInfo table : tables) {
      Relation relation = table.relation();
      Set<String> unsent = generated.getOrDefault(relation.oid(), new LinkedHashSet<>());
      relation.columns().forEach(column -> unsent.remove(column.name()));
      unsent.forEach(name -> left.add(relation.qualifiedName() + "." + name));
    }
    if (!left.isEmpty()) {
      log.info(
          "Generated columns that the publication does not send are left out of snapshot and stream:"
              + " {}.",
          shorten(left));
    }
  }

  /** Refuses names that Kafka cannot hold, before anything has been created. */
  static void checkTopics(List<TableInfo> tables, TopicNames topics, PumpSettings settings) {
    for (TableInfo table : tables) {
      if (!isOutbox(table, settings)) {
        topics.topicOf(table.relation().schema(), table.relation().name());
      }
    }
  }

  static String shorten(List<String> names) {
    String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    return names.size() <= NAMES_SHOWN
        ? shown
        : shown + " and " + (names.size() - NAMES_SHOWN) + " more";
  }
}
