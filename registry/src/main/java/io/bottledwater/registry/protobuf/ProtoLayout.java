package io.bottledwater.registry.protobuf;

/**
 * Lays out .proto text in one way, so that white space makes no difference: two blanks a level, one
 * statement a line, comments where they belong. Changes no token. Single use.
 */
final class ProtoLayout {
  private static final int MOST_DEPTH = 100;

  private final String text;
  private final StringBuilder out;
  private int at;
  private int depth;
  private boolean lineEnds;
  private boolean sameSourceLine;

  private ProtoLayout(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length() + 64);
  }

  /**
   * @throws IllegalArgumentException when a string or comment does not end, or braces nest too deep
   */
  static String of(String text) {
    ProtoLayout layout = new ProtoLayout(text);
    while (layout.next()) {
      // All is done by next.
    }
    return layout.out.append('\n').toString();
  }

  private boolean next() {
    skipBlanks();
    if (at == text.length()) {
      return false;
    }
    int start = at;
    char c = text.charAt(at);
    if (text.startsWith("//", at)) {
      at = end(text.indexOf('\n', at), text.length());
      comment(text.substring(start, at).stripTrailing());
    } else if (text.startsWith("/*", at)) {
      int end = text.indexOf("*/", at + 2);
      if (end < 0) {
        throw new IllegalArgumentException("a comment does not end");
      }
      at = end + 2;
      comment(text.substring(start, at));
    } else if (c == '"' || c == '\'') {
      skipString(c);
      token(text.substring(start, at));
    } else if (isWord(c)) {
      while (at < text.length() && isWord(text.charAt(at))) {
        at++;
      }
      token(text.substring(start, at));
    } else {
      at++;
      symbol(c);
    }
    sameSourceLine = true;
    return true;
  }

  private static int end(int found, int otherwise) {
    return found < 0 ? otherwise : found;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) <= ' ' || text.charAt(at) == '\uFEFF')) {
      if (text.charAt(at) == '\n') {
        sameSourceLine = false;
      }
      at++;
    }
  }

  private void skipString(char quote) {
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        return;
      }
      if (c == '\\') {
        at++;
      }
    }
    throw new IllegalArgumentException("a string does not end");
  }

  private static boolean isWord(char c) {
    return c == '_' || c == '.' || Character.isLetterOrDigit(c);
  }

  private void symbol(char c) {
    if (c == '}' && --depth < 0) {
      throw new IllegalArgumentException("a brace closes that was not opened");
    }
    if (c == '}' && !lineEnds) {
      lineEnds = true;
    }
    token(String.valueOf(c));
    if (c == '{' && ++depth > MOST_DEPTH) {
      throw new IllegalArgumentException("it is nested deeper than " + MOST_DEPTH);
    }
    if (c == ';' || c == '{' || c == '}') {
      lineEnds = true;
    }
  }

  private void token(String token) {
    char first = token.charAt(0);
    boolean joinsSemicolon = first == ';' && !out.isEmpty() && out.charAt(out.length() - 1) == '}';
    if (lineEnds && !joinsSemicolon) {
      newLine();
    } else if (!out.isEmpty()) {
      char before = out.charAt(out.length() - 1);
      boolean tight = ";,)]>".indexOf(first) >= 0 || first == '<' || "([<-".indexOf(before) >= 0;
      if (!tight && before != '\n' && before != ' ') {
        out.append(' ');
      }
    }
    out.append(token);
  }

  private void comment(String comment) {
    boolean trails = lineEnds && sameSourceLine && !out.isEmpty();
    if (trails) {
      out.append(' ');
    } else if (!out.isEmpty()) {
      newLine();
    }
    out.append(comment);
    lineEnds = true;
  }

  private void newLine() {
    if (!out.isEmpty()) {
      out.append('\n').append("  ".repeat(depth));
    }
    lineEnds = false;
  }
}
