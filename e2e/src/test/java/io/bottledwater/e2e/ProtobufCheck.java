package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.util.List;

/** Compares what Google's library read with the JSON that PostgreSQL gives of the same value. */
final class ProtobufCheck {
  private ProtobufCheck() {}

  /**
   * @param holder of an optional field; unset means null
   */
  static void check(String what, DynamicMessage holder, FieldDescriptor field, JsonNode expected) {
    if (expected.isNull() || !holder.hasField(field)) {
      assertThat(holder.hasField(field)).as(what).isFalse();
      assertThat(expected.isNull()).as(what).isTrue();
      return;
    }
    Object value = holder.getField(field);
    if (value instanceof DynamicMessage message) {
      message(what, message, expected);
    } else {
      assertThat(shown(value, expected)).as(what).isEqualTo(shown(expected, value));
    }
  }

  private static void message(String what, DynamicMessage message, JsonNode expected) {
    Descriptor type = message.getDescriptorForType();
    FieldDescriptor first = type.getFields().get(0);
    if (type.getName().equals("Interval")) {
      String parts =
          number(message, "months")
              + " "
              + number(message, "days")
              + " "
              + number(message, "micros");
      assertThat(parts).as(what).isEqualTo(expected.asText());
    } else if (first.isMapField()) {
      List<?> entries = (List<?>) message.getField(first);
      assertThat(entries).as(what).hasSize(expected.size());
      for (Object entry : entries) {
        DynamicMessage pair = (DynamicMessage) entry;
        String key = (String) pair.getField(pair.getDescriptorForType().findFieldByName("key"));
        Object value = pair.getField(pair.getDescriptorForType().findFieldByName("value"));
        nullable(what + "[" + key + "]", (DynamicMessage) value, expected.get(key));
      }
    } else if (first.isRepeated()) {
      List<?> elements = (List<?>) message.getField(first);
      assertThat(elements).as(what).hasSize(expected.size());
      for (int i = 0; i < elements.size(); i++) {
        nullable(what + "[" + i + "]", (DynamicMessage) elements.get(i), expected.get(i));
      }
    } else {
      assertThat(expected.size()).as(what).isEqualTo(type.getFields().size());
      for (FieldDescriptor field : type.getFields()) {
        check(what + "." + field.getName(), message, field, expected.get(field.getName()));
      }
    }
  }

  private static void nullable(String what, DynamicMessage holder, JsonNode expected) {
    check(what, holder, holder.getDescriptorForType().findFieldByName("value"), expected);
  }

  private static Object number(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  /** Numbers for which the server shows a date or a time, in its form; all else as it is. */
  private static Object shown(Object value, JsonNode expected) {
    if (value instanceof ByteString bytes) {
      return DatumCheck.hex(bytes.toByteArray());
    }
    if (expected.isTextual() && value instanceof Integer days) {
      return DatumCheck.date(days);
    }
    if (expected.isTextual() && value instanceof Long micros) {
      String text = expected.textValue();
      return text.contains("T") || text.endsWith("infinity")
          ? DatumCheck.timestamp(micros, text.contains("+00:00") ? "+00:00" : "")
          : DatumCheck.time(micros);
    }
    return value;
  }

  private static Object shown(JsonNode expected, Object value) {
    if (value instanceof Float) {
      return Float.parseFloat(expected.asText());
    }
    if (value instanceof Double) {
      return Double.parseDouble(expected.asText());
    }
    if (expected.isNumber() && value instanceof String) {
      return expected.decimalValue().toPlainString();
    }
    if (expected.isNumber()) {
      return value instanceof Integer ? (Object) expected.intValue() : expected.longValue();
    }
    return expected.isBoolean() ? (Object) expected.booleanValue() : expected.textValue();
  }
}
