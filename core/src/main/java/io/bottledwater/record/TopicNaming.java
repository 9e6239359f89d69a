package io.bottledwater.record;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the topic of a table is called, after the prefix and its dot. */
public enum TopicNaming {
  /**
   * {@code [schema.]table}, the schema {@code public} left out. Each byte of an identifier that
   * Kafka does not allow, and each dot, becomes {@code _xx_}, its hexadecimal value.
   */
  STANDARD {
    @Override
    String of(String schema, String table) {
      return (schema.equals(DEFAULT_SCHEMA) ? "" : escape(schema, false) + ".")
          + escape(table, false);
    }
  },
  /** The same, with dashes and a leading digit escaped too, as Avro's names ask for. */
  CLASSIC {
    @Override
    String of(String schema, String table) {
      return (schema.equals(DEFAULT_SCHEMA) ? "" : escape(schema, true) + ".")
          + escape(table, true);
    }
  },
  /** {@code schema.table}, each character that Kafka does not allow an underscore. */
  DEBEZIUM {
    @Override
    String of(String schema, String table) {
      String name = schema + "." + table;
      StringBuilder legal = new StringBuilder(name.length());
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        legal.append(isLegal(c) || c == '.' ? c : '_');
      }
      return legal.toString();
    }
  };

  private static final String DEFAULT_SCHEMA = "public";

  abstract String of(String schema, String table);

  static String escape(String identifier, boolean avro) {
    byte[] bytes = identifier.getBytes(UTF_8);
    StringBuilder escaped = new StringBuilder(bytes.length + 8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xFF);
      boolean legal = isLegal(c) && !(avro && (c == '-' || (i == 0 && c >= '0' && c <= '9')));
      if (legal) {
        escaped.append(c);
      } else {
        escaped.append('_');
        escaped.append(Character.forDigit(c >> 4, 16));
        escaped.append(Character.forDigit(c & 0xF, 16));
        escaped.append('_');
      }
    }
    return escaped.toString();
  }

  /** Whether Kafka allows a character in a topic's name, and it is not the dot. */
  static boolean isLegal(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
