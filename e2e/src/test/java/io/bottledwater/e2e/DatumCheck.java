package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Compares what Avro's reader read with the JSON that PostgreSQL gives of the same value. */
final class DatumCheck {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private DatumCheck() {}

  static void check(String what, Object datum, Schema schema, JsonNode expected) {
    if (expected.isNull() || datum == null) {
      assertThat(datum).as(what).isNull();
      assertThat(expected.isNull()).as(what).isTrue();
      return;
    }
    Schema type = withoutNull(schema);
    switch (type.getType()) {
      case ARRAY -> {
        List<?> elements = (List<?>) datum;
        assertThat(elements).as(what).hasSize(expected.size());
        for (int i = 0; i < elements.size(); i++) {
          check(what + "[" + i + "]", elements.get(i), type.getElementType(), expected.get(i));
        }
      }
      case MAP -> {
        Map<?, ?> entries = (Map<?, ?>) datum;
        assertThat(entries).as(what).hasSize(expected.size());
        entries.forEach(
            (key, value) ->
                check(
                    what + "[" + key + "]",
                    value,
                    type.getValueType(),
                    expected.get(key.toString())));
      }
      case RECORD -> record(what, (GenericRecord) datum, type, expected);
      default -> assertThat(expected(type, expected)).as(what).isEqualTo(scalar(datum, type));
    }
  }

  private static void record(String what, GenericRecord datum, Schema type, JsonNode expected) {
    if (type.getName().equals("Interval")) {
      assertThat(datum.get("months") + " " + datum.get("days") + " " + datum.get("micros"))
          .as(what)
          .isEqualTo(expected.asText());
      return;
    }
    assertThat(expected.size()).as(what).isEqualTo(type.getFields().size());
    for (Schema.Field field : type.getFields()) {
      check(
          what + "." + field.name(),
          datum.get(field.pos()),
          field.schema(),
          expected.get(field.doc()));
    }
  }

  static Schema withoutNull(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    assertThat(schema.getTypes()).hasSize(2);
    assertThat(schema.getTypes().get(0).getType()).isEqualTo(Schema.Type.NULL);
    return schema.getTypes().get(1);
  }

  /** In a form that {@link #expected} makes of JSON as well. */
  static Object scalar(Object datum, Schema type) {
    LogicalType logical = type.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      byte[] unscaled = new byte[((ByteBuffer) datum).remaining()];
      ((ByteBuffer) datum).get(unscaled);
      return new BigDecimal(new BigInteger(unscaled), decimal.getScale());
    }
    if (logical instanceof LogicalTypes.Date) {
      return date((Integer) datum);
    }
    if (logical instanceof LogicalTypes.TimeMicros) {
      return time((Long) datum);
    }
    if (logical instanceof LogicalTypes.TimestampMicros) {
      return timestamp((Long) datum, "+00:00");
    }
    if (logical instanceof LogicalTypes.LocalTimestampMicros) {
      return timestamp((Long) datum, "");
    }
    if (datum instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return hex(copy);
    }
    if (datum instanceof Integer number) {
      return number.longValue();
    }
    return datum instanceof CharSequence text ? text.toString() : datum;
  }

  static Object expected(Schema type, JsonNode json) {
    return switch (type.getType()) {
      case BOOLEAN -> json.booleanValue();
      case INT, LONG ->
          type.getLogicalType() == null ? json.longValue() : (Object) json.textValue();
      case FLOAT -> Float.parseFloat(json.asText());
      case DOUBLE -> Double.parseDouble(json.asText());
      case BYTES ->
          type.getLogicalType() == null
              ? json.textValue()
              : json.decimalValue()
                  .setScale(((LogicalTypes.Decimal) type.getLogicalType()).getScale());
      // A numeric without precision is a string of the digits that JSON has as a number.
      default -> json.isTextual() ? json.textValue() : json.decimalValue().toPlainString();
    };
  }

  static String timestamp(long micros, String zone) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros < 0 ? "-infinity" : "infinity";
    }
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), 0, ZoneOffset.UTC);
    return date(time.toLocalDate(), "T" + time(Math.floorMod(micros, MICROS_PER_DAY)) + zone);
  }

  static String hex(byte[] bytes) {
    return "\\x" + HexFormat.of().formatHex(bytes);
  }

  static String date(int days) {
    return days == Integer.MAX_VALUE
        ? "infinity"
        : days == Integer.MIN_VALUE ? "-infinity" : date(LocalDate.ofEpochDay(days), "");
  }

  private static String date(LocalDate date, String more) {
    int year = date.getYear();
    return "%04d-%02d-%02d%s%s"
        .formatted(
            year > 0 ? year : 1 - year,
            date.getMonthValue(),
            date.getDayOfMonth(),
            more,
            year > 0 ? "" : " BC");
  }

  static String time(long micros) {
    long seconds = micros / 1_000_000;
    String whole = "%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    long fraction = micros % 1_000_000;
    return fraction == 0 ? whole : (whole + ".%06d".formatted(fraction)).replaceFirst("0+$", "");
  }
}
