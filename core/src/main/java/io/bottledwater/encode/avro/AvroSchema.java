package io.bottledwater.encode.avro;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema text of a row: the same shape gives the same text, byte for byte. Source: Avro
 * specification, "Schema Declaration" and "Logical Types".
 */
final class AvroSchema {
  /** Not the row's namespace, where a table of that name could stand. */
  static final String INTERVAL = "io.bottledwater.type.Interval";

  private final StringBuilder text = new StringBuilder(512);

  /** Avro lets a name be declared once; after that it stands for itself. */
  private final Map<String, ValueType> declared = new HashMap<>();

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
    String space = namespace(shape.namespace());
    string(space);
    declared.put(
        space + "." + AvroName.safe(shape.name()),
        new ValueType.Struct(shape.name(), shape.namespace(), shape.fields()));
    text.append(",\"doc\":");
    string(shape.name());
    fields(shape.fields());
    text.append('}');
  }

  private void fields(List<RowShape.Field> fields) {
    text.append(",\"fields\":[");
    List<String> names = new ArrayList<>();
    for (RowShape.Field field : fields) {
      names.add(field.name());
    }
    String[] safeNames = AvroName.distinct(names);
    for (int i = 0; i < safeNames.length; i++) {
      if (i > 0) {
        text.append(',');
      }
      field(fields.get(i), safeNames[i]);
    }
    text.append(']');
  }

  private void field(RowShape.Field field, String safeName) {
    text.append("{\"name\":");
    string(safeName);
    text.append(",\"type\":");
    place(field.type(), field.required());
    if (!field.required()) {
      text.append(",\"default\":null");
    }
    text.append(",\"doc\":");
    string(field.name());
    text.append(",\"pg.type\":");
    string(field.pgType());
    text.append('}');
  }

  private void place(ValueType type, boolean required) {
    if (type instanceof ValueType.OneOf oneOf) {
      text.append(required ? "[" : "[\"null\",");
      for (int i = 0; i < oneOf.alternatives().size(); i++) {
        if (i > 0) {
          text.append(',');
        }
        type(oneOf.alternatives().get(i));
      }
      text.append(']');
    } else if (required) {
      type(type);
    } else {
      text.append("[\"null\",");
      type(type);
      text.append(']');
    }
  }

  private void type(ValueType type) {
    if (type instanceof ValueType.ListOf list) {
      text.append("{\"type\":\"array\",\"items\":");
      place(list.element(), list.required());
      text.append('}');
      return;
    }
    if (type instanceof ValueType.MapOf map) {
      text.append("{\"type\":\"map\",\"values\":");
      place(map.value(), false);
      text.append('}');
      return;
    }
    if (type instanceof ValueType.Struct struct) {
      if (declare("record", struct.name(), struct.namespace(), struct)) {
        fields(struct.fields());
        text.append('}');
      }
      return;
    }
    if (type instanceof ValueType.Enumeration enumeration) {
      if (declare("enum", enumeration.name(), enumeration.namespace(), enumeration)) {
        text.append(",\"symbols\":[");
        String[] symbols = AvroName.distinct(enumeration.symbols());
        for (int i = 0; i < symbols.length; i++) {
          text.append(i > 0 ? "," : "");
          string(symbols[i]);
        }
        text.append("]}");
      }
      return;
    }
    if (type instanceof ValueType.Decimal decimal) {
      text.append("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":");
      text.append(decimal.precision()).append(",\"scale\":").append(decimal.scale()).append('}');
      return;
    }
    if (type instanceof ValueType.Annotated annotated) {
      type(annotated.type());
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

  private void interval() {
    int dot = INTERVAL.lastIndexOf('.');
    if (declare(
        "record",
        INTERVAL.substring(dot + 1),
        List.of(INTERVAL.substring(0, dot).split("\\.")),
        ValueType.Simple.INTERVAL)) {
      text.append(",\"fields\":[{\"name\":\"months\",\"type\":\"int\"}");
      text.append(",{\"name\":\"days\",\"type\":\"int\"}");
      text.append(",{\"name\":\"micros\",\"type\":\"long\"}]}");
    }
  }

  /**
   * Begins the declaration of a named type, or refers to it where it has been declared before. Two
   * types whose names become the same get different ones.
   *
   * @return whether the declaration is to be gone on with
   */
  private boolean declare(String kind, String name, List<String> namespace, ValueType type) {
    String space = namespace(namespace);
    String safe = AvroName.safe(name);
    String candidate = safe;
    for (int n = 2; ; n++) {
      ValueType same = declared.putIfAbsent(space + "." + candidate, type);
      if (same == null) {
        break;
      }
      if (same.equals(type)) {
        string(space + "." + candidate);
        return false;
      }
      candidate = safe + "__" + n;
    }
    text.append("{\"type\":\"").append(kind).append("\",\"name\":");
    string(candidate);
    text.append(",\"namespace\":");
    string(space);
    if (!candidate.equals(name)) {
      text.append(",\"doc\":");
      string(name);
    }
    return true;
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
