package io.bottledwater.error;

/**
 * Makes text from outside safe to print: one line, no terminal control, nothing that reorders what
 * a reader sees. A table may be named with a newline or an escape sequence in it.
 */
public final class OneLine {
  private OneLine() {}

  /** Replaces every control and direction character by its escape, for instance {@code \n}. */
  public static String escape(String text) {
    int first = 0;
    while (first < text.length() && !isUnsafe(text.charAt(first))) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (isUnsafe(c)) {
            escaped.append(String.format("\\u%04x", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  /** The text escaped, in single quotes, cut after 80 characters. */
  public static String quote(String text) {
    String escaped = escape(text);
    return escaped.length() <= 80 ? "'" + escaped + "'" : "'" + escaped.substring(0, 80) + "...'";
  }

  private static boolean isUnsafe(char c) {
    return c < 0x20
        || (c >= 0x7f && c <= 0x9f)
        || c == 0x061c
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0xfeff;
  }
}
