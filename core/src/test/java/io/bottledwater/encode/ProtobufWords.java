package io.bottledwater.encode;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.bottledwater.testkit.ProtobufCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Google's compiler makes of the first field of a .proto file, in a few words. */
final class ProtobufWords {
  private static final Pattern UNIT =
      Pattern.compile("// [^\\n;]*; ([^\\n,]*)[^\\n]*\\n *optional");

  private ProtobufWords() {}

  static String of(String proto) {
    FieldDescriptor field = ProtobufCompiler.firstMessage(proto).getFields().get(0);
    boolean scalar = field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
    Matcher unit = UNIT.matcher(proto);
    return words(field) + (scalar && unit.find() ? ", " + unit.group(1) : "");
  }

  private static String words(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> message(field.getMessageType());
      case ENUM -> "enum " + field.getEnumType().getName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String message(Descriptor message) {
    FieldDescriptor only = message.getFields().get(0);
    if (only.isMapField()) {
      return "map of " + nullable(only.getMessageType().findFieldByName("value"));
    }
    if (only.isRepeated()) {
      return "list of " + nullable(only);
    }
    List<String> fields = new ArrayList<>();
    for (FieldDescriptor field : message.getFields()) {
      fields.add(field.getName() + " " + words(field));
    }
    return message.getName() + " {" + String.join(", ", fields) + "}";
  }

  /** Elements and a map's values stand in a message of their own, which may be empty. */
  private static String nullable(FieldDescriptor element) {
    return words(element.getMessageType().findFieldByName("value"));
  }
}
