package io.bottledwater.registry.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.squareup.wire.Syntax;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.internal.parser.EnumConstantElement;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OneOfElement;
import com.squareup.wire.schema.internal.parser.OptionElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ReservedElement;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import kotlin.ranges.IntRange;

/**
 * A parsed .proto file as the descriptor that Protobuf's own compiler would make of it, without
 * options other than {@code json_name}, extensions and services. Single use.
 */
final class DescriptorBuilder {
  private static final Set<String> SCALARS =
      Set.of(
          "double",
          "float",
          "int64",
          "uint64",
          "int32",
          "fixed64",
          "fixed32",
          "bool",
          "string",
          "bytes",
          "uint32",
          "sfixed32",
          "sfixed64",
          "sint32",
          "sint64");

  private final ProtoFileElement file;
  private final boolean proto3;
  private final Map<String, String> comments = new HashMap<>();

  DescriptorBuilder(ProtoFileElement file) {
    this.file = file;
    this.proto3 = file.getSyntax() == Syntax.PROTO_3;
  }

  FileDescriptorProto build() {
    FileDescriptorProto.Builder built = FileDescriptorProto.newBuilder().setName("schema.proto");
    String scope = "";
    String packageName = file.getPackageName();
    if (packageName != null) {
      built.setPackage(packageName);
      scope = packageName + ".";
    }
    if (proto3) {
      built.setSyntax("proto3");
    }
    built.addAllDependency(file.getImports());
    for (String name : file.getPublicImports()) {
      built.addPublicDependency(built.getDependencyCount());
      built.addDependency(name);
    }
    for (TypeElement type : file.getTypes()) {
      if (type instanceof MessageElement message) {
        built.addMessageType(message(message, scope));
      } else if (type instanceof EnumElement enumeration) {
        built.addEnumType(enumeration(enumeration, scope));
      }
    }
    return built.build();
  }

  Map<String, String> comments() {
    return Map.copyOf(comments);
  }

  private DescriptorProto message(MessageElement element, String scope) {
    if (!element.getGroups().isEmpty()) {
      throw new IllegalArgumentException(element.getName() + " has a group, which is not read");
    }
    DescriptorProto.Builder built = DescriptorProto.newBuilder().setName(element.getName());
    String inner = scope + element.getName() + ".";
    for (TypeElement nested : element.getNestedTypes()) {
      if (nested instanceof MessageElement message) {
        built.addNestedType(message(message, inner));
      } else if (nested instanceof EnumElement enumeration) {
        built.addEnumType(enumeration(enumeration, inner));
      }
    }
    Set<String> names = new HashSet<>();
    for (FieldElement field : element.getFields()) {
      names.add(field.getName());
    }
    for (OneOfElement oneOf : element.getOneOfs()) {
      names.add(oneOf.getName());
      for (FieldElement field : oneOf.getFields()) {
        built.addField(field(field, built, inner).setOneofIndex(built.getOneofDeclCount()));
      }
      built.addOneofDecl(OneofDescriptorProto.newBuilder().setName(oneOf.getName()));
    }
    for (FieldElement field : element.getFields()) {
      FieldDescriptorProto.Builder descriptor = field(field, built, inner);
      if (proto3 && field.getLabel() == Field.Label.OPTIONAL) {
        // How the compiler tells null from zero; such alternatives come after the real ones.
        String name = "_" + field.getName();
        while (!names.add(name)) {
          name = "X" + name;
        }
        descriptor.setProto3Optional(true).setOneofIndex(built.getOneofDeclCount());
        built.addOneofDecl(OneofDescriptorProto.newBuilder().setName(name));
      }
      built.addField(descriptor);
    }
    for (ReservedElement reserved : element.getReserveds()) {
      for (Object value : reserved.getValues()) {
        if (value instanceof Integer number) {
          built.addReservedRangeBuilder().setStart(number).setEnd(number + 1);
        } else if (value instanceof IntRange range) {
          built.addReservedRangeBuilder().setStart(range.getFirst()).setEnd(range.getLast() + 1);
        } else if (value instanceof String name) {
          built.addReservedName(name);
        }
      }
    }
    return built.build();
  }

  private FieldDescriptorProto.Builder field(
      FieldElement element, DescriptorProto.Builder message, String scope) {
    if (!element.getDocumentation().isBlank()) {
      comments.put(scope + element.getName(), element.getDocumentation().strip());
    }
    FieldDescriptorProto.Builder built =
        FieldDescriptorProto.newBuilder().setName(element.getName()).setNumber(element.getTag());
    String jsonName = element.getJsonName();
    if (jsonName != null) {
      built.setJsonName(jsonName);
    }
    String type = element.getType();
    if (type.startsWith("map<") && type.endsWith(">")) {
      int comma = type.indexOf(',');
      String entry = entryName(element.getName());
      DescriptorProto.Builder nested = message.addNestedTypeBuilder().setName(entry);
      nested.getOptionsBuilder().setMapEntry(true);
      setType(nested.addFieldBuilder().setName("key").setNumber(1), type.substring(4, comma));
      setType(
          nested.addFieldBuilder().setName("value").setNumber(2),
          type.substring(comma + 1, type.length() - 1));
      return built
          .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
          .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
          .setTypeName(entry);
    }
    setType(built, type);
    Field.Label label = element.getLabel();
    if (label == Field.Label.REPEATED) {
      return built.setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
    }
    return label == Field.Label.REQUIRED
        ? built.setLabel(FieldDescriptorProto.Label.LABEL_REQUIRED)
        : built.setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
  }

  /** As the compiler calls the message of a map's entries. */
  private static String entryName(String field) {
    StringBuilder name = new StringBuilder();
    boolean upper = true;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return name.append("Entry").toString();
  }

  private static void setType(FieldDescriptorProto.Builder field, String written) {
    String type = written.strip();
    if (SCALARS.contains(type)) {
      field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
    } else {
      field.setTypeName(type);
    }
    if (!field.hasLabel()) {
      field.setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }
  }

  private EnumDescriptorProto enumeration(EnumElement element, String scope) {
    EnumDescriptorProto.Builder built = EnumDescriptorProto.newBuilder().setName(element.getName());
    for (EnumConstantElement constant : element.getConstants()) {
      built.addValueBuilder().setName(constant.getName()).setNumber(constant.getTag());
      if (!constant.getDocumentation().isBlank()) {
        comments.put(
            scope + element.getName() + "." + constant.getName(),
            constant.getDocumentation().strip());
      }
    }
    if (isTrue(element.getOptions(), "allow_alias")) {
      built.getOptionsBuilder().setAllowAlias(true);
    }
    return built.build();
  }

  private static boolean isTrue(List<OptionElement> options, String name) {
    for (OptionElement option : options) {
      if (option.getName().equals(name) && String.valueOf(option.getValue()).equals("true")) {
        return true;
      }
    }
    return false;
  }
}
