package io.bottledwater.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * The types of Kafka Connect that its converter makes of an Avro schema, in a few words: each with
 * the last part of its semantic name, and what is known beside it.
 */
final class ConnectWords {
  private ConnectWords() {}

  static String of(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> of(AvroWords.withoutNull(schema));
      case ARRAY -> "array of " + of(schema.getElementType());
      case RECORD -> record(schema);
      default -> primitive(schema) + semantic(schema);
    };
  }

  private static String primitive(Schema schema) {
    String given = schema.getProp("connect.type");
    return given != null
        ? given
        : switch (schema.getType()) {
          case INT -> "int32";
          case LONG -> "int64";
          default -> schema.getType().getName();
        };
  }

  private static String record(Schema schema) {
    List<String> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      fields.add(field.name() + " " + of(field.schema()));
    }
    return schema.getName() + " {" + String.join(", ", fields) + "}";
  }

  private static String semantic(Schema schema) {
    String name = schema.getProp("connect.name");
    if (name == null) {
      return "";
    }
    List<String> parameters = new ArrayList<>();
    if (schema.getObjectProp("connect.parameters") instanceof Map<?, ?> all) {
      new TreeMap<>(all)
          .forEach(
              (key, value) ->
                  parameters.add(key.toString().replaceFirst(".*\\.", "") + " " + value));
    }
    return ", "
        + name.substring(name.lastIndexOf('.') + 1)
        + (parameters.isEmpty() ? "" : " (" + String.join(", ", parameters) + ")");
  }
}
