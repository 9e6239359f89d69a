package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import java.util.List;

/** The table of options in the README, from the declarations. */
final class OptionsDoc {
  static final String BEGIN = "<!-- options:begin -->";
  static final String END = "<!-- options:end -->";

  private OptionsDoc() {}

  /** The document with everything between the markers written anew. */
  static String rewrite(String document, List<Option<?>> options) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("the document has no " + BEGIN + " before " + END);
    }
    return document.substring(0, begin + BEGIN.length())
        + "\n"
        + table(options)
        + document.substring(end);
  }

  private static String table(List<Option<?>> options) {
    StringBuilder text = new StringBuilder();
    for (OptionGroup group : OptionGroup.values()) {
      text.append("\n**").append(group.title()).append("**\n\n");
      text.append("| option | default | meaning |\n|---|---|---|\n");
      options.stream().filter(o -> o.group() == group).forEach(o -> text.append(row(o)));
    }
    return text.append('\n').toString();
  }

  private static String row(Option<?> option) {
    String fallback = option.required() ? "required" : option.defaultHelp();
    boolean literal = option.defaultText().isPresent() && !fallback.equals("off");
    return "| `"
        + cell(HelpText.synopsis(option).strip())
        + "` | "
        + (literal ? "`" + cell(fallback) + "`" : cell(fallback))
        + " | "
        + cell(option.help().replace("*", "\\*"))
        + " |\n";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
