package io.bottledwater.encode.protobuf;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in a row where a value stands, and the places inside that value. Immutable. */
final class ProtobufSlot {
  enum Kind {
    PLAIN,
    STRUCT,
    LIST,
    MAP
  }

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private static final ProtobufSlot[] NONE = {};
  private static final int[] NO_NUMBERS = {};
  private static final byte[] NO_TAG = {};

  private final Kind kind;
  private final byte[] tag;
  private final byte[] repeatedTag;
  private final ProtobufSlot[] inner;
  private final int[] enumNumbers;

  private ProtobufSlot(
      Kind kind, byte[] tag, byte[] repeatedTag, ProtobufSlot[] inner, int[] enumNumbers) {
    this.kind = kind;
    this.tag = tag;
    this.repeatedTag = repeatedTag;
    this.inner = inner;
    this.enumNumbers = enumNumbers;
  }

  /**
   * @param numbered the declaration's message with its numbers
   */
  static ProtobufSlot ofRow(RowShape shape, ProtoDeclaration declaration, ProtoMessage numbered) {
    Builder builder = new Builder(declaration, numbered);
    return new ProtobufSlot(
        Kind.STRUCT, NO_TAG, NO_TAG, builder.fields(shape.fields(), numbered), NO_NUMBERS);
  }

  Kind kind() {
    return kind;
  }

  /** Stands before the value: field number and wire type. */
  byte[] tag() {
    return tag;
  }

  /** Of a list or map, what stands before each element or entry. */
  byte[] repeatedTag() {
    return repeatedTag;
  }

  /** The field, alternative, or (0) element or map value. */
  ProtobufSlot inner(int index) {
    return inner[index];
  }

  int size() {
    return inner.length;
  }

  int enumNumber(int ordinal) {
    return enumNumbers[ordinal];
  }

  private static final class Builder {
    private final ProtoDeclaration declaration;
    private final ProtoMessage row;

    Builder(ProtoDeclaration declaration, ProtoMessage row) {
      this.declaration = declaration;
      this.row = row;
    }

    ProtobufSlot[] fields(List<RowShape.Field> fields, ProtoMessage message) {
      String[] names = ProtoDeclaration.fieldNames(fields);
      ProtobufSlot[] slots = new ProtobufSlot[names.length];
      for (int i = 0; i < names.length; i++) {
        slots[i] = of(fields.get(i).type(), message.field(names[i]).number());
      }
      return slots;
    }

    private ProtobufSlot of(ValueType type, int number) {
      if (type instanceof ValueType.Enumeration enumeration) {
        return new ProtobufSlot(
            Kind.PLAIN, tag(number, VARINT), NO_TAG, NONE, enumNumbers(enumeration));
      }
      byte[] tag = tag(number, wireType(type));
      if (type instanceof ValueType.Struct struct) {
        ProtoMessage message = declared(declaration.nameOf(type));
        return new ProtobufSlot(
            Kind.STRUCT, tag, NO_TAG, fields(struct.fields(), message), NO_NUMBERS);
      }
      if (type instanceof ValueType.ListOf list) {
        return repeated(Kind.LIST, tag, type, ProtoDeclaration.ELEMENTS, nullable(list.element()));
      }
      if (type instanceof ValueType.MapOf map) {
        return repeated(Kind.MAP, tag, type, ProtoDeclaration.ENTRIES, nullable(map.value()));
      }
      if (type instanceof ValueType.OneOf oneOf) {
        return new ProtobufSlot(Kind.PLAIN, tag, NO_TAG, alternatives(oneOf), NO_NUMBERS);
      }
      if (type == ValueType.Simple.INTERVAL) {
        ProtoMessage message = declared(declaration.nameOf(type));
        ProtobufSlot[] parts = {
          part(message, "months"), part(message, "days"), part(message, "micros")
        };
        return new ProtobufSlot(Kind.PLAIN, tag, NO_TAG, parts, NO_NUMBERS);
      }
      return new ProtobufSlot(Kind.PLAIN, tag, NO_TAG, NONE, NO_NUMBERS);
    }

    private ProtobufSlot repeated(
        Kind kind, byte[] tag, ValueType type, String field, ProtobufSlot element) {
      int number = declared(declaration.nameOf(type)).field(field).number();
      return new ProtobufSlot(
          kind, tag, tag(number, LENGTH_DELIMITED), new ProtobufSlot[] {element}, NO_NUMBERS);
    }

    private ProtobufSlot nullable(ValueType type) {
      ProtoMessage message = declared(declaration.nullableNameOf(type));
      return of(type, message.field(ProtoDeclaration.VALUE).number());
    }

    private ProtobufSlot[] alternatives(ValueType.OneOf type) {
      ProtoMessage message = declared(declaration.nameOf(type));
      ProtobufSlot[] slots = new ProtobufSlot[type.alternatives().size()];
      for (int i = 0; i < slots.length; i++) {
        ValueType alternative = type.alternatives().get(i);
        String name = ProtoDeclaration.choiceName(alternative, i);
        slots[i] = of(alternative, message.field(name).number());
      }
      return slots;
    }

    private int[] enumNumbers(ValueType.Enumeration type) {
      ProtoEnum declared = row.enumeration(declaration.nameOf(type));
      if (declared == null) {
        throw new IllegalArgumentException("no enum " + type.name());
      }
      // The first value stands for none.
      int[] numbers = new int[declared.values().size() - 1];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = declared.values().get(i + 1).number();
      }
      return numbers;
    }

    private ProtobufSlot part(ProtoMessage message, String name) {
      byte[] tag = tag(message.field(name).number(), VARINT);
      return new ProtobufSlot(Kind.PLAIN, tag, NO_TAG, NONE, NO_NUMBERS);
    }

    private ProtoMessage declared(String name) {
      @Nullable ProtoMessage message = row.message(name);
      if (message == null) {
        throw new IllegalArgumentException("no message " + name);
      }
      return message;
    }

    private static int wireType(ValueType type) {
      if (type == ValueType.Simple.INTERVAL
          || !(type instanceof ValueType.Simple || type instanceof ValueType.Decimal)) {
        return LENGTH_DELIMITED;
      }
      return switch (ProtobufForm.scalar(type)) {
        case "bool", "int32", "int64" -> VARINT;
        case "float" -> FIXED32;
        case "double" -> FIXED64;
        default -> LENGTH_DELIMITED;
      };
    }

    private static byte[] tag(int number, int wireType) {
      ByteWriter tag = new ByteWriter(5);
      tag.writeVarint(((long) number << 3) | wireType);
      return tag.toByteArray();
    }
  }
}
