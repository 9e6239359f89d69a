package io.bottledwater.type;

import io.bottledwater.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * How one column is written: made once per relation plan, so schema and decoders cannot drift
 * apart.
 *
 * @param valueType what the decoders write
 * @param text decoder of the output function's text, in the database's client encoding UTF-8
 * @param binary decoder of the send function's bytes, or null where text is the better or the only
 *     way; the same object as {@code text} where the two forms have the same bytes
 * @param special whether the decoders may find a value that {@code valueType} cannot hold
 */
public record ColumnMapping(
    ValueType valueType, ValueDecoder text, @Nullable ValueDecoder binary, Special special) {

  /** How likely a value is that the value type cannot hold. */
  public enum Special {
    NEVER,
    /**
     * At the end of the type's range, where hardly a value lies: not worth a branch in a schema.
     */
    AT_THE_EDGE,
    POSSIBLE
  }

  public ColumnMapping(ValueType valueType, ValueDecoder text, @Nullable ValueDecoder binary) {
    this(valueType, text, binary, Special.NEVER);
  }
}
