package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostGIS's {@code geometry} and {@code geography}: well-known binary, and beside it the identifier
 * of the spatial reference system, 0 when there is none, as {@code ST_SRID} says.
 *
 * <p>PostGIS sends its extended form, in binary as it is and in text as hexadecimal digits:
 *
 * <pre>
 *  0           1           5      [9]
 *  +-----------+-----------+------+----------+
 *  |byte order | type:int32| srid | the rest |     order 0 big-endian, 1 little-endian
 *  +-----------+-----------+------+----------+
 *               0x80000000 has Z, 0x40000000 has M, 0x20000000 has the srid
 * </pre>
 *
 * What is written is without the srid and its flag; the flags of Z and M stay. Geometries inside
 * the outermost one never have an srid. Source: PostGIS manual, "Well-Known Binary (WKB)".
 */
final class PostgisMapping implements TypeMapping {
  private static final String FORM = "extended well-known binary";
  private static final int HEADER = 5;
  private static final int HAS_SRID = 0x2000_0000;

  private static final ValueType TYPE =
      new ValueType.Struct(
          "Geometry",
          List.of("io", "bottledwater", "type"),
          List.of(
              new RowShape.Field("wkb", ValueType.Simple.BYTES, true, "bytea"),
              new RowShape.Field("srid", ValueType.Simple.INT, true, "integer")));

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    return type.isOf("postgis", "geometry") || type.isOf("postgis", "geography")
        ? new ColumnMapping(TYPE, new TextDecoder(), new BinaryDecoder())
        : null;
  }

  private static final class TextDecoder extends ValueDecoder {
    private final BinaryDecoder binary = new BinaryDecoder();
    private final ByteWriter scratch = new ByteWriter(256);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      scratch.reset();
      Hex.decode(bytes, offset, length, scratch, FORM);
      binary.decode(scratch.array(), 0, scratch.position(), out);
    }
  }

  private static final class BinaryDecoder extends ValueDecoder {
    private final ByteWriter scratch = new ByteWriter(256);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length < HEADER || (bytes[offset] & ~1) != 0) {
        throw new MalformedValueException(FORM, 0);
      }
      boolean little = bytes[offset] == 1;
      int type = int32(bytes, offset + 1, little);
      int rest = offset + HEADER;
      int srid = 0;
      if ((type & HAS_SRID) != 0) {
        if (length < HEADER + 4) {
          throw new MalformedValueException(FORM, length);
        }
        srid = int32(bytes, rest, little);
        rest += 4;
      }
      scratch.reset();
      scratch.writeByte(bytes[offset]);
      int plain = type & ~HAS_SRID;
      scratch.writeInt32(little ? Integer.reverseBytes(plain) : plain);
      scratch.writeBytes(bytes, rest, offset + length - rest);
      out.beginStruct();
      out.field(0);
      out.writeBytes(scratch.array(), 0, scratch.position());
      out.field(1);
      out.writeInt(srid);
      out.endStruct();
    }

    private static int int32(byte[] bytes, int at, boolean little) {
      int big = BigEndian.int32(bytes, at);
      return little ? Integer.reverseBytes(big) : big;
    }
  }
}
