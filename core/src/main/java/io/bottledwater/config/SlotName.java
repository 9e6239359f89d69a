package io.bottledwater.config;

import io.bottledwater.error.OneLine;

/** PostgreSQL's rule for the names of replication slots. */
final class SlotName {
  private SlotName() {}

  /** Source: ReplicationSlotValidateName; NAMEDATALEN is 64 bytes with the terminator. */
  static String parse(String text) throws OptionValueException {
    boolean legal =
        text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    if (!legal || text.isEmpty() || text.length() > 63) {
      throw new OptionValueException(
          OneLine.quote(text) + " cannot name a replication slot",
          "Use 1 to 63 of the characters a-z, 0-9 and _.");
    }
    return text;
  }
}
