package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.postgres.PgType;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code time}: microseconds since midnight. {@code timetz}: PostgreSQL's ISO text, {@code
 * HH:MM:SS[.ffffff](+|-)HH[:MM[:SS]]}, since no format has a type for it.
 */
final class TimeMapping implements TypeMapping {
  private static final int TIME = 1083;
  private static final int TIMETZ = 1266;

  @Override
  public @Nullable ColumnMapping map(PgType type, int typmod, MappingScope scope) {
    if (type.oid() == TIME) {
      return new ColumnMapping(ValueType.Simple.TIME, new TimeText(), new TimeBinary());
    }
    if (type.oid() == TIMETZ) {
      return new ColumnMapping(ValueType.Simple.STRING, new TimeTzText(), new TimeTzBinary());
    }
    return null;
  }

  private static final class TimeBinary extends ValueDecoder {
    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 8, "time");
      out.writeTime(checked(BigEndian.int64(bytes, offset), "time"));
    }
  }

  private static long checked(long micros, String form) {
    if (micros < 0 || micros > CivilTime.MICROS_PER_DAY) {
      throw new MalformedValueException(form, 0);
    }
    return micros;
  }

  private static final class TimeText extends ValueDecoder {
    private final DateTimeText text = new DateTimeText("time text");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      TextCursor cursor = text.open(bytes, offset, length);
      long micros = text.timeOfDay();
      cursor.expectEnd();
      out.writeTime(micros);
    }
  }

  private static final class TimeTzText extends ValueDecoder {
    private final DateTimeText text = new DateTimeText("timetz text");

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      TextCursor cursor = text.open(bytes, offset, length);
      text.timeOfDay();
      text.zone();
      cursor.expectEnd();
      out.writeString(bytes, offset, length);
    }
  }

  /** Eight bytes of microseconds since midnight, then four of seconds west of UTC. */
  private static final class TimeTzBinary extends ValueDecoder {
    private final ByteWriter scratch = new ByteWriter(32);

    @Override
    public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
      Wire.requireLength(length, 12, "timetz");
      long micros = checked(BigEndian.int64(bytes, offset), "timetz");
      int west = BigEndian.int32(bytes, offset + 8);
      if (!DateTimeText.isZone(west)) {
        throw new MalformedValueException("timetz", 8);
      }
      scratch.reset();
      CivilTime.writeTime(scratch, micros);
      writeZone(west);
      out.writeString(scratch.array(), 0, scratch.position());
    }

    private void writeZone(int west) {
      int seconds = Math.abs(west);
      scratch.writeByte(west > 0 ? '-' : '+');
      scratch.writePadded(seconds / 3600, 2);
      if (seconds % 3600 != 0) {
        scratch.writeByte(':');
        scratch.writePadded(seconds / 60 % 60, 2);
        if (seconds % 60 != 0) {
          scratch.writeByte(':');
          scratch.writePadded(seconds % 60, 2);
        }
      }
    }
  }
}
