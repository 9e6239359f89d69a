package io.bottledwater.config;

import io.bottledwater.error.OneLine;

/** Options that take a whole number within a range. */
public final class WholeNumber {
  private WholeNumber() {}

  /** An option that takes a number from {@code least} to {@code most}, both included. */
  public static Option.Builder<Integer> option(
      String name, String placeholder, int least, int most) {
    return Option.value(name, placeholder, text -> parse(text, least, most));
  }

  static int parse(String text, int least, int most) throws OptionValueException {
    String range = "a whole number from " + least + " to " + most;
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits
        || text.length() > 10
        || Long.parseLong(text) < least
        || Long.parseLong(text) > most) {
      throw new OptionValueException(
          OneLine.quote(text) + " is not " + range, "Write " + range + ".");
    }
    return Integer.parseInt(text);
  }
}
