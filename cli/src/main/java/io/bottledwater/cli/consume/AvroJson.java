package io.bottledwater.cli.consume;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.json.IntervalText;
import io.bottledwater.encode.json.JsonDocument;
import io.bottledwater.encode.json.JsonFloat;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.JsonString;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding as plain JSON, with the conventions of the pump's JSON format: decimals
 * are exact numbers, dates and times ISO text, bytes hexadecimal after {@code \x}, and a union's
 * value stands without its branch's name. What the pump wrote looks the same as in its JSON format:
 * the property {@code pg.type} of its fields tells documents and numbers from other strings. One
 * thread only.
 */
final class AvroJson {
  /** The pump's record of months, days and microseconds. */
  private static final String INTERVAL = "io.bottledwater.type.Interval";

  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);

  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

  // A few bytes can stand for endless empty records or null items, and for endless nesting.
  private static final int MOST_DEPTH = 500;
  private static final int MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ByteWriter out;
  private final JsonFloat floats = new JsonFloat();

  AvroJson(ByteWriter out) {
    this.out = out;
  }

  /**
   * Reads one datum and writes it.
   *
   * @throws IOException or {@link AvroRuntimeException} when the bytes do not fit the schema; part
   *     of the datum may have been written then
   */
  void write(Schema schema, BinaryDecoder in) throws IOException {
    value(schema, "", in, 0);
  }

  private void value(Schema schema, String pgType, BinaryDecoder in, int depth) throws IOException {
    if (depth > MOST_DEPTH || out.position() > MOST_OUTPUT_BYTES) {
      throw new AvroRuntimeException("a datum too deep or too large to print");
    }
    switch (schema.getType()) {
      case NULL -> out.writeBytes(NULL);
      case BOOLEAN -> out.writeBytes(in.readBoolean() ? TRUE : FALSE);
      case INT -> integer(schema.getLogicalType(), in.readInt());
      case LONG -> integer(schema.getLogicalType(), in.readLong());
      case FLOAT -> floats.write(out, in.readFloat());
      case DOUBLE -> floats.write(out, in.readDouble());
      case STRING -> text(in.readString(null), pgType);
      case ENUM -> string(symbol(schema, in.readEnum()));
      case BYTES -> bytes(schema.getLogicalType(), in.readBytes(null));
      case FIXED -> bytes(schema.getLogicalType(), fixed(schema, in));
      case UNION -> value(branch(schema, in.readIndex()), pgType, in, depth + 1);
      case RECORD -> record(schema, in, depth);
      case ARRAY -> array(schema, in, depth);
      case MAP -> map(schema, in, depth);
    }
  }

  private void record(Schema schema, BinaryDecoder in, int depth) throws IOException {
    if (schema.getFullName().equals(INTERVAL) && schema.getFields().size() == 3) {
      out.writeByte('"');
      IntervalText.write(out, in.readInt(), in.readInt(), in.readLong());
      out.writeByte('"');
      return;
    }
    out.writeByte('{');
    boolean first = true;
    for (Schema.Field field : schema.getFields()) {
      if (!first) {
        out.writeByte(',');
      }
      first = false;
      string(field.name());
      out.writeByte(':');
      String pgType = field.getProp("pg.type");
      value(field.schema(), pgType == null ? "" : pgType, in, depth + 1);
    }
    out.writeByte('}');
  }

  private void array(Schema schema, BinaryDecoder in, int depth) throws IOException {
    out.writeByte('[');
    boolean first = true;
    for (long block = in.readArrayStart(); block > 0; block = in.arrayNext()) {
      for (long i = 0; i < block; i++) {
        if (!first) {
          out.writeByte(',');
        }
        first = false;
        value(schema.getElementType(), "", in, depth + 1);
      }
    }
    out.writeByte(']');
  }

  private void map(Schema schema, BinaryDecoder in, int depth) throws IOException {
    out.writeByte('{');
    boolean first = true;
    for (long block = in.readMapStart(); block > 0; block = in.mapNext()) {
      for (long i = 0; i < block; i++) {
        if (!first) {
          out.writeByte(',');
        }
        first = false;
        string(in.readString(null));
        out.writeByte(':');
        value(schema.getValueType(), "", in, depth + 1);
      }
    }
    out.writeByte('}');
  }

  private void integer(LogicalType type, long value) {
    if (type instanceof LogicalTypes.Date) {
      out.writeByte('"');
      if (value == Integer.MAX_VALUE || value == Integer.MIN_VALUE) {
        CivilTime.writeInfinity(out, value < 0);
      } else {
        CivilTime.writeDate(out, value);
      }
      out.writeByte('"');
    } else if (type instanceof LogicalTypes.TimeMillis) {
      time(value, 1000);
    } else if (type instanceof LogicalTypes.TimeMicros) {
      time(value, 1);
    } else if (type instanceof LogicalTypes.TimestampMillis) {
      timestamp(value, 1000, true);
    } else if (type instanceof LogicalTypes.TimestampMicros) {
      timestamp(value, 1, true);
    } else if (type instanceof LogicalTypes.LocalTimestampMillis) {
      timestamp(value, 1000, false);
    } else if (type instanceof LogicalTypes.LocalTimestampMicros) {
      timestamp(value, 1, false);
    } else if (type instanceof LogicalTypes.TimestampNanos) {
      string(nanos(value) + "+00:00");
    } else if (type instanceof LogicalTypes.LocalTimestampNanos) {
      string(nanos(value));
    } else {
      out.writeDigits(value);
    }
  }

  private void time(long units, long microsPerUnit) {
    if (units < 0 || units > CivilTime.MICROS_PER_DAY / microsPerUnit) {
      // No time of day, whatever the schema says.
      out.writeDigits(units);
      return;
    }
    out.writeByte('"');
    CivilTime.writeTime(out, units * microsPerUnit);
    out.writeByte('"');
  }

  private void timestamp(long units, long microsPerUnit, boolean zone) {
    boolean infinity = units == Long.MAX_VALUE || units == Long.MIN_VALUE;
    if (!infinity && Math.abs(units) > Long.MAX_VALUE / microsPerUnit) {
      // Beyond what PostgreSQL or anybody's calendar has.
      out.writeDigits(units);
      return;
    }
    out.writeByte('"');
    if (infinity) {
      CivilTime.writeInfinity(out, units < 0);
    } else {
      CivilTime.writeTimestamp(out, units * microsPerUnit, zone);
    }
    out.writeByte('"');
  }

  private static String nanos(long value) {
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(value, NANOS_PER_SECOND), Math.floorMod(value, NANOS_PER_SECOND));
    LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    String text = local.toString();
    // Java leaves out seconds that are zero.
    return local.getSecond() == 0 && local.getNano() == 0 ? text + ":00" : text;
  }

  private void bytes(LogicalType type, ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    if (type instanceof LogicalTypes.Decimal decimal && bytes.length > 0) {
      decimal(bytes, decimal.getScale());
    } else {
      JsonString.writeHex(out, bytes, 0, bytes.length);
    }
  }

  private void decimal(byte[] unscaled, int scale) {
    BigInteger number = new BigInteger(unscaled);
    int start = number.signum() < 0 ? out.position() + 1 : out.position();
    out.writeBytes(number.toString().getBytes(US_ASCII));
    out.insertPoint(start, scale);
  }

  private static ByteBuffer fixed(Schema schema, BinaryDecoder in) throws IOException {
    byte[] bytes = new byte[schema.getFixedSize()];
    in.readFixed(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static Schema branch(Schema union, int index) {
    if (index < 0 || index >= union.getTypes().size()) {
      throw new AvroRuntimeException("a union without branch " + index);
    }
    return union.getTypes().get(index);
  }

  private static String symbol(Schema schema, int index) {
    if (index < 0 || index >= schema.getEnumSymbols().size()) {
      throw new AvroRuntimeException("an enum without symbol " + index);
    }
    return schema.getEnumSymbols().get(index);
  }

  private void text(Utf8 text, String pgType) {
    boolean document = pgType.equals("json") || pgType.equals("jsonb");
    if (document && JsonText.isJson(text.toString())) {
      JsonDocument.write(out, text.getBytes(), 0, text.getByteLength());
    } else if (pgType.equals("numeric") && NUMBER.matcher(text).matches()) {
      out.writeBytes(text.getBytes(), 0, text.getByteLength());
    } else {
      string(text);
    }
  }

  private void string(Utf8 text) {
    JsonString.write(out, text.getBytes(), 0, text.getByteLength());
  }

  private void string(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    JsonString.write(out, bytes, 0, bytes.length);
  }
}
