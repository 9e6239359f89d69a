package io.bottledwater.encode.avro;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema text of a row: the same shape gives the same text, byte for byte. Source: Avro
 * specification, "Schema Declaration" and "Logical Types".
 */
final class AvroSchema {
  /** Not the row's namespace, where a table of that name could stand. */
  static final String INTERVAL = "io.bottledwater.type.Interval";

  private final StringBuilder text = new StringBuilder(512);
  private boolean intervalDeclared;

  private AvroSchema() {}

  static String of(RowShape shape) {
    AvroSchema schema = new AvroSchema();
    schema.record(shape);
    return schema.text.toString();
  }

  private void record(RowShape shape) {
    text.append("{\"type\":\"record\",\"name\":");
    string(AvroName.safe(shape.name()));
    text.append(",\"namespace\":");
    string(namespace(shape.namespace()));
    text.append(",\"doc\":");
    string(shape.name());
    text.append(",\"fields\":[");
    List<String> names = new ArrayList<>();
    for (RowShape.Field field : shape.fields()) {
      names.add(field.name());
    }
    String[] safeNames = AvroName.distinct(names);
    for (int i = 0; i < safeNames.length; i++) {
      if (i > 0) {
        text.append(',');
      }
      field(shape.fields().get(i), safeNames[i]);
    }
    text.append("]}");
  }

  private void field(RowShape.Field field, String safeName) {
    text.append("{\"name\":");
    string(safeName);
    text.append(",\"type\":");
    if (field.required()) {
      type(field.type());
    } else {
      text.append("[\"null\",");
      type(field.type());
      text.append("],\"default\":null");
    }
    text.append(",\"doc\":");
    string(field.name());
    text.append(",\"pg.type\":");
    string(field.pgType());
    text.append('}');
  }

  private void type(ValueType type) {
    if (type instanceof ValueType.Decimal decimal) {
      text.append("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":");
      text.append(decimal.precision()).append(",\"scale\":").append(decimal.scale()).append('}');
      return;
    }
    switch ((ValueType.Simple) type) {
      case BOOLEAN -> text.append("\"boolean\"");
      case INT -> text.append("\"int\"");
      case LONG -> text.append("\"long\"");
      case FLOAT -> text.append("\"float\"");
      case DOUBLE -> text.append("\"double\"");
      case BYTES -> text.append("\"bytes\"");
      case STRING, NUMERIC, JSON -> text.append("\"string\"");
      case DATE -> logical("int", "date");
      case TIME -> logical("long", "time-micros");
      case TIMESTAMP -> logical("long", "local-timestamp-micros");
      case TIMESTAMPTZ -> logical("long", "timestamp-micros");
      case UUID -> logical("string", "uuid");
      case INTERVAL -> interval();
    }
  }

  private void logical(String type, String logicalType) {
    text.append("{\"type\":\"").append(type);
    text.append("\",\"logicalType\":\"").append(logicalType).append("\"}");
  }

  /** Avro lets a name be declared once; after that it stands for itself. */
  private void interval() {
    if (intervalDeclared) {
      text.append('"').append(INTERVAL).append('"');
      return;
    }
    intervalDeclared = true;
    int dot = INTERVAL.lastIndexOf('.');
    text.append("{\"type\":\"record\",\"name\":");
    string(INTERVAL.substring(dot + 1));
    text.append(",\"namespace\":");
    string(INTERVAL.substring(0, dot));
    text.append(",\"fields\":[{\"name\":\"months\",\"type\":\"int\"}");
    text.append(",{\"name\":\"days\",\"type\":\"int\"}");
    text.append(",{\"name\":\"micros\",\"type\":\"long\"}]}");
  }

  private static String namespace(List<String> parts) {
    List<String> safe = new ArrayList<>();
    for (String part : parts) {
      safe.add(AvroName.safe(part));
    }
    return String.join(".", safe);
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
        text.append(Character.forDigit(c & 0xF, 16));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
