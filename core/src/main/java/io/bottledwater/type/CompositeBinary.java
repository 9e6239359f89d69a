package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueWriter;

/**
 * The layout of {@code record_send}, all numbers big-endian:
 *
 * <pre>
 *  0       4          8        12
 *  +-------+----------+--------+-------+----------+--
 *  | count | type oid | length | bytes | type oid | ...    length -1 is null
 *  +-------+----------+--------+-------+----------+--
 * </pre>
 *
 * Source: {@code rowtypes.c}.
 */
final class CompositeBinary extends ValueDecoder {
  private static final String FORM = "composite";
  private static final int FIELD_HEADER = 8;

  private final ValueDecoder[] fields;
  private final int[] oids;

  CompositeBinary(ValueDecoder[] fields, int[] oids) {
    this.fields = fields;
    this.oids = oids;
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    requireShape(bytes, offset, length);
    out.beginStruct();
    int i = offset + 4;
    for (int n = 0; n < fields.length; n++) {
      int fieldLength = BigEndian.int32(bytes, i + 4);
      i += FIELD_HEADER;
      out.field(n);
      if (fieldLength == -1) {
        out.writeNull();
      } else {
        fields[n].decode(bytes, i, fieldLength, out);
        i += fieldLength;
      }
    }
    out.endStruct();
  }

  /** Before anything is written. */
  private void requireShape(byte[] bytes, int offset, int length) {
    if (length < 4) {
      throw new MalformedValueException(FORM, length);
    }
    int count = BigEndian.int32(bytes, offset);
    int end = offset + length;
    if (count < 0 || count > (length - 4) / FIELD_HEADER) {
      throw new MalformedValueException(FORM, 0);
    }
    boolean same = count == fields.length;
    int i = offset + 4;
    for (int n = 0; n < count; n++) {
      if (end - i < FIELD_HEADER) {
        throw new MalformedValueException(FORM, i - offset);
      }
      same = same && BigEndian.int32(bytes, i) == oids[n];
      int fieldLength = BigEndian.int32(bytes, i + 4);
      i += FIELD_HEADER;
      if (fieldLength < -1 || fieldLength > end - i) {
        throw new MalformedValueException(FORM, i - offset);
      }
      i += Math.max(fieldLength, 0);
    }
    if (i != end) {
      throw new MalformedValueException(FORM, i - offset);
    }
    if (!same) {
      throw new SpecialValueException(CompositeMapping.OTHER_SHAPE);
    }
  }
}
