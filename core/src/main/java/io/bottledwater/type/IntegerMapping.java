package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * Whole numbers. {@code smallint} and {@code integer} become INT; {@code bigint} and PostgreSQL's
 * unsigned identifiers {@code oid}, {@code xid}, {@code cid} (32 bits) and {@code xid8} (64 bits)
 * become LONG.
 */
final class IntegerMapping implements TypeMapping {
  private static final int INT8 = 20;
  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int OID = 26;
  private static final int XID = 28;
  private static final int CID = 29;
  private static final int XID8 = 5069;

  private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;
  private static final int MAX_DIGITS = 19;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (!type.isBuiltIn()) {
      return null;
    }
    return switch ((int) type.oid()) {
      case INT2 -> new ColumnMapping(ValueType.Simple.INT, new Int2Text(), new Int2Binary());
      case INT4 -> new ColumnMapping(ValueType.Simple.INT, new Int4Text(), new Int4Binary());
      case INT8 -> new ColumnMapping(ValueType.Simple.LONG, new Int8Text(), new Int8Binary());
      case OID, XID, CID ->
          new ColumnMapping(ValueType.Simple.LONG, new UnsignedText(), new UnsignedBinary());
      case XID8 ->
          new ColumnMapping(
              ValueType.Simple.LONG,
              new Xid8Text(),
              new Xid8Binary(),
              ColumnMapping.Special.AT_THE_EDGE);
      default -> null;
    };
  }

  private static final class Int2Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeInt(
          (int) parse(bytes, offset, length, Short.MIN_VALUE, Short.MAX_VALUE, "int2 text"));
    }
  }

  private static final class Int4Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeInt(
          (int) parse(bytes, offset, length, Integer.MIN_VALUE, Integer.MAX_VALUE, "int4 text"));
    }
  }

  private static final class Int8Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeLong(parse(bytes, offset, length, Long.MIN_VALUE, Long.MAX_VALUE, "int8 text"));
    }
  }

  private static final class UnsignedText extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      out.writeLong(parse(bytes, offset, length, 0, MAX_UNSIGNED_INT, "oid text"));
    }
  }

  private static final class Xid8Text extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      if (length >= MAX_DIGITS && isUnsignedBeyondLong(bytes, offset, length)) {
        throw new SpecialValueException("xid8 beyond 2^63");
      }
      out.writeLong(parse(bytes, offset, length, 0, Long.MAX_VALUE, "xid8 text"));
    }
  }

  private static final class Int2Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 2, "int2");
      out.writeInt(BigEndian.int16(bytes, offset));
    }
  }

  private static final class Int4Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 4, "int4");
      out.writeInt(BigEndian.int32(bytes, offset));
    }
  }

  private static final class Int8Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 8, "int8");
      out.writeLong(BigEndian.int64(bytes, offset));
    }
  }

  private static final class UnsignedBinary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 4, "oid");
      out.writeLong(BigEndian.int32(bytes, offset) & MAX_UNSIGNED_INT);
    }
  }

  private static final class Xid8Binary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 8, "xid8");
      long value = BigEndian.int64(bytes, offset);
      if (value < 0) {
        throw new SpecialValueException("xid8 beyond 2^63");
      }
      out.writeLong(value);
    }
  }

  private static long parse(
      byte[] bytes, int offset, int length, long least, long most, String form) {
    int end = offset + length;
    boolean negative = length > 0 && bytes[offset] == '-';
    int i = negative ? offset + 1 : offset;
    if (i == end || end - i > MAX_DIGITS) {
      throw new MalformedValueException(form, i - offset);
    }
    // Negative, because the least long has no positive counterpart.
    long value = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedValueException(form, i - offset);
      }
      value = value * 10 - digit;
    }
    // Nineteen digits wrap around at most once, and then to a positive number.
    if (value > 0 || (!negative && value == Long.MIN_VALUE)) {
      throw new MalformedValueException(form, length);
    }
    long signed = negative ? value : -value;
    if (signed < least || signed > most) {
      throw new MalformedValueException(form, length);
    }
    return signed;
  }

  /** Whether the text is a number from 2^63 to 2^64 - 1. */
  private static boolean isUnsignedBeyondLong(byte[] bytes, int offset, int length) {
    if (length > MAX_DIGITS + 1) {
      return false;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = bytes[offset + i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      if (i == MAX_DIGITS
          && Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) > 0) {
        return false;
      }
      value = value * 10 + digit;
    }
    return value < 0;
  }
}
