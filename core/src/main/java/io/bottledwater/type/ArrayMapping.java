package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Arrays: a list of what the element is. A list has neither a second dimension nor subscripts, so
 * that a value of several dimensions, or whose subscripts do not begin at 1, is a special value.
 * What an array was declared with does not say: PostgreSQL does not enforce it.
 */
final class ArrayMapping implements TypeMapping {
  static final String DIMENSIONS = "an array of several dimensions";
  static final String SUBSCRIPTS = "an array whose subscripts do not begin at 1";

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (!(type.form() instanceof PgType.Form.Array array)) {
      return null;
    }
    // The typmod of an array, as in numeric(10,2)[], is that of its elements.
    ColumnMapping element = scope.map(array.element(), typmod);
    ValueDecoder binary = element.binary();
    return new ColumnMapping(
        new ValueType.ListOf(element.valueType()),
        new ArrayText(element.text(), array.delimiter()),
        binary == null ? null : new ArrayBinary(binary, array.element().oid()),
        ColumnMapping.Special.POSSIBLE);
  }
}
