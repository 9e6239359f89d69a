package io.bottledwater.encode.avro;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The schema text that Bottled Water wrote: names and types, no defaults, no documentation. An
 * enumeration without a namespace takes that of the record around it, as Avro's specification has
 * it for a name without a dot.
 */
final class ClassicAvroSchema {
  private final StringBuilder text = new StringBuilder(512);
  private final Set<String> declared = new HashSet<>();

  private ClassicAvroSchema() {}

  static String of(RowShape shape) {
    ClassicAvroSchema schema = new ClassicAvroSchema();
    schema.record(shape.name(), shape.namespace(), shape.fields());
    return schema.text.toString();
  }

  private void record(String name, List<String> namespace, List<RowShape.Field> fields) {
    text.append("{\"type\":\"record\",\"name\":\"").append(AvroName.safe(name)).append('"');
    text.append(",\"namespace\":\"").append(dotted(namespace)).append("\",\"fields\":[");
    List<String> names = new ArrayList<>();
    for (RowShape.Field field : fields) {
      names.add(field.name());
    }
    String[] safeNames = AvroName.distinct(names);
    for (int i = 0; i < safeNames.length; i++) {
      text.append(i > 0 ? "," : "").append("{\"name\":\"").append(safeNames[i]);
      text.append("\",\"type\":");
      place(fields.get(i));
      text.append('}');
    }
    text.append("]}");
  }

  private void place(RowShape.Field field) {
    List<ValueType> branches =
        field.type() instanceof ValueType.OneOf oneOf
            ? oneOf.alternatives()
            : List.of(field.type());
    if (field.required() && branches.size() == 1) {
      type(branches.get(0));
      return;
    }
    text.append(field.required() ? "[" : "[\"null\",");
    for (int i = 0; i < branches.size(); i++) {
      text.append(i > 0 ? "," : "");
      type(branches.get(i));
    }
    text.append(']');
  }

  private void type(ValueType type) {
    if (type instanceof ValueType.Struct struct) {
      if (declared.add(struct.name())) {
        record(struct.name(), struct.namespace(), struct.fields());
      } else {
        text.append('"').append(dotted(struct.namespace())).append('.');
        text.append(struct.name()).append('"');
      }
    } else if (type instanceof ValueType.Enumeration enumeration) {
      if (declared.add(enumeration.name())) {
        text.append("{\"type\":\"enum\",\"name\":\"").append(enumeration.name());
        text.append("\",\"symbols\":[\"").append(String.join("\",\"", enumeration.symbols()));
        text.append("\"]}");
      } else {
        text.append('"').append(enumeration.name()).append('"');
      }
    } else {
      text.append('"').append(PrimitiveName.of(type)).append('"');
    }
  }

  private static String dotted(List<String> namespace) {
    List<String> safe = new ArrayList<>();
    for (String part : namespace) {
      safe.add(AvroName.safe(part));
    }
    return String.join(".", safe);
  }
}
