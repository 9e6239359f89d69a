package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Enumerated types: the label, the same bytes in text and binary. As an enumeration of the format,
 * a label that the type does not have (it was renamed since) is a special value.
 */
final class EnumMapping implements TypeMapping {
  static final String UNKNOWN_LABEL = "a label that its type does not have now";

  private final boolean asEnumeration;

  EnumMapping(boolean asEnumeration) {
    this.asEnumeration = asEnumeration;
  }

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (!(type.form() instanceof PgType.Form.Enumeration enumeration)) {
      return null;
    }
    // A type may have no labels, while an enumeration needs one.
    if (!asEnumeration || enumeration.labels().isEmpty()) {
      ValueDecoder copy = new TextMapping.Copy();
      return new ColumnMapping(ValueType.Simple.STRING, copy, copy);
    }
    ValueDecoder decoder = new OrdinalDecoder(enumeration.labels());
    return new ColumnMapping(
        new ValueType.Enumeration(type.name(), scope.namespace(type), enumeration.labels()),
        decoder,
        decoder,
        ColumnMapping.Special.POSSIBLE);
  }

  /** Finds labels by hash in a table that is at most half full. */
  private static final class OrdinalDecoder extends ValueDecoder {
    private final byte[][] labels;
    private final int[] table;

    OrdinalDecoder(List<String> names) {
      labels = new byte[names.size()][];
      table = new int[Integer.highestOneBit(names.size()) * 4];
      Arrays.fill(table, -1);
      for (int i = 0; i < labels.length; i++) {
        labels[i] = names.get(i).getBytes(UTF_8);
        int slot = slot(labels[i], 0, labels[i].length);
        while (table[slot] >= 0) {
          slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = i;
      }
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      int end = offset + length;
      int slot = slot(bytes, offset, end);
      while (table[slot] >= 0) {
        byte[] label = labels[table[slot]];
        if (Arrays.equals(label, 0, label.length, bytes, offset, end)) {
          out.writeEnum(table[slot]);
          return;
        }
        slot = (slot + 1) & (table.length - 1);
      }
      throw new SpecialValueException(UNKNOWN_LABEL);
    }

    private int slot(byte[] bytes, int from, int end) {
      int hash = 0;
      for (int i = from; i < end; i++) {
        hash = 31 * hash + bytes[i];
      }
      return (hash ^ hash >>> 16) & (table.length - 1);
    }
  }
}
