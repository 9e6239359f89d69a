package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Compares what Avro's reader made of Debezium's types, by their semantic names, with what
 * PostgreSQL says. Values that the connector has no form for must be null: the pump was told so.
 */
final class DebeziumCheck {
  private static final BigInteger MICROS_PER_MONTH = BigInteger.valueOf(2_629_800_000_000L);
  private static final BigInteger MICROS_PER_DAY = BigInteger.valueOf(86_400_000_000L);

  /** What the JDBC driver makes of the infinities. */
  private static final long POSITIVE_INFINITY = 9_223_372_036_825_200_000L;

  private static final long NEGATIVE_INFINITY = -9_223_372_036_832_400_000L;

  private DebeziumCheck() {}

  /** Of what the connector takes for text, PostgreSQL's text; of any other type, its own JSON. */
  static String expectation(Schema field, String json) {
    Schema type = DatumCheck.withoutNull(field);
    if (isText(type)) {
      return "to_json(format('%s', ?))";
    }
    boolean texts =
        type.getType() == Schema.Type.ARRAY
            && isText(DatumCheck.withoutNull(type.getElementType()));
    return texts ? "to_json(?::text[])" : json;
  }

  private static boolean isText(Schema type) {
    return type.getType() == Schema.Type.STRING && name(type).isEmpty();
  }

  static void check(String what, Object datum, Schema field, JsonNode expected) {
    Schema type = DatumCheck.withoutNull(field);
    if (expected.isNull() || datum == null) {
      assertThat(datum).as(what).isNull();
      assertThat(expected.isNull() || hasNoForm(type, expected)).as(what).isTrue();
    } else if (type.getType() == Schema.Type.ARRAY) {
      List<?> elements = (List<?>) datum;
      assertThat(elements).as(what).hasSize(expected.size());
      for (int i = 0; i < elements.size(); i++) {
        check(what + "[" + i + "]", elements.get(i), type.getElementType(), expected.get(i));
      }
    } else if (name(type).equals("Json")) {
      JsonNode document = expected.isTextual() ? parse(expected.textValue()) : expected;
      assertThat(parse(datum.toString())).as(what).isEqualTo(document);
    } else {
      assertThat(read(datum, type)).as(what).isEqualTo(wanted(type, expected));
    }
  }

  private static JsonNode parse(String document) {
    try {
      return SampledTable.JSON.readTree(document);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean hasNoForm(Schema type, JsonNode expected) {
    String text = expected.asText();
    return switch (name(type)) {
      case "Decimal", "VariableScaleDecimal" -> text.equals("NaN");
      case "ZonedTime" -> text.startsWith("24:");
      case "MicroDuration" -> micros(text).bitLength() >= Long.SIZE;
      default -> false;
    };
  }

  private static Object read(Object datum, Schema type) {
    return switch (name(type)) {
      case "Date" -> DatumCheck.date((Integer) datum);
      case "MicroTime" -> DatumCheck.time((Long) datum);
      case "MicroTimestamp" -> {
        long micros = (Long) datum;
        yield micros == POSITIVE_INFINITY
            ? "infinity"
            : micros == NEGATIVE_INFINITY ? "-infinity" : DatumCheck.timestamp(micros, "");
      }
      case "ZonedTimestamp" -> {
        String text = datum.toString();
        yield text.endsWith("infinity") ? text : zoned(OffsetDateTime.parse(text));
      }
      case "ZonedTime" -> LocalTime.parse(datum.toString().replaceFirst("Z$", ""));
      case "MicroDuration" -> BigInteger.valueOf((Long) datum);
      case "Decimal" -> new BigDecimal(number(datum), scale(type));
      case "VariableScaleDecimal" -> {
        GenericRecord parts = (GenericRecord) datum;
        yield new BigDecimal(number(parts.get("value")), (Integer) parts.get("scale"))
            .stripTrailingZeros();
      }
      case "Point" -> ((GenericRecord) datum).get("x") + " " + ((GenericRecord) datum).get("y");
      case "Bits" -> {
        byte[] bytes = bytes(datum);
        byte[] highestFirst = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
          highestFirst[bytes.length - 1 - i] = bytes[i];
        }
        yield new BigInteger(1, highestFirst);
      }
      case "" -> DatumCheck.scalar(datum, type);
      default -> datum.toString();
    };
  }

  private static Object wanted(Schema type, JsonNode expected) {
    String text = expected.asText();
    return switch (name(type)) {
      case "ZonedTime" ->
          OffsetTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalTime();
      case "MicroDuration" -> micros(text);
      case "Decimal" -> expected.decimalValue().setScale(scale(type));
      case "VariableScaleDecimal" -> expected.decimalValue().stripTrailingZeros();
      case "Point" -> {
        String[] parts = text.replaceAll("[()]", "").split(",");
        yield Double.parseDouble(parts[0]) + " " + Double.parseDouble(parts[1]);
      }
      case "Bits" -> new BigInteger("0" + text, 2);
      case "" -> DatumCheck.expected(type, expected);
      default -> text;
    };
  }

  /** The last part of the semantic name. */
  private static String name(Schema type) {
    String name =
        type.getType() == Schema.Type.RECORD ? type.getName() : type.getProp("connect.name");
    return name == null ? "" : name.substring(name.lastIndexOf('.') + 1);
  }

  private static int scale(Schema type) {
    return Integer.parseInt(
        ((Map<?, ?>) type.getObjectProp("connect.parameters")).get("scale").toString());
  }

  /** {@code months days micros} at 30.4375 days a month. */
  private static BigInteger micros(String interval) {
    String[] parts = interval.split(" ");
    return new BigInteger(parts[0])
        .multiply(MICROS_PER_MONTH)
        .add(new BigInteger(parts[1]).multiply(MICROS_PER_DAY))
        .add(new BigInteger(parts[2]));
  }

  private static String zoned(OffsetDateTime time) {
    return DatumCheck.timestamp(time.toEpochSecond() * 1_000_000 + time.getNano() / 1000, "+00:00");
  }

  private static BigInteger number(Object datum) {
    return new BigInteger(bytes(datum));
  }

  private static byte[] bytes(Object datum) {
    byte[] bytes = new byte[((ByteBuffer) datum).remaining()];
    ((ByteBuffer) datum).get(bytes);
    return bytes;
  }
}
