package io.bottledwater.type.debezium;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.type.FloatText;
import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueWriter;

/**
 * Text of a point, {@code (x,y)}, with its well-known binary form:
 *
 * <pre>
 *  0    1       5     13    21
 *  +----+-------+-----+-----+
 *  | 1  | 1     | x   | y   |    little-endian; type 1 is a point
 *  +----+-------+-----+-----+
 * </pre>
 *
 * One thread only. Source: OGC 06-103r4, "Well-known Binary Representation for Geometry".
 */
final class PointText extends ValueDecoder {
  private static final String FORM = "point text";
  private static final int LITTLE_ENDIAN = 1;
  private static final int POINT = 1;

  private final FloatText number = new FloatText(FORM);
  private final ByteWriter wkb = new ByteWriter(32);

  @Override
  public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
    int end = offset + length - 1;
    int comma = offset;
    while (comma < end && bytes[comma] != ',') {
      comma++;
    }
    if (length < 5 || bytes[offset] != '(' || bytes[end] != ')' || comma == end) {
      throw new MalformedValueException(FORM, 0);
    }
    double x = number.parseDouble(bytes, offset + 1, comma - offset - 1);
    double y = number.parseDouble(bytes, comma + 1, end - comma - 1);
    wkb.reset();
    wkb.writeByte(LITTLE_ENDIAN);
    wkb.writeInt32LittleEndian(POINT);
    wkb.writeInt64LittleEndian(Double.doubleToLongBits(x));
    wkb.writeInt64LittleEndian(Double.doubleToLongBits(y));
    out.beginStruct();
    out.field(0);
    out.writeDouble(x);
    out.field(1);
    out.writeDouble(y);
    out.field(2);
    out.writeBytes(wkb.array(), 0, wkb.position());
    out.field(3);
    out.writeNull();
    out.endStruct();
  }
}
