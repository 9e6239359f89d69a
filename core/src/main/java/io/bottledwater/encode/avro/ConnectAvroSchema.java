package io.bottledwater.encode.avro;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schema text that Confluent's converter makes of a Connect schema: {@code connect.*}
 * properties beside each type, a null default where null may stand. Names lose what Avro does not
 * allow as with Debezium's {@code schema.name.adjustment.mode=avro}: each such character becomes an
 * underscore.
 */
final class ConnectAvroSchema {
  private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";
  private static final String DEFAULT = "connect.default";
  private static final int ENVELOPE_VERSION = 2;

  private final StringBuilder text = new StringBuilder(2048);
  private final Set<String> declared = new HashSet<>();

  private ConnectAvroSchema() {}

  static String of(RowShape shape) {
    ConnectAvroSchema schema = new ConnectAvroSchema();
    Map<String, Object> annotations =
        shape.key() ? Map.of() : Map.of("connect.version", ENVELOPE_VERSION);
    schema.record(shape.name(), shape.namespace(), shape.fields(), annotations);
    return schema.text.toString();
  }

  private void record(
      String name,
      List<String> namespace,
      List<RowShape.Field> fields,
      Map<String, Object> annotations) {
    String space = dotted(namespace);
    String fullName = space.isEmpty() ? name : space + "." + name;
    if (!declared.add(fullName)) {
      string(fullName);
      return;
    }
    text.append("{\"type\":\"record\",\"name\":");
    string(name);
    text.append(",\"namespace\":");
    string(space);
    text.append(",\"fields\":[");
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < fields.size(); i++) {
      text.append(i > 0 ? "," : "");
      field(fields.get(i), taken);
    }
    text.append(']');
    annotations(annotations);
    text.append(",\"connect.name\":");
    string(fullName);
    text.append('}');
  }

  private void field(RowShape.Field field, Set<String> taken) {
    String name = adjust(field.name());
    String free = name;
    for (int n = 2; !taken.add(free); n++) {
      free = name + "__" + n;
    }
    text.append("{\"name\":");
    string(free);
    text.append(",\"type\":");
    if (field.type() instanceof ValueType.OneOf oneOf) {
      withDefault((ValueType.Annotated) oneOf.alternatives().get(0));
    } else if (field.required()) {
      type(field.type());
    } else {
      optional(field.type());
      text.append(",\"default\":null");
    }
    text.append('}');
  }

  /** A default must be of a union's first branch, so that null is the second. */
  private void withDefault(ValueType.Annotated type) {
    text.append('[');
    type(type);
    text.append(",\"null\"],\"default\":");
    value(type.annotations().getOrDefault(DEFAULT, ""));
  }

  private void optional(ValueType type) {
    text.append("[\"null\",");
    type(type);
    text.append(']');
  }

  private void type(ValueType type) {
    ValueType bare = type;
    Map<String, Object> annotations = Map.of();
    if (type instanceof ValueType.Annotated annotated) {
      bare = annotated.type();
      annotations = annotated.annotations();
    }
    if (bare instanceof ValueType.Struct struct) {
      record(struct.name(), struct.namespace(), struct.fields(), annotations);
    } else if (bare instanceof ValueType.ListOf list) {
      text.append("{\"type\":\"array\",\"items\":");
      optional(list.element());
      text.append('}');
    } else if (annotations.isEmpty()) {
      text.append('"').append(PrimitiveName.of(bare)).append('"');
    } else {
      text.append("{\"type\":\"").append(PrimitiveName.of(bare)).append('"');
      annotations(annotations);
      logicalType(annotations);
      text.append('}');
    }
  }

  /** The one type that the converter gives Avro's own name as well. */
  private void logicalType(Map<String, Object> annotations) {
    if (DECIMAL.equals(annotations.get("connect.name"))
        && annotations.get("connect.parameters") instanceof Map<?, ?> parameters) {
      Object precision = parameters.get("connect.decimal.precision");
      text.append(",\"logicalType\":\"decimal\",\"precision\":");
      text.append(precision == null ? "64" : precision);
      text.append(",\"scale\":").append(parameters.get("scale"));
    }
  }

  private void annotations(Map<String, Object> annotations) {
    annotations.forEach(
        (name, value) -> {
          text.append(',');
          string(name);
          text.append(':');
          value(value);
        });
  }

  private void value(Object value) {
    if (value instanceof Map<?, ?> map) {
      text.append('{');
      String separator = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        text.append(separator);
        string((String) entry.getKey());
        text.append(':');
        string((String) entry.getValue());
        separator = ",";
      }
      text.append('}');
    } else if (value instanceof Integer number) {
      text.append(number);
    } else {
      string((String) value);
    }
  }

  private static String dotted(List<String> namespace) {
    List<String> parts = new ArrayList<>();
    for (String part : namespace) {
      parts.add(adjust(part));
    }
    return String.join(".", parts);
  }

  private static String adjust(String name) {
    StringBuilder adjusted = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      adjusted.append(letter || (i > 0 && c >= '0' && c <= '9') ? c : '_');
    }
    return adjusted.toString();
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
