package io.bottledwater.encode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** An Avro schema in a few words, for the page of types. */
final class AvroWords {
  private final Set<String> declared = new HashSet<>();

  private AvroWords() {}

  static String of(Schema schema) {
    return new AvroWords().words(schema);
  }

  /** What else a value may be than null. */
  static Schema withoutNull(Schema union) {
    for (Schema branch : union.getTypes()) {
      if (branch.getType() != Schema.Type.NULL) {
        return branch;
      }
    }
    throw new IllegalArgumentException("nothing but null");
  }

  private String words(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> {
        List<String> branches = new ArrayList<>();
        for (Schema branch : schema.getTypes()) {
          if (branch.getType() != Schema.Type.NULL) {
            branches.add(words(branch));
          }
        }
        yield String.join(" or ", branches);
      }
      case ARRAY -> "array of " + words(schema.getElementType());
      case MAP -> "map of " + words(schema.getValueType());
      case ENUM -> "enum " + schema.getName();
      case RECORD -> record(schema);
      default -> schema.getType().getName() + logical(schema.getLogicalType());
    };
  }

  private String record(Schema schema) {
    if (!declared.add(schema.getFullName())) {
      return schema.getName();
    }
    List<String> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      fields.add(field.name() + " " + words(field.schema()));
    }
    return schema.getName() + " {" + String.join(", ", fields) + "}";
  }

  private static String logical(LogicalType type) {
    if (type == null) {
      return "";
    }
    return type instanceof LogicalTypes.Decimal decimal
        ? ", decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")"
        : ", " + type.getName();
  }
}
