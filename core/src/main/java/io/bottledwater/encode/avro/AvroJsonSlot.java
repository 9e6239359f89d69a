package io.bottledwater.encode.avro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/** A place in a row where a value stands, with the text that goes around it. Immutable. */
final class AvroJsonSlot {
  private static final byte[] NO_TAG = {};
  private static final AvroJsonSlot[] NONE = {};

  private final byte[] tag;
  private final AvroJsonSlot[] inner;
  private final byte[][] labels;

  private AvroJsonSlot(byte[] tag, AvroJsonSlot[] inner, byte[][] labels) {
    this.tag = tag;
    this.inner = inner;
    this.labels = labels;
  }

  /**
   * @throws IllegalArgumentException for a type that Bottled Water never wrote: list, map,
   *     interval, decimal
   */
  static AvroJsonSlot ofRow(RowShape shape) {
    return ofFields(NO_TAG, shape.fields());
  }

  private static AvroJsonSlot ofFields(byte[] tag, List<RowShape.Field> fields) {
    AvroJsonSlot[] slots = new AvroJsonSlot[fields.size()];
    byte[][] labels = new byte[fields.size()][];
    List<String> names = new ArrayList<>();
    fields.forEach(field -> names.add(field.name()));
    String[] safe = AvroName.distinct(names);
    for (int i = 0; i < slots.length; i++) {
      slots[i] = of(fields.get(i).type(), !fields.get(i).required());
      labels[i] = ((i > 0 ? "," : "") + "\"" + safe[i] + "\":").getBytes(UTF_8);
    }
    return new AvroJsonSlot(tag, slots, labels);
  }

  private static AvroJsonSlot of(ValueType type, boolean inUnion) {
    if (type instanceof ValueType.OneOf oneOf) {
      List<AvroJsonSlot> alternatives = new ArrayList<>();
      for (ValueType alternative : oneOf.alternatives()) {
        alternatives.add(of(alternative, true));
      }
      return new AvroJsonSlot(NO_TAG, alternatives.toArray(NONE), new byte[0][]);
    }
    if (type instanceof ValueType.Struct struct) {
      return ofFields(tag(struct.name(), inUnion), struct.fields());
    }
    if (type instanceof ValueType.Enumeration enumeration) {
      byte[][] symbols = new byte[enumeration.symbols().size()][];
      for (int i = 0; i < symbols.length; i++) {
        symbols[i] = ("\"" + enumeration.symbols().get(i) + "\"").getBytes(UTF_8);
      }
      return new AvroJsonSlot(tag(enumeration.name(), inUnion), NONE, symbols);
    }
    if (type instanceof ValueType.Decimal) {
      throw new IllegalArgumentException("not a type of the classic mapping: " + type);
    }
    return new AvroJsonSlot(tag(PrimitiveName.of(type), inUnion), NONE, new byte[0][]);
  }

  private static byte[] tag(String branch, boolean inUnion) {
    return inUnion ? ("{\"" + branch + "\":").getBytes(UTF_8) : NO_TAG;
  }

  /** What stands before the value, to be closed by a brace; empty where there is no union. */
  byte[] tag() {
    return tag;
  }

  /** The field or alternative. */
  AvroJsonSlot inner(int index) {
    return inner[index];
  }

  /** Of a struct, {@code "name":} with the comma before it; of an enumeration, the symbol. */
  byte[] label(int index) {
    return labels[index];
  }

  int size() {
    return inner.length;
  }
}
