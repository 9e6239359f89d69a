package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import java.util.List;

/**
 * Where a column is mapped: the way to the mappings of types inside its type. One thread only, with
 * the decoders that were made in it.
 */
public final class MappingScope {
  private final TypeMappings types;
  private final boolean key;
  private final NulledValues nulled;

  /**
   * @param key whether the column is part of a key, where no place can be null
   * @param nulled counts the special values that become null
   */
  public MappingScope(TypeMappings types, boolean key, NulledValues nulled) {
    this.types = types;
    this.key = key;
    this.nulled = nulled;
  }

  /**
   * A new mapping of a column's type, or of a type inside it.
   *
   * @param typmod what goes with the type there, -1 when there is none
   */
  public ColumnMapping map(PgType type, int typmod) {
    return types.map(type, typmod, this);
  }

  /** What the name of a type stands in, not yet made safe for any format. */
  List<String> namespace(PgType type) {
    return types.namespace(type);
  }

  boolean isKey() {
    return key;
  }

  NulledValues nulled() {
    return nulled;
  }
}
