package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Row types: a struct of their attributes. A value with another number of attributes than the type
 * has was written before the type was altered, and is a special value.
 */
final class CompositeMapping implements TypeMapping {
  static final String OTHER_SHAPE = "a composite value from before its type was altered";

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (!(type.form() instanceof PgType.Form.Composite composite)) {
      return null;
    }
    int size = composite.attributes().size();
    List<RowShape.Field> fields = new ArrayList<>();
    ValueDecoder[] text = new ValueDecoder[size];
    ValueDecoder[] binary = new ValueDecoder[size];
    int[] oids = new int[size];
    boolean allBinary = true;
    for (int i = 0; i < size; i++) {
      PgType.Attribute attribute = composite.attributes().get(i);
      ColumnMapping mapping = scope.map(attribute.type(), attribute.typmod());
      fields.add(
          new RowShape.Field(attribute.name(), mapping.valueType(), false, attribute.typeName()));
      text[i] = mapping.text();
      oids[i] = (int) attribute.type().oid();
      ValueDecoder attributeBinary = mapping.binary();
      if (attributeBinary == null) {
        allBinary = false;
      } else {
        binary[i] = attributeBinary;
      }
    }
    if (!composite.certain()) {
      return new ColumnMapping(
          new ValueType.Struct(type.name(), scope.namespace(type), fields),
          new Refuse(),
          new Refuse(),
          ColumnMapping.Special.POSSIBLE);
    }
    return new ColumnMapping(
        new ValueType.Struct(type.name(), scope.namespace(type), fields),
        new CompositeText(text),
        allBinary ? new CompositeBinary(binary, oids) : null,
        ColumnMapping.Special.POSSIBLE);
  }

  private static final class Refuse extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      throw new SpecialValueException(OTHER_SHAPE);
    }
  }
}
