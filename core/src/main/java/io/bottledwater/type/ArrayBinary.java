package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueWriter;

/**
 * The layout of {@code array_send}, all numbers big-endian:
 *
 * <pre>
 *  0          4       8             12     16            20
 *  +----------+-------+-------------+------+-------------+--------+-------+--
 *  |dimensions| flags | element oid | size | lower bound | length | bytes | ...
 *  +----------+-------+-------------+------+-------------+--------+-------+--
 *                                   once a dimension       once an element; -1 is null
 * </pre>
 *
 * An empty array has no dimension. Source: {@code arrayfuncs.c}.
 */
final class ArrayBinary extends ValueDecoder {
  private static final String FORM = "array";
  private static final int EMPTY = 12;
  private static final int HEADER = 20;

  private final ValueDecoder element;
  private final int elementOid;

  ArrayBinary(ValueDecoder element, long elementOid) {
    this.element = element;
    this.elementOid = (int) elementOid;
  }

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    if (length < EMPTY) {
      throw new MalformedValueException(FORM, length);
    }
    if (BigEndian.int32(bytes, offset + 8) != elementOid) {
      throw new MalformedValueException(FORM, 8);
    }
    int dimensions = BigEndian.int32(bytes, offset);
    if (dimensions == 0) {
      Wire.requireLength(length, EMPTY, FORM);
      out.beginList(0);
      out.endList();
      return;
    }
    if (dimensions < 0 || length < HEADER) {
      throw new MalformedValueException(FORM, 0);
    }
    if (dimensions > 1) {
      throw new SpecialValueException(ArrayMapping.DIMENSIONS);
    }
    if (BigEndian.int32(bytes, offset + 16) != 1) {
      throw new SpecialValueException(ArrayMapping.SUBSCRIPTS);
    }
    int size = BigEndian.int32(bytes, offset + 12);
    if (size <= 0 || size > (length - HEADER) / 4) {
      throw new MalformedValueException(FORM, 12);
    }
    out.beginList(size);
    int end = offset + length;
    int i = offset + HEADER;
    for (int n = 0; n < size; n++) {
      if (end - i < 4) {
        throw new MalformedValueException(FORM, i - offset);
      }
      int elementLength = BigEndian.int32(bytes, i);
      i += 4;
      if (elementLength == -1) {
        out.writeNull();
        continue;
      }
      if (elementLength < 0 || elementLength > end - i) {
        throw new MalformedValueException(FORM, i - offset);
      }
      element.decode(bytes, i, elementLength, out);
      i += elementLength;
    }
    if (i != end) {
      throw new MalformedValueException(FORM, i - offset);
    }
    out.endList();
  }
}
