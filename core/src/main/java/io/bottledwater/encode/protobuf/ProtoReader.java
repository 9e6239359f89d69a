package io.bottledwater.encode.protobuf;

import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.EnumConstantElement;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OneOfElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import com.squareup.wire.schema.internal.parser.ReservedElement;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.ArrayList;
import java.util.List;
import kotlin.ranges.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Reads .proto text back as a registry returns it, which may be in another layout than it was sent.
 * Stateless.
 */
final class ProtoReader {
  private ProtoReader() {}

  /**
   * The first message of a file.
   *
   * @throws IllegalArgumentException when the text is no .proto file or has no message
   */
  static ProtoMessage firstMessage(String text) {
    ProtoFileElement file;
    try {
      file = ProtoParser.Companion.parse(Location.get(""), text);
    } catch (IllegalStateException | StackOverflowError e) {
      throw new IllegalArgumentException("not a .proto file", e);
    }
    for (TypeElement type : file.getTypes()) {
      if (type instanceof MessageElement message) {
        return message(message);
      }
    }
    throw new IllegalArgumentException("a .proto file without a message");
  }

  private static ProtoMessage message(MessageElement element) {
    List<ProtoField> fields = new ArrayList<>();
    for (FieldElement field : element.getFields()) {
      fields.add(field(field, label(field.getLabel())));
    }
    for (OneOfElement oneOf : element.getOneOfs()) {
      for (FieldElement field : oneOf.getFields()) {
        fields.add(field(field, ProtoField.Label.CHOICE));
      }
    }
    List<ProtoMessage> messages = new ArrayList<>();
    List<ProtoEnum> enums = new ArrayList<>();
    for (TypeElement nested : element.getNestedTypes()) {
      if (nested instanceof MessageElement message) {
        messages.add(message(message));
      } else if (nested instanceof EnumElement enumeration) {
        enums.add(enumeration(enumeration));
      }
    }
    return new ProtoMessage(
        element.getName(),
        comment(element.getDocumentation()),
        fields,
        reserved(element.getReserveds()),
        messages,
        enums);
  }

  private static ProtoField.Label label(Field.@Nullable Label label) {
    if (label == Field.Label.REPEATED) {
      return ProtoField.Label.REPEATED;
    }
    return label == null ? ProtoField.Label.PLAIN : ProtoField.Label.OPTIONAL;
  }

  private static ProtoField field(FieldElement element, ProtoField.Label label) {
    return new ProtoField(
        element.getName(),
        element.getTag(),
        label,
        element.getType(),
        element.getJsonName(),
        comment(element.getDocumentation()));
  }

  private static ProtoEnum enumeration(EnumElement element) {
    List<ProtoEnum.Value> values = new ArrayList<>();
    for (EnumConstantElement constant : element.getConstants()) {
      values.add(
          new ProtoEnum.Value(
              constant.getName(), constant.getTag(), comment(constant.getDocumentation())));
    }
    return new ProtoEnum(element.getName(), values, reserved(element.getReserveds()));
  }

  private static List<NumberRange> reserved(List<ReservedElement> elements) {
    List<NumberRange> ranges = new ArrayList<>();
    for (ReservedElement element : elements) {
      for (Object value : element.getValues()) {
        if (value instanceof Integer number) {
          ranges.add(NumberRange.of(number));
        } else if (value instanceof IntRange range) {
          ranges.add(new NumberRange(range.getFirst(), range.getLast()));
        }
      }
    }
    return NumberRange.joined(ranges);
  }

  private static @Nullable String comment(String documentation) {
    String line = ProtobufForm.oneLine(documentation);
    return line.isEmpty() ? null : line;
  }
}
