package io.bottledwater.type.debezium;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Value types with the names that Debezium and Kafka Connect know them by. Source: Debezium's
 * documentation, "PostgreSQL connector: Data type mappings".
 */
final class SemanticTypes {
  static final ValueType INT16 =
      new ValueType.Annotated(ValueType.Simple.INT, Map.of("connect.type", "int16"));

  static final ValueType DATE = named(ValueType.Simple.INT, "io.debezium.time.Date");
  static final ValueType TIME = named(ValueType.Simple.INT, "io.debezium.time.Time");
  static final ValueType MICRO_TIME = named(ValueType.Simple.LONG, "io.debezium.time.MicroTime");
  static final ValueType TIMESTAMP = named(ValueType.Simple.LONG, "io.debezium.time.Timestamp");
  static final ValueType MICRO_TIMESTAMP =
      named(ValueType.Simple.LONG, "io.debezium.time.MicroTimestamp");
  static final ValueType ZONED_TIMESTAMP =
      named(ValueType.Simple.STRING, "io.debezium.time.ZonedTimestamp");
  static final ValueType ZONED_TIME = named(ValueType.Simple.STRING, "io.debezium.time.ZonedTime");
  static final ValueType MICRO_DURATION =
      named(ValueType.Simple.LONG, "io.debezium.time.MicroDuration");
  static final ValueType UUID = named(ValueType.Simple.UUID, "io.debezium.data.Uuid");
  static final ValueType JSON = named(ValueType.Simple.STRING, "io.debezium.data.Json");
  static final ValueType XML = named(ValueType.Simple.STRING, "io.debezium.data.Xml");
  static final ValueType LTREE = named(ValueType.Simple.STRING, "io.debezium.data.Ltree");
  static final ValueType TSVECTOR = named(ValueType.Simple.STRING, "io.debezium.data.Tsvector");

  static final ValueType MONEY = decimal(Map.of("scale", "2"));

  static final ValueType VARIABLE_SCALE_DECIMAL =
      struct(
          "io.debezium.data",
          "VariableScaleDecimal",
          "Variable scaled decimal",
          new RowShape.Field("scale", ValueType.Simple.INT, true, ""),
          new RowShape.Field("value", ValueType.Simple.BYTES, true, ""));

  static final ValueType POINT =
      struct(
          "io.debezium.data.geometry",
          "Point",
          "Geometry (POINT)",
          new RowShape.Field("x", ValueType.Simple.DOUBLE, true, ""),
          new RowShape.Field("y", ValueType.Simple.DOUBLE, true, ""),
          new RowShape.Field("wkb", ValueType.Simple.BYTES, false, ""),
          new RowShape.Field("srid", ValueType.Simple.INT, false, ""));

  private SemanticTypes() {}

  static ValueType decimal(ValueType.Decimal type) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("scale", Integer.toString(type.scale()));
    parameters.put("connect.decimal.precision", Integer.toString(type.precision()));
    return decimal(parameters);
  }

  private static ValueType decimal(Map<String, String> parameters) {
    return named(ValueType.Simple.BYTES, "org.apache.kafka.connect.data.Decimal", parameters);
  }

  static ValueType enumeration(List<String> labels) {
    return named(
        ValueType.Simple.STRING,
        "io.debezium.data.Enum",
        Map.of("allowed", String.join(",", labels)));
  }

  static ValueType bits(int length) {
    return named(
        ValueType.Simple.BYTES,
        "io.debezium.data.Bits",
        Map.of("length", Integer.toString(length)));
  }

  private static ValueType named(ValueType type, String name) {
    return named(type, name, Map.of());
  }

  private static ValueType named(ValueType type, String name, Map<String, String> parameters) {
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("connect.version", 1);
    if (!parameters.isEmpty()) {
      annotations.put("connect.parameters", parameters);
    }
    annotations.put("connect.name", name);
    return new ValueType.Annotated(type, annotations);
  }

  private static ValueType struct(
      String namespace, String name, String doc, RowShape.Field... fields) {
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("connect.version", 1);
    annotations.put("connect.doc", doc);
    return new ValueType.Annotated(
        new ValueType.Struct(name, List.of(namespace.split("\\.")), List.of(fields)), annotations);
  }
}
