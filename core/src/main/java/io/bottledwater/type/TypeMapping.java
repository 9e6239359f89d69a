package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import org.jspecify.annotations.Nullable;

/** The mapping of one family of PostgreSQL types. Stateless; what it hands out is not. */
public interface TypeMapping {
  /**
   * @param type the type, domains already resolved to their base type
   * @param typmod {@code atttypmod}, -1 when the type has none
   * @param scope the way to the mappings of types inside this one
   * @return a new mapping with decoders of its own, or null when the type is of another family
   */
  @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope);
}
