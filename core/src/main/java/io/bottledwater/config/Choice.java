package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Options that take one of a few words: an enum's constants in lower case with dashes. */
public final class Choice {
  private Choice() {}

  /** The word for a constant, for instance {@code exactly-once}. */
  public static String wordFor(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** An option that takes one constant of an enum. */
  public static <E extends Enum<E>> Option.Builder<E> option(String name, Class<E> type) {
    return Option.value(name, String.join("|", words(type)), text -> parse(text, type));
  }

  static <E extends Enum<E>> E parse(String text, Class<E> type) throws OptionValueException {
    for (E constant : type.getEnumConstants()) {
      if (wordFor(constant).equals(text)) {
        return constant;
      }
    }
    throw new OptionValueException(
        OneLine.quote(text) + " is not one of " + String.join(", ", words(type)),
        NearestName.suggestion(text, words(type), "", "Choose one of these words."));
  }

  private static <E extends Enum<E>> List<String> words(Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(wordFor(constant));
    }
    return words;
  }
}
