package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.Locale;

/** Booleans as people write them in flags, files and the environment. */
final class OnOff {
  private OnOff() {}

  static boolean parse(String text) throws OptionValueException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1" -> true;
      case "off", "false", "no", "0" -> false;
      default ->
          throw new OptionValueException(
              OneLine.quote(text) + " is neither on nor off", "Write on or off.");
    };
  }
}
