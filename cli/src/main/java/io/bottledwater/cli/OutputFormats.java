package io.bottledwater.cli;

import io.bottledwater.config.NearestName;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.encode.FormatProvider;
import io.bottledwater.encode.Formats;
import io.bottledwater.error.OneLine;
import java.util.Map;

/** Looks for the format that an option names. */
final class OutputFormats {
  private OutputFormats() {}

  static FormatProvider find(String name) throws OptionValueException {
    Map<String, FormatProvider> formats = Formats.onClassPath();
    FormatProvider found = formats.get(name);
    if (found == null) {
      throw new OptionValueException(
          OneLine.quote(name) + " is not one of " + String.join(", ", formats.keySet()),
          NearestName.suggestion(
              name,
              formats.keySet(),
              "",
              "Choose one of these words; a jar on BOTTLEDWATER_CLASSPATH can bring others."));
    }
    return found;
  }
}
