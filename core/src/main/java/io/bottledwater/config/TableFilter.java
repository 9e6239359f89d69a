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
    List<Glob> parts = new ArrayList<>();
    int i = 0;
    int start = 0;
    while (true) {
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
      if (parts.isEmpty()) {
        start = i;
      }
      StringBuilder part = new StringBuilder();
      boolean quoted = i < text.length() && text.charAt(i) == '"';
      if (quoted) {
        i = readQuoted(text, i, part);
      } else {
        while (i < text.length() && ".,\"".indexOf(text.charAt(i)) < 0) {
          part.append(text.charAt(i++));
        }
      }
      String name = quoted ? part.toString() : part.toString().strip();
      if (name.isEmpty()) {
        throw new OptionValueException(
            "a name is empty in " + OneLine.quote(text),
            "Write schema.table, several with commas.");
      }
      parts.add(new Glob(name, quoted));
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
      boolean dot = i < text.length() && text.charAt(i) == '.';
      boolean end = i == text.length() || text.charAt(i) == ',';
      if (!dot && !end) {
        throw new OptionValueException(
            "a quote stands inside a name in " + OneLine.quote(text),
            "Quote a whole name, as in public.\"odd name\".");
      }
      if (end) {
        patterns.add(pattern(text.substring(start, i).strip(), parts));
        parts = new ArrayList<>();
        if (i == text.length()) {
          return patterns;
        }
      }
      i++;
    }
  }

  private static int readQuoted(String text, int open, StringBuilder part)
      throws OptionValueException {
    int i = open + 1;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '"') {
        part.append(c);
      } else if (i < text.length() && text.charAt(i) == '"') {
        part.append('"');
        i++;
      } else {
        return i;
      }
    }
    throw new OptionValueException(
        "a double quote is not closed in " + OneLine.quote(text), "Close the quote.");
  }

  private static TablePattern pattern(String written, List<Glob> parts)
      throws OptionValueException {
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
