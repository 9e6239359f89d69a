package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.nio.charset.StandardCharsets;

/** PostgreSQL's rule for identifiers, applied to a publication's name. */
final class PublicationName {
  private PublicationName() {}

  static String parse(String text) throws OptionValueException {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > 63 || text.indexOf('\0') >= 0) {
      throw new OptionValueException(
          OneLine.quote(text) + " cannot name a publication", "Use 1 to 63 bytes.");
    }
    return text;
  }
}
