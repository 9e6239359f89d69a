package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.OneLine;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PublishedTable;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows that the user wants of some tables. The publication carries the condition, so that the
 * server itself turns updates across its border into inserts and deletes; the snapshot reads under
 * the condition that the publication has.
 */
public final class RowFilters {
  /** Lets every row through. */
  public static final RowFilters NONE = new RowFilters(List.of());

  private static final String PRIVILEGE = "42501";

  /**
   * One filter.
   *
   * @param written the glob, as the user wrote it
   * @param table schema and name: whether the filter is about the table
   * @param condition boolean expression of SQL
   */
  public record Rule(String written, BiPredicate<String, String> table, String condition) {}

  private final List<Rule> rules;

  /**
   * @param rules of those that match a table the first counts
   */
  public RowFilters(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Refuses filters that are about nothing, or that this server cannot apply. */
  void check(Catalog catalog, Collection<TableInfo> tables) {
    for (Rule rule : rules) {
      if (!catalog.publications().canFilter()) {
        throw new BottledWaterException(
            ErrorCode.ROW_FILTER,
            "--row-filter "
                + rule.written
                + ": publications have row filters from PostgreSQL 15 on, and this is "
                + catalog.version() / 10000
                + ".",
            "Leave the filter out, or the table.",
            null);
      }
      if (tables.stream()
          .noneMatch(t -> rule.table.test(t.relation().schema(), t.relation().name()))) {
        throw new BottledWaterException(
            ErrorCode.ROW_FILTER, "--row-filter " + rule.written + ": no exported table fits.");
      }
    }
  }

  /** What follows a table's name in CREATE PUBLICATION: its condition, or nothing. */
  String clause(Relation relation) {
    Rule rule = rule(relation);
    return rule == null ? "" : " WHERE (" + rule.condition + ")";
  }

  /**
   * Refuses a condition that the server does not take, or under which it would refuse the
   * application's own UPDATE and DELETE.
   */
  void checkCondition(Catalog catalog, TableInfo table) throws SQLException {
    Rule rule = rule(table.relation());
    if (rule != null) {
      asPrinted(catalog, table, rule);
    }
  }

  /** Refuses to go on with a publication that filters other rows than asked for. */
  void checkPublished(Catalog catalog, String publication, List<TableInfo> tables, boolean ours)
      throws SQLException {
    Map<Long, PublishedTable> published = catalog.publications().published(List.of(publication));
    for (TableInfo table : tables) {
      PublishedTable sent = published.get(table.relation().oid());
      Rule rule = rule(table.relation());
      String has = sent == null ? null : sent.rowFilter();
      if (sent == null || (rule == null && (has == null || !ours))) {
        continue;
      }
      if (rule == null || has == null || !isSame(catalog, table, rule, has)) {
        throw new BottledWaterException(
            ErrorCode.ROW_FILTER,
            "Publication "
                + publication
                + " sends of "
                + table.relation().qualifiedName()
                + (has == null ? " all rows" : " the rows with " + OneLine.escape(has))
                + ", and --row-filter says otherwise.",
            has != null && !ours
                ? "Write the condition as the publication has it."
                : "Rows that enter or leave the filter take a new snapshot: run `bottledwater slot"
                    + " drop`, then DROP PUBLICATION "
                    + Identifiers.quote(publication)
                    + "; and start again.",
            null);
      }
    }
  }

  private static boolean isSame(Catalog catalog, TableInfo table, Rule rule, String has)
      throws SQLException {
    if (bare(rule.condition).equals(bare(has))) {
      return true;
    }
    try {
      return asPrinted(catalog, table, rule).equals(has);
    } catch (SQLException e) {
      if (PRIVILEGE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private static String bare(String condition) {
    String bare = condition.strip();
    return bare.startsWith("(") && bare.endsWith(")")
        ? bare.substring(1, bare.length() - 1).strip()
        : bare;
  }

  // A publication that is rolled back: the server parses, checks and prints the condition.
  private static String asPrinted(Catalog catalog, TableInfo table, Rule rule) throws SQLException {
    String scratch = "bottledwater_" + Long.toUnsignedString(System.nanoTime(), 36);
    catalog.execute("BEGIN");
    try {
      catalog.execute(
          "CREATE PUBLICATION "
              + scratch
              + " FOR TABLE "
              + Publications.tableAlone(table)
              + " WHERE ("
              + rule.condition
              + ") WITH (publish = 'insert', publish_via_partition_root = true)");
      checkIdentity(table, rule, catalog, scratch);
      PublishedTable sent =
          catalog.publications().published(List.of(scratch)).get(table.relation().oid());
      return sent == null || sent.rowFilter() == null ? "" : sent.rowFilter();
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.equals(PRIVILEGE) || !state.matches("(42|22|0A).*")) {
        throw e;
      }
      throw new BottledWaterException(
          ErrorCode.ROW_FILTER,
          "--row-filter "
              + rule.written
              + ": the server does not take the condition for "
              + table.relation().qualifiedName()
              + " (SQLSTATE "
              + state
              + ").",
          "Use the table's own columns and built-in functions and operators only; names of other"
              + " schemas must be written out.",
          e);
    } finally {
      catalog.execute("ROLLBACK");
    }
  }

  private static void checkIdentity(TableInfo table, Rule rule, Catalog catalog, String publication)
      throws SQLException {
    Relation relation = table.relation();
    if (!table.hasIdentity() || catalog.tables().isFullThroughout(relation.oid())) {
      return;
    }
    List<String> key =
        relation.keyColumns().stream().map(i -> relation.columns().get(i).name()).toList();
    for (String column : catalog.publications().filterColumns(publication, relation.oid())) {
      if (!key.contains(column)) {
        throw new BottledWaterException(
            ErrorCode.ROW_FILTER,
            "--row-filter "
                + rule.written
                + ": column "
                + relation.qualifiedName()
                + "."
                + column
                + " is not in the replica identity, so the server would refuse every UPDATE and"
                + " DELETE of the table.",
            "Run: ALTER TABLE "
                + Identifiers.quote(relation.schema(), relation.name())
                + " REPLICA IDENTITY FULL;",
            null);
      }
    }
  }

  private @Nullable Rule rule(Relation relation) {
    for (Rule rule : rules) {
      if (rule.table.test(relation.schema(), relation.name())) {
        return rule;
      }
    }
    return null;
  }
}
