package io.bottledwater.encode.protobuf;

import io.bottledwater.encode.avro.AvroName;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The message that a row becomes, still without numbers. All types that it needs are declared
 * inside it, so that files of several topics can be compiled together.
 */
final class ProtoDeclaration {
  static final String ELEMENTS = "elements";
  static final String ENTRIES = "entries";
  static final String VALUE = "value";

  private final ProtoMessage message;
  private final String packageName;
  private final Map<ValueType, String> names = new HashMap<>();
  private final Map<ValueType, String> nullableNames = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, ProtoMessage> messages = new LinkedHashMap<>();
  private final List<ProtoEnum> enums = new ArrayList<>();

  ProtoDeclaration(RowShape shape) {
    List<String> parts = new ArrayList<>();
    for (String part : shape.namespace()) {
      parts.add(AvroName.safe(part));
    }
    this.packageName = String.join(".", parts);
    String[] fieldNames = fieldNames(shape.fields());
    // Fields and types inside a message share one name space.
    taken.addAll(List.of(fieldNames));
    String safe = AvroName.safe(shape.name());
    String name = shape.key() ? safe + "_key" : safe;
    List<ProtoField> fields = fields(shape.fields());
    this.message =
        new ProtoMessage(
            name,
            safe.equals(shape.name()) ? null : ProtobufForm.oneLine(shape.name()),
            fields,
            List.of(),
            List.copyOf(messages.values()),
            enums);
  }

  String packageName() {
    return packageName;
  }

  ProtoMessage message() {
    return message;
  }

  /** The name of the message or enum that was declared for a type. */
  String nameOf(ValueType type) {
    String name = names.get(type);
    if (name == null) {
      throw new IllegalArgumentException("not declared: " + type);
    }
    return name;
  }

  /** The name of the message that holds one value or null, in a list or map. */
  String nullableNameOf(ValueType type) {
    String name = nullableNames.get(type);
    if (name == null) {
      throw new IllegalArgumentException("not declared: " + type);
    }
    return name;
  }

  /** Protobuf wants the names different in JSON too, where underscores are left out. */
  static String[] fieldNames(List<RowShape.Field> fields) {
    List<String> names = new ArrayList<>();
    for (RowShape.Field field : fields) {
      names.add(field.name());
    }
    String[] safe = AvroName.distinct(names);
    Set<String> inJson = new HashSet<>();
    for (int i = 0; i < safe.length; i++) {
      String name = safe[i];
      for (int n = 2; !inJson.add(defaultJsonName(safe[i])); n++) {
        safe[i] = name + "__" + n;
      }
    }
    return safe;
  }

  static String choiceName(ValueType alternative, int index) {
    return alternative instanceof ValueType.Simple || alternative instanceof ValueType.Decimal
        ? ProtobufForm.word(alternative).toLowerCase(Locale.ROOT) + "_value"
        : "value_" + (index + 1);
  }

  private List<ProtoField> fields(List<RowShape.Field> fields) {
    String[] safeNames = fieldNames(fields);
    List<ProtoField> declared = new ArrayList<>();
    for (int i = 0; i < safeNames.length; i++) {
      RowShape.Field field = fields.get(i);
      declared.add(
          new ProtoField(
              safeNames[i],
              0,
              ProtoField.Label.OPTIONAL,
              typeName(field.type()),
              jsonName(safeNames[i], field.name()),
              ProtobufForm.comment(field.pgType(), field.type())));
    }
    return declared;
  }

  /** Declares what is needed for a type, and names it. */
  private String typeName(ValueType type) {
    if (type != ValueType.Simple.INTERVAL
        && (type instanceof ValueType.Simple || type instanceof ValueType.Decimal)) {
      return ProtobufForm.scalar(type);
    }
    String known = names.get(type);
    if (known != null) {
      return known;
    }
    String name = free(word(type));
    names.put(type, name);
    if (type instanceof ValueType.Enumeration enumeration) {
      enums.add(enumeration(name, enumeration));
    } else {
      // Its place is kept before those of the types inside it.
      messages.put(name, empty(name));
      messages.put(name, declare(name, type));
    }
    return name;
  }

  private String word(ValueType type) {
    if (type instanceof ValueType.Enumeration enumeration) {
      return ProtobufForm.typeName(enumeration.name());
    }
    if (type instanceof ValueType.Struct struct) {
      return ProtobufForm.typeName(struct.name());
    }
    if (type instanceof ValueType.ListOf list) {
      return word(list.element()) + "List";
    }
    if (type instanceof ValueType.MapOf map) {
      return word(map.value()) + "Map";
    }
    if (type instanceof ValueType.OneOf oneOf) {
      List<String> words = new ArrayList<>();
      for (ValueType alternative : oneOf.alternatives()) {
        words.add(word(alternative));
      }
      return String.join("Or", words);
    }
    return ProtobufForm.word(type);
  }

  private String free(String word) {
    String name = word;
    for (int n = 2; !taken.add(name); n++) {
      name = word + "__" + n;
    }
    return name;
  }

  private ProtoMessage declare(String name, ValueType type) {
    List<ProtoField> fields = new ArrayList<>();
    if (type instanceof ValueType.Struct struct) {
      fields.addAll(fields(struct.fields()));
    } else if (type instanceof ValueType.ListOf list) {
      fields.add(plain(ProtoField.Label.REPEATED, nullable(list.element()), ELEMENTS));
    } else if (type instanceof ValueType.MapOf map) {
      String entry = "map<string, " + nullable(map.value()) + ">";
      fields.add(plain(ProtoField.Label.PLAIN, entry, ENTRIES));
    } else if (type instanceof ValueType.OneOf oneOf) {
      for (int i = 0; i < oneOf.alternatives().size(); i++) {
        ValueType alternative = oneOf.alternatives().get(i);
        fields.add(value(ProtoField.Label.CHOICE, alternative, choiceName(alternative, i)));
      }
    } else {
      fields.add(plain(ProtoField.Label.PLAIN, "int32", "months"));
      fields.add(plain(ProtoField.Label.PLAIN, "int32", "days"));
      fields.add(plain(ProtoField.Label.PLAIN, "int64", "micros"));
    }
    return new ProtoMessage(name, null, fields, List.of(), List.of(), List.of());
  }

  /** A message for one value or null: repeated fields and maps cannot hold null themselves. */
  private String nullable(ValueType type) {
    String known = nullableNames.get(type);
    if (known != null) {
      return known;
    }
    String name = free("Nullable" + word(type));
    nullableNames.put(type, name);
    messages.put(name, empty(name));
    messages.put(
        name,
        new ProtoMessage(
            name,
            null,
            List.of(value(ProtoField.Label.OPTIONAL, type, VALUE)),
            List.of(),
            List.of(),
            List.of()));
    return name;
  }

  private ProtoField value(ProtoField.Label label, ValueType type, String name) {
    return new ProtoField(name, 0, label, typeName(type), null, unitOrNull(type));
  }

  private static ProtoField plain(ProtoField.Label label, String type, String name) {
    return new ProtoField(name, 0, label, type, null, null);
  }

  private static @Nullable String unitOrNull(ValueType type) {
    String unit = ProtobufForm.unit(type);
    return unit.isEmpty() ? null : unit;
  }

  private static ProtoMessage empty(String name) {
    return new ProtoMessage(name, null, List.of(), List.of(), List.of(), List.of());
  }

  /** Labels stand in the scope around the enum, and so begin with its name. */
  private ProtoEnum enumeration(String name, ValueType.Enumeration type) {
    List<ProtoEnum.Value> values = new ArrayList<>();
    values.add(new ProtoEnum.Value(free(name + "_UNSPECIFIED"), -1, null));
    String[] safeSymbols = AvroName.distinct(type.symbols());
    for (int i = 0; i < safeSymbols.length; i++) {
      String symbol = type.symbols().get(i);
      values.add(
          new ProtoEnum.Value(free(name + "_" + safeSymbols[i]), -1, ProtobufForm.oneLine(symbol)));
    }
    return new ProtoEnum(name, values, List.of());
  }

  /** The column's name, unless the field's own name becomes it or Protobuf would not take it. */
  private static @Nullable String jsonName(String fieldName, String column) {
    boolean bracketed = column.startsWith("[") && column.endsWith("]");
    return bracketed || column.equals(defaultJsonName(fieldName)) ? null : column;
  }

  private static String defaultJsonName(String fieldName) {
    StringBuilder name = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < fieldName.length(); i++) {
      char c = fieldName.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        name.append(upper && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        upper = false;
      }
    }
    return name.toString();
  }
}
