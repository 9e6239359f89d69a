package io.bottledwater.type;

import io.bottledwater.value.ValueWriter;

/**
 * Moves one value from PostgreSQL's bytes to a format. May keep scratch space, so an instance
 * belongs to one thread. Makes no object for ordinary values.
 *
 * <p>No interface: which method to call is found with fewer steps, and a lambda cannot be one. What
 * the JVM has learned of a lambda's method is not kept in its AOT cache.
 */
public abstract class ValueDecoder {
  /**
   * @param bytes holds the value at {@code [offset, offset + length)}, borrowed for this call
   * @throws io.bottledwater.value.MalformedValueException when the bytes are not of the type's form
   * @throws io.bottledwater.value.SpecialValueException when the value does not fit its value type
   */
  public abstract void decode(byte[] bytes, int offset, int length, ValueWriter out);
}
