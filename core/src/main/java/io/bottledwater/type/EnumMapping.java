package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import org.jspecify.annotations.Nullable;

/** Enumerated types: the label, the same bytes in text and binary. */
final class EnumMapping implements TypeMapping {
  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod) {
    return type.kind() == 'e'
        ? new ColumnMapping(ValueType.Simple.STRING, TextMapping::copy, TextMapping::copy)
        : null;
  }
}
