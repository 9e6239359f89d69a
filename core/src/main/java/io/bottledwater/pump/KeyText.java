package io.bottledwater.pump;

import io.bottledwater.encode.TextFormNeededException;
import io.bottledwater.postgres.PgType;
import io.bottledwater.postgres.Relation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Texts of keys, to look rows up by. Of those that come in binary the usual ones are understood
 * (PostgreSQL's source, {@code src/backend/utils/adt}, the {@code send} functions): integers are
 * big-endian, a uuid is its sixteen bytes, and text is text.
 */
final class KeyText {
  private KeyText() {}

  /**
   * @param index of the key's column, in the key
   * @return what the column's type reads as that value
   * @throws TextFormNeededException when the value is binary and of another type
   */
  static String of(Relation relation, RowKey key, int index) {
    byte[] field = key.field(index);
    if (!key.isBinary(index)) {
      return new String(field, StandardCharsets.UTF_8);
    }
    int column = relation.keyColumns().get(index);
    PgType type = relation.columns().get(column).type().withoutDomains();
    ByteBuffer bytes = ByteBuffer.wrap(field);
    if (type.isBuiltIn()) {
      switch (type.name()) {
        case "int2" -> {
          return Short.toString(bytes.getShort());
        }
        case "int4" -> {
          return Integer.toString(bytes.getInt());
        }
        case "int8" -> {
          return Long.toString(bytes.getLong());
        }
        case "oid" -> {
          return Integer.toUnsignedString(bytes.getInt());
        }
        case "uuid" -> {
          return new UUID(bytes.getLong(), bytes.getLong()).toString();
        }
        case "text", "varchar", "bpchar", "name" -> {
          return new String(field, StandardCharsets.UTF_8);
        }
        default -> {}
      }
    } else if (type.form() instanceof PgType.Form.Enumeration) {
      return new String(field, StandardCharsets.UTF_8);
    }
    throw new TextFormNeededException(
        "a large value of "
            + relation.qualifiedName()
            + " that an update left out is looked up by a key of type "
            + type.name());
  }
}
