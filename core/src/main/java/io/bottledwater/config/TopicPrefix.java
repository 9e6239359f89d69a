package io.bottledwater.config;

import io.bottledwater.error.OneLine;

/** Kafka's rule for topic names, applied to what stands before the table's name. */
final class TopicPrefix {
  // Kafka's limit is 249; the dot and one character of a table's name must fit behind.
  private static final int MOST = 247;

  private TopicPrefix() {}

  static String parse(String text) throws OptionValueException {
    boolean legal =
        text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '.'
                        || c == '_'
                        || c == '-');
    if (!legal || text.isEmpty() || text.length() > MOST) {
      throw new OptionValueException(
          OneLine.quote(text) + " cannot begin a topic's name",
          "Use 1 to " + MOST + " of the characters A-Z, a-z, 0-9, dot, _ and -.");
    }
    return text;
  }
}
