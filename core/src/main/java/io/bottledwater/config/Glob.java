package io.bottledwater.config;

/** A pattern in which {@code *} stands for any characters and {@code ?} for one. */
final class Glob {
  private static final char ANY = '*';
  private static final char ONE = '?';

  private final String pattern;
  private final boolean literal;

  /**
   * @param literal whether {@code *} and {@code ?} stand for themselves, as inside double quotes
   */
  Glob(String pattern, boolean literal) {
    this.pattern = pattern;
    this.literal = literal;
  }

  /** Whether it fits one name only, its own. */
  boolean isName() {
    return literal || (pattern.indexOf(ANY) < 0 && pattern.indexOf(ONE) < 0);
  }

  String pattern() {
    return pattern;
  }

  /** Takes time in proportion to both lengths' product at worst, whatever the pattern. */
  boolean matches(String text) {
    if (literal) {
      return pattern.equals(text);
    }
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : '\0';
      if (p < pattern.length() && c == ANY) {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && c == ONE) {
        p++;
        t += Character.charCount(text.codePointAt(t));
      } else if (p < pattern.length() && c == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == ANY) {
      p++;
    }
    return p == pattern.length();
  }
}
