package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.UuidText;
import java.math.BigInteger;

/** Writes the rows of one shape as JSON objects. One thread only. */
final class JsonRowWriter implements RowWriter {
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);

  /** {@code "name":} of each field, with the comma before it. */
  private final byte[][] names;

  private final ByteWriter out = new ByteWriter(512);
  private final JsonFloat floats = new JsonFloat();
  private int next;

  JsonRowWriter(RowShape shape) {
    this.names = new byte[shape.fields().size()][];
    for (int i = 0; i < names.length; i++) {
      byte[] name = shape.fields().get(i).name().getBytes(UTF_8);
      ByteWriter head = new ByteWriter(name.length + 4);
      if (i > 0) {
        head.writeByte(',');
      }
      JsonString.write(head, name, 0, name.length);
      head.writeByte(':');
      names[i] = head.toByteArray();
    }
  }

  @Override
  public void begin() {
    out.reset();
    out.writeByte('{');
    next = 0;
  }

  @Override
  public void field(int index) {
    if (index != next) {
      throw new IllegalStateException("field " + index + " written where " + next + " is due");
    }
    out.writeBytes(names[next++]);
  }

  @Override
  public byte[] finish() {
    if (next != names.length) {
      throw new IllegalStateException(next + " of " + names.length + " fields written");
    }
    out.writeByte('}');
    return out.toByteArray();
  }

  @Override
  public void writeNull() {
    out.writeBytes(NULL);
  }

  @Override
  public void writeBoolean(boolean value) {
    out.writeBytes(value ? TRUE : FALSE);
  }

  @Override
  public void writeInt(int value) {
    out.writeDigits(value);
  }

  @Override
  public void writeLong(long value) {
    out.writeDigits(value);
  }

  @Override
  public void writeFloat(float value) {
    floats.write(out, value);
  }

  @Override
  public void writeDouble(double value) {
    floats.write(out, value);
  }

  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    JsonString.write(out, bytes, offset, length);
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int length) {
    JsonString.writeHex(out, bytes, offset, length);
  }

  @Override
  public void writeNumeric(byte[] bytes, int offset, int length) {
    byte last = bytes[offset + length - 1];
    if (last >= '0' && last <= '9') {
      out.writeBytes(bytes, offset, length);
    } else {
      JsonString.write(out, bytes, offset, length);
    }
  }

  @Override
  public void writeDecimal(long unscaled, int scale) {
    if (scale == 0) {
      out.writeDigits(unscaled);
      return;
    }
    // After the sign, which writeDigits puts.
    int start = unscaled < 0 ? out.position() + 1 : out.position();
    out.writeDigits(unscaled);
    out.insertPoint(start, scale);
  }

  @Override
  public void writeDecimal(byte[] unscaled, int scale) {
    BigInteger number = new BigInteger(unscaled);
    int start = number.signum() < 0 ? out.position() + 1 : out.position();
    out.writeBytes(number.toString().getBytes(US_ASCII));
    out.insertPoint(start, scale);
  }

  @Override
  public void writeDate(int days) {
    out.writeByte('"');
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      CivilTime.writeInfinity(out, days < 0);
    } else {
      CivilTime.writeDate(out, days);
    }
    out.writeByte('"');
  }

  @Override
  public void writeTime(long micros) {
    out.writeByte('"');
    CivilTime.writeTime(out, micros);
    out.writeByte('"');
  }

  @Override
  public void writeTimestamp(long micros) {
    timestamp(micros, false);
  }

  @Override
  public void writeTimestampTz(long micros) {
    timestamp(micros, true);
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    out.writeByte('"');
    IntervalText.write(out, months, days, micros);
    out.writeByte('"');
  }

  @Override
  public void writeUuid(long mostSignificant, long leastSignificant) {
    out.writeByte('"');
    UuidText.write(out, mostSignificant, leastSignificant);
    out.writeByte('"');
  }

  @Override
  public void writeJson(byte[] bytes, int offset, int length) {
    JsonDocument.write(out, bytes, offset, length);
  }

  private void timestamp(long micros, boolean zone) {
    out.writeByte('"');
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      CivilTime.writeInfinity(out, micros < 0);
    } else {
      CivilTime.writeTimestamp(out, micros, zone);
    }
    out.writeByte('"');
  }
}
