package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of a table to export.
 *
 * @param condition a boolean expression of SQL over the table's columns
 */
public record RowCondition(TablePattern table, String condition) {
  private static final String ADVICE =
      "Write for instance \"shop.orders: region = 'eu'\", one table an option.";

  static List<RowCondition> parse(List<String> texts) throws OptionValueException {
    List<RowCondition> conditions = new ArrayList<>();
    for (String text : texts) {
      GlobReader in = new GlobReader(text, ":", ADVICE);
      List<Glob> name = in.name();
      TablePattern table = TableFilter.pattern(in.written(), name);
      String condition = in.next() ? in.rest() : "";
      if (condition.isEmpty()) {
        throw new OptionValueException(
            "no condition follows " + OneLine.quote(in.written()), ADVICE);
      }
      check(condition);
      conditions.add(new RowCondition(table, condition));
    }
    return conditions;
  }

  // The condition becomes part of a statement, with the rights of the pump's role, whose password
  // stands in the same configuration. The server judges it; refused here is what by a slip could
  // end the place that it stands in.
  private static void check(String condition) throws OptionValueException {
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < condition.length(); i++) {
      char c = condition.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
        continue;
      }
      boolean comment = condition.startsWith("--", i) || condition.startsWith("/*", i);
      if (c == ';' || c == '$' || c == '\\' || comment) {
        throw new OptionValueException(
            "the condition has a semicolon, a dollar sign, a backslash or a comment in it",
            "Write one boolean expression.");
      }
      quote = c == '\'' || c == '"' ? c : 0;
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) {
        break;
      }
    }
    if (depth != 0 || quote != 0) {
      throw new OptionValueException(
          "a parenthesis or quote of the condition is not closed or not opened",
          "Write one boolean expression.");
    }
  }
}
