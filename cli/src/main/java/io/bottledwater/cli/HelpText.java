package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import java.util.List;

/** Help for terminals, 80 columns, derived from the declarations. */
final class HelpText {
  private static final int WIDTH = 80;
  private static final int INDENT = 6;

  private HelpText() {}

  /**
   * @param others listed at the end; empty for a command of its own
   */
  static String of(Command command, List<Option<?>> options, List<Command> others) {
    StringBuilder text = new StringBuilder();
    String words = (command.name() + " " + command.argumentsPlaceholder()).strip();
    text.append("Usage: bottledwater ").append(words.isEmpty() ? "" : words + " ");
    text.append("[OPTIONS]\n");
    if (!others.isEmpty()) {
      text.append("       bottledwater COMMAND --help\n");
    }
    text.append('\n');
    wrap(text, command.summary(), 0);
    for (OptionGroup group : OptionGroup.values()) {
      List<Option<?>> members = options.stream().filter(o -> o.group() == group).toList();
      if (!members.isEmpty()) {
        text.append('\n').append(group.title()).append(":\n");
        members.forEach(option -> describe(text, option));
      }
    }
    if (!others.isEmpty()) {
      text.append("\nCommands:\n");
      for (Command other : others) {
        text.append("  ").append(other.name()).append('\n');
        wrap(text, other.summary(), INDENT);
      }
    }
    text.append('\n');
    wrap(
        text,
        "An option can also stand in the environment, as BOTTLEDWATER_ and its name in capitals with"
            + " underscores, and in the file that --config names. The command line comes first, then"
            + " the environment, the file, the default.",
        0);
    text.append("\nExit codes: 0 done or stopped, 2 bad usage, 3 refused, 4 gave up, 70 a bug.\n");
    return text.toString();
  }

  /** {@code -s, --slot=NAME}. */
  static String synopsis(Option<?> option) {
    String letter = option.letter().map(c -> "-" + c + ", ").orElse("    ");
    return letter + option + (option.placeholder().isEmpty() ? "" : "=" + option.placeholder());
  }

  private static void describe(StringBuilder text, Option<?> option) {
    text.append("  ").append(synopsis(option)).append('\n');
    wrap(text, option.help() + defaultOf(option), INDENT);
  }

  private static String defaultOf(Option<?> option) {
    if (option.required()) {
      return " Required.";
    }
    boolean silent = option.arity() == Option.Arity.FLAG || option.defaultHelp().isEmpty();
    return silent ? "" : " Default: " + option.defaultHelp() + ".";
  }

  private static void wrap(StringBuilder text, String words, int indent) {
    int column = 0;
    for (String word : words.split(" ")) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? " ".repeat(indent) : " ").append(word);
      column = (column == 0 ? indent : column + 1) + word.length();
    }
    text.append('\n');
  }
}
