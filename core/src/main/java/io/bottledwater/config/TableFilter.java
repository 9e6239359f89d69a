package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tables to export: those that {@code --tables} names, less those that {@code
 * --exclude-tables} names. Names are compared as PostgreSQL stores them, without case folding.
 * Immutable.
 *
 * @param included no pattern means every table
 * @param excluded no pattern means none
 */
public record TableFilter(List<TablePattern> included, List<TablePattern> excluded) {
  public TableFilter {
    included = List.copyOf(included);
    excluded = List.copyOf(excluded);
  }

  /** Lets every table through. */
  public static TableFilter all() {
    return new TableFilter(List.of(), List.of());
  }

  public boolean matches(String schema, String table) {
    return (included.isEmpty() || anyMatches(included, schema, table))
        && !anyMatches(excluded, schema, table);
  }

  /** Whether there is anything to filter by. */
  public boolean isAll() {
    return included.isEmpty() && excluded.isEmpty();
  }

  private static boolean anyMatches(List<TablePattern> patterns, String schema, String table) {
    for (TablePattern pattern : patterns) {
      if (pattern.matches(schema, table)) {
        return true;
      }
    }
    return false;
  }

  /** Reads {@code schema.table} globs with commas; double quotes make a part literal. */
  static List<TablePattern> parsePatterns(String text) throws OptionValueException {
    List<TablePattern> patterns = new ArrayList<>();
    GlobReader in = new GlobReader(text, ",", "Write schema.table, several with commas.");
    do {
      List<Glob> parts = in.name();
      patterns.add(pattern(in.written(), parts));
    } while (in.next());
    return patterns;
  }

  /** Reads the name of one table: schema.table without globs. */
  static TableName parseTable(String text) throws OptionValueException {
    GlobReader in = new GlobReader(text, ",", "Write schema.table.");
    List<Glob> parts = in.name();
    pattern(in.written(), parts);
    if (in.next() || !parts.get(0).isName() || !parts.get(1).isName()) {
      throw new OptionValueException(
          OneLine.quote(text) + " is not the name of one table",
          "Write schema.table; quote a name that has * or ? in it.");
    }
    return new TableName(parts.get(0).pattern(), parts.get(1).pattern());
  }

  static TablePattern pattern(String written, List<Glob> parts) throws OptionValueException {
    if (parts.size() == 1) {
      throw new OptionValueException(
          OneLine.quote(written) + " names no schema",
          "Write public."
              + OneLine.escape(written)
              + ", or *."
              + OneLine.escape(written)
              + " for every schema.");
    }
    if (parts.size() > 2) {
      throw new OptionValueException(
          OneLine.quote(written) + " has more than one dot",
          "Write schema.table; quote a name that has a dot in it, as in \"a.b\".c.");
    }
    return new TablePattern(written, parts.get(0), parts.get(1));
  }
}
