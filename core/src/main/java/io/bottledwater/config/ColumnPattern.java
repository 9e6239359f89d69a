package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/** One {@code schema.table.column} glob. Immutable. */
public final class ColumnPattern {
  static final String ADVICE = "Write schema.table.column, several with commas.";

  private final String written;
  private final Glob schema;
  private final Glob table;
  private final Glob column;

  private ColumnPattern(String written, List<Glob> parts) {
    this.written = written;
    this.schema = parts.get(0);
    this.table = parts.get(1);
    this.column = parts.get(2);
  }

  /** Reads globs with commas; double quotes make a part literal. */
  static List<ColumnPattern> parseList(String text) throws OptionValueException {
    List<ColumnPattern> patterns = new ArrayList<>();
    GlobReader in = new GlobReader(text, ",", ADVICE);
    do {
      patterns.add(read(in));
    } while (in.next());
    return patterns;
  }

  static ColumnPattern read(GlobReader in) throws OptionValueException {
    List<Glob> parts = in.name();
    if (parts.size() != 3) {
      throw new OptionValueException(
          OneLine.quote(in.written()) + " is not of the form schema.table.column",
          "Write for instance public.users.email; quote a name that has a dot in it.");
    }
    return new ColumnPattern(in.written(), parts);
  }

  public boolean matches(String schemaName, String tableName, String columnName) {
    return schema.matches(schemaName) && table.matches(tableName) && column.matches(columnName);
  }

  /** The pattern as it was written, for messages. */
  @Override
  public String toString() {
    return written;
  }
}
