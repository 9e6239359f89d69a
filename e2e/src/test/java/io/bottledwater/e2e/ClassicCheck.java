package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Compares what Avro's reader made of Bottled Water's records with what PostgreSQL says. */
final class ClassicCheck {
  private static final long MICROS = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private ClassicCheck() {}

  /** Of a type that the original did not know, its text; of any other, its own JSON. */
  static String expectation(Schema field, String json) {
    return branch(field).getType() == Schema.Type.STRING ? "to_json(format('%s', ?))" : json;
  }

  static void check(String what, Object datum, Schema field, JsonNode expected) {
    if (expected.isNull()) {
      assertThat(datum).as(what).isNull();
    } else if (datum == null) {
      assertThat(branch(field).getType()).as(what).isEqualTo(Schema.Type.DOUBLE);
      assertThat(Double.parseDouble(expected.asText())).as(what).isInfinite();
    } else if (datum instanceof GenericRecord part) {
      assertThat(text(part)).as(what).isEqualTo(expected(part, expected));
    } else if (datum instanceof GenericData.EnumSymbol symbol) {
      String infinity = symbol.toString().equals("POS_INFINITY") ? "infinity" : "-infinity";
      assertThat(infinity).as(what).isEqualTo(expected.textValue());
    } else if (datum instanceof Long micros && expected.isTextual()) {
      assertThat(DatumCheck.time(micros)).as(what).isEqualTo(expected.textValue());
    } else if (datum instanceof Long cents && what.startsWith("money")) {
      assertThat(cents)
          .as(what)
          .isEqualTo(expected.decimalValue().movePointRight(2).longValueExact());
    } else {
      DatumCheck.check(what, datum, branch(field), expected);
    }
  }

  private static Schema branch(Schema union) {
    assertThat(union.getTypes().get(0).getType()).isEqualTo(Schema.Type.NULL);
    return union.getTypes().get(1);
  }

  private static String text(GenericRecord part) {
    return switch (part.getSchema().getName()) {
      case "Date" -> DatumCheck.date((int) day(part).toEpochDay());
      case "DateTime" -> DatumCheck.timestamp(micros(part), "");
      case "DateTimeTZ" ->
          DatumCheck.timestamp(micros(part) - number(part, "zoneOffset") * MICROS, "+00:00");
      case "TimeTZ" -> part.get("micro") + " " + part.get("zoneOffset");
      default ->
          number(part, "year") * 12
              + number(part, "month")
              + " "
              + number(part, "day")
              + " "
              + timeOfDay(part);
    };
  }

  private static String expected(GenericRecord part, JsonNode json) {
    if (!part.getSchema().getName().equals("TimeTZ")) {
      return json.textValue();
    }
    boolean midnight = json.textValue().startsWith("24:");
    OffsetTime time = OffsetTime.parse(json.textValue().replaceFirst("^24", "00"));
    long day = midnight ? SECONDS_PER_DAY * MICROS : 0;
    return day + time.toLocalTime().toNanoOfDay() / 1000 + " " + time.getOffset().getTotalSeconds();
  }

  private static LocalDate day(GenericRecord part) {
    return LocalDate.of(
        (int) number(part, "year"), (int) number(part, "month"), (int) number(part, "day"));
  }

  private static long micros(GenericRecord part) {
    return day(part).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * MICROS + timeOfDay(part);
  }

  private static long timeOfDay(GenericRecord part) {
    long seconds =
        (number(part, "hour") * 60 + number(part, "minute")) * 60 + number(part, "second");
    return seconds * MICROS + number(part, "micro");
  }

  private static long number(GenericRecord part, String field) {
    return (Integer) part.get(field);
  }
}
