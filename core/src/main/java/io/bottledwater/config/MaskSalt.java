package io.bottledwater.config;

/** The secret that hashes are made with. */
final class MaskSalt {
  private static final int LEAST_CHARACTERS = 16;

  private MaskSalt() {}

  static String parse(String text) throws OptionValueException {
    if (text.length() < LEAST_CHARACTERS) {
      throw new OptionValueException(
          "the salt is short enough to be guessed",
          "Write at least " + LEAST_CHARACTERS + " random characters, and keep them secret.");
    }
    return text;
  }
}
