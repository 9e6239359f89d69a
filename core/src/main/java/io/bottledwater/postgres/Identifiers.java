package io.bottledwater.postgres;

/** Quoting for SQL that names objects (PostgreSQL manual, "Lexical Structure"). */
public final class Identifiers {
  private Identifiers() {}

  public static String quote(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  public static String quote(String schema, String name) {
    return quote(schema) + "." + quote(name);
  }

  /** A string literal, independent of standard_conforming_strings. */
  public static String literal(String text) {
    String doubled = text.replace("'", "''");
    return doubled.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
