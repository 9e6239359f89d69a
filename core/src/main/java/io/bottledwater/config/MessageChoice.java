package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/** Which logical messages to export, by their prefixes. Immutable. */
public final class MessageChoice {
  private final List<Glob> prefixes;

  private MessageChoice(List<Glob> prefixes) {
    this.prefixes = List.copyOf(prefixes);
  }

  static MessageChoice parse(String text) throws OptionValueException {
    if (text.equals("off")) {
      return new MessageChoice(List.of());
    }
    List<Glob> prefixes = new ArrayList<>();
    for (String part : text.equals("on") ? List.of("*") : List.of(text.split(",", -1))) {
      if (part.isBlank()) {
        throw new OptionValueException(
            "a prefix is empty in " + OneLine.quote(text),
            "Write on, off, or prefixes with * and ?, several with commas.");
      }
      prefixes.add(new Glob(part.strip(), false));
    }
    return new MessageChoice(prefixes);
  }

  /** Whether no message is wanted. */
  public boolean isOff() {
    return prefixes.isEmpty();
  }

  public boolean matches(String prefix) {
    for (Glob glob : prefixes) {
      if (glob.matches(prefix)) {
        return true;
      }
    }
    return false;
  }
}
