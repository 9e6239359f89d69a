package io.bottledwater.encode.avro;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/** A place in a row where a value stands, and the places inside that value. Immutable. */
final class AvroSlot {
  private static final AvroSlot[] NONE = {};

  private final boolean required;
  private final boolean repeated;
  private final AvroSlot[] inner;

  private AvroSlot(boolean required, boolean repeated, AvroSlot[] inner) {
    this.required = required;
    this.repeated = repeated;
    this.inner = inner;
  }

  static AvroSlot ofRow(RowShape shape) {
    return new AvroSlot(true, false, ofFields(shape.fields()));
  }

  private static AvroSlot[] ofFields(List<RowShape.Field> fields) {
    List<AvroSlot> slots = new ArrayList<>();
    for (RowShape.Field field : fields) {
      slots.add(of(field.type(), field.required()));
    }
    return slots.toArray(NONE);
  }

  private static AvroSlot of(ValueType type, boolean required) {
    if (type instanceof ValueType.Annotated annotated) {
      return of(annotated.type(), required);
    }
    if (type instanceof ValueType.Struct struct) {
      return new AvroSlot(required, false, ofFields(struct.fields()));
    }
    if (type instanceof ValueType.ListOf list) {
      return new AvroSlot(required, true, new AvroSlot[] {of(list.element(), list.required())});
    }
    if (type instanceof ValueType.MapOf map) {
      return new AvroSlot(required, true, new AvroSlot[] {of(map.value(), false)});
    }
    if (type instanceof ValueType.OneOf oneOf) {
      List<AvroSlot> alternatives = new ArrayList<>();
      for (ValueType alternative : oneOf.alternatives()) {
        alternatives.add(of(alternative, true));
      }
      return new AvroSlot(required, false, alternatives.toArray(NONE));
    }
    return new AvroSlot(required, false, NONE);
  }

  /** Whether null cannot stand here, and no branch is written. */
  boolean isRequired() {
    return required;
  }

  /** Whether all values inside stand in the same place: those of a list or a map. */
  boolean isRepeated() {
    return repeated;
  }

  /** The field, alternative, or (0) element or map value. */
  AvroSlot inner(int index) {
    return inner[index];
  }

  int size() {
    return inner.length;
  }
}
