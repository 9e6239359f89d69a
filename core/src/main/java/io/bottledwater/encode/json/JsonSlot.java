package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.JsonString;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.List;

/** A place in a row where a value stands, and the places inside that value. Immutable. */
final class JsonSlot {
  private enum Kind {
    PLAIN,
    STRUCT,
    LIST,
    MAP
  }

  private static final JsonSlot SCALAR = new JsonSlot(Kind.PLAIN, new JsonSlot[0], new byte[0][]);

  private final Kind kind;
  private final JsonSlot[] inner;
  private final byte[][] labels;

  private JsonSlot(Kind kind, JsonSlot[] inner, byte[][] labels) {
    this.kind = kind;
    this.inner = inner;
    this.labels = labels;
  }

  static JsonSlot ofRow(RowShape shape) {
    return ofFields(shape.fields());
  }

  private static JsonSlot ofFields(List<RowShape.Field> fields) {
    JsonSlot[] slots = new JsonSlot[fields.size()];
    byte[][] names = new byte[fields.size()][];
    for (int i = 0; i < slots.length; i++) {
      RowShape.Field field = fields.get(i);
      slots[i] = of(field.type());
      ByteWriter head = new ByteWriter(field.name().length() + 4);
      if (i > 0) {
        head.writeByte(',');
      }
      quote(head, field.name());
      head.writeByte(':');
      names[i] = head.toByteArray();
    }
    return new JsonSlot(Kind.STRUCT, slots, names);
  }

  private static JsonSlot of(ValueType type) {
    if (type instanceof ValueType.Annotated annotated) {
      return of(annotated.type());
    }
    if (type instanceof ValueType.Struct struct) {
      return ofFields(struct.fields());
    }
    if (type instanceof ValueType.ListOf list) {
      return new JsonSlot(Kind.LIST, new JsonSlot[] {of(list.element())}, new byte[0][]);
    }
    if (type instanceof ValueType.MapOf map) {
      return new JsonSlot(Kind.MAP, new JsonSlot[] {of(map.value())}, new byte[0][]);
    }
    if (type instanceof ValueType.OneOf oneOf) {
      JsonSlot[] alternatives = new JsonSlot[oneOf.alternatives().size()];
      for (int i = 0; i < alternatives.length; i++) {
        alternatives[i] = of(oneOf.alternatives().get(i));
      }
      return new JsonSlot(Kind.PLAIN, alternatives, new byte[0][]);
    }
    if (type instanceof ValueType.Enumeration enumeration) {
      byte[][] symbols = new byte[enumeration.symbols().size()][];
      for (int i = 0; i < symbols.length; i++) {
        ByteWriter symbol = new ByteWriter(32);
        quote(symbol, enumeration.symbols().get(i));
        symbols[i] = symbol.toByteArray();
      }
      return new JsonSlot(Kind.PLAIN, new JsonSlot[0], symbols);
    }
    return SCALAR;
  }

  private static void quote(ByteWriter out, String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    JsonString.write(out, utf8, 0, utf8.length);
  }

  boolean isList() {
    return kind == Kind.LIST;
  }

  /** Whether all values inside stand in the same place: those of a list or a map. */
  boolean isRepeated() {
    return kind == Kind.LIST || kind == Kind.MAP;
  }

  /** The field, alternative, or (0) element or map value. */
  JsonSlot inner(int index) {
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
