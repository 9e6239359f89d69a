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
 *     way
 */
public record ColumnMapping(
    ValueType valueType, ValueDecoder text, @Nullable ValueDecoder binary) {}
