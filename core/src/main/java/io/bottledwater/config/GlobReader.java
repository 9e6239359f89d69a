package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads names of globs with dots between, one after the other; double quotes make a part literal.
 * One thread only.
 */
final class GlobReader {
  private final String text;
  private final String separators;
  private final String advice;
  private int at;
  private String written = "";

  /**
   * @param separators characters that end a name; none of them is a dot or a double quote
   * @param advice what to write instead of an empty name
   */
  GlobReader(String text, String separators, String advice) {
    this.text = text;
    this.separators = separators;
    this.advice = advice;
  }

  /** Reads a name up to a separator or the end. */
  List<Glob> name() throws OptionValueException {
    List<Glob> parts = new ArrayList<>();
    skipSpaces();
    int start = at;
    while (true) {
      skipSpaces();
      StringBuilder part = new StringBuilder();
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      if (quoted) {
        readQuoted(part);
      } else {
        while (at < text.length() && !isSeparator() && ".\"".indexOf(text.charAt(at)) < 0) {
          part.append(text.charAt(at++));
        }
      }
      String name = quoted ? part.toString() : part.toString().strip();
      if (name.isEmpty()) {
        throw new OptionValueException("a name is empty in " + OneLine.quote(text), advice);
      }
      parts.add(new Glob(name, quoted));
      skipSpaces();
      if (at == text.length() || isSeparator()) {
        written = text.substring(start, at).strip();
        return parts;
      }
      if (text.charAt(at) != '.') {
        throw new OptionValueException(
            "a quote stands inside a name in " + OneLine.quote(text),
            "Quote a whole name, as in public.\"odd name\".");
      }
      at++;
    }
  }

  /** The name that was read last, as it was written. */
  String written() {
    return written;
  }

  /** Steps over the separator after a name; false at the end. */
  boolean next() {
    if (at == text.length()) {
      return false;
    }
    at++;
    return true;
  }

  /** Whether the name that was read last is followed by this separator. */
  boolean isAt(char separator) {
    return at < text.length() && text.charAt(at) == separator;
  }

  /** Reads what comes before a separator as it is written. */
  String word(char separator) {
    int end = text.indexOf(separator, at);
    String word = text.substring(at, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end;
    return word.strip();
  }

  /** All that is left. */
  String rest() {
    String rest = text.substring(at).strip();
    at = text.length();
    return rest;
  }

  private boolean isSeparator() {
    return separators.indexOf(text.charAt(at)) >= 0;
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private void readQuoted(StringBuilder part) throws OptionValueException {
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        part.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        part.append('"');
        at++;
      } else {
        return;
      }
    }
    throw new OptionValueException(
        "a double quote is not closed in " + OneLine.quote(text), "Close the quote.");
  }
}
