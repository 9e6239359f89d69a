package io.bottledwater.cli.consume;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.json.IntervalText;
import io.bottledwater.encode.json.JsonDocument;
import io.bottledwater.encode.json.JsonFloat;
import io.bottledwater.registry.protobuf.ProtobufSchema;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.JsonString;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Protobuf's binary encoding behind the registry's message indexes as plain JSON, with the
 * conventions of the pump's JSON format. What the pump wrote looks the same as there: the comments
 * of its fields tell dates and times from other numbers, and the messages that stand for lists and
 * maps with nulls are shown as these. One thread only.
 */
final class ProtobufJson {
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

  /** Of message indexes: files are not nested that deep. */
  private static final int MOST_INDEXES = 100;

  private final ByteWriter out;
  private final JsonFloat floats = new JsonFloat();

  ProtobufJson(ByteWriter out) {
    this.out = out;
  }

  /**
   * Reads one message and writes it.
   *
   * @param offset where the message indexes begin
   * @throws IOException when the bytes do not fit the schema; part may have been written then
   */
  void write(ProtobufSchema schema, byte[] data, int offset) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data, offset, data.length - offset);
    Descriptor message = message(schema.file(), in);
    DynamicMessage row = DynamicMessage.newBuilder(message).mergeFrom(in).build();
    if (!in.isAtEnd()) {
      throw new IOException("bytes are left over");
    }
    message(schema, row);
  }

  /** Indexes of the message and those around it, outermost first; a single zero for the first. */
  private static Descriptor message(FileDescriptor file, CodedInputStream in) throws IOException {
    int count = in.readSInt32();
    if (count < 0 || count > MOST_INDEXES) {
      throw new IOException("no message indexes");
    }
    Descriptor found = at(file.getMessageTypes(), count == 0 ? 0 : in.readSInt32());
    for (int i = 1; i < count; i++) {
      found = at(found.getNestedTypes(), in.readSInt32());
    }
    return found;
  }

  private static Descriptor at(List<Descriptor> messages, int index) throws IOException {
    if (index < 0 || index >= messages.size()) {
      throw new IOException("no message of index " + index);
    }
    return messages.get(index);
  }

  private void message(ProtobufSchema schema, Message message) {
    Descriptor type = message.getDescriptorForType();
    if (isInterval(type)) {
      out.writeByte('"');
      IntervalText.write(
          out,
          (int) number(message, "months"),
          (int) number(message, "days"),
          number(message, "micros"));
      out.writeByte('"');
      return;
    }
    FieldDescriptor only = type.getFields().size() == 1 ? type.getFields().get(0) : null;
    if (only != null && isNullableList(only)) {
      // Its only field is a list or map of messages that hold one value or null.
      value(schema, message, only);
      return;
    }
    out.writeByte('{');
    boolean first = true;
    for (FieldDescriptor field : type.getFields()) {
      boolean alternative = field.getRealContainingOneof() != null;
      if (alternative && !message.hasField(field)) {
        continue;
      }
      if (!first) {
        out.writeByte(',');
      }
      first = false;
      string(field.getJsonName());
      out.writeByte(':');
      if (field.hasPresence() && !message.hasField(field)) {
        out.writeBytes(NULL);
      } else {
        value(schema, message, field);
      }
    }
    out.writeByte('}');
  }

  private static boolean isInterval(Descriptor type) {
    return type.getName().equals("Interval")
        && type.getFields().size() == 3
        && type.findFieldByName("months") != null
        && type.findFieldByName("days") != null
        && type.findFieldByName("micros") != null;
  }

  private static long number(Message message, String field) {
    Object value = message.getField(message.getDescriptorForType().findFieldByName(field));
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static boolean isNullableList(FieldDescriptor field) {
    if (field.isMapField()) {
      return field.getName().equals("entries")
          && isNullable(field.getMessageType().findFieldByNumber(2));
    }
    return field.isRepeated() && field.getName().equals("elements") && isNullable(field);
  }

  private static boolean isNullable(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getName().startsWith("Nullable")
        && field.getMessageType().getFields().size() == 1
        && field.getMessageType().getFields().get(0).getName().equals("value");
  }

  private void value(ProtobufSchema schema, Message message, FieldDescriptor field) {
    if (field.isMapField()) {
      map(schema, message, field);
    } else if (field.isRepeated()) {
      out.writeByte('[');
      for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
        if (i > 0) {
          out.writeByte(',');
        }
        element(schema, field, message.getRepeatedField(field, i));
      }
      out.writeByte(']');
    } else {
      element(schema, field, message.getField(field));
    }
  }

  private void map(ProtobufSchema schema, Message message, FieldDescriptor field) {
    FieldDescriptor keys = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor values = field.getMessageType().findFieldByNumber(2);
    out.writeByte('{');
    for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
      if (i > 0) {
        out.writeByte(',');
      }
      Message entry = (Message) message.getRepeatedField(field, i);
      string(String.valueOf(entry.getField(keys)));
      out.writeByte(':');
      element(schema, values, entry.getField(values));
    }
    out.writeByte('}');
  }

  private void element(ProtobufSchema schema, FieldDescriptor field, Object value) {
    if (value instanceof Message inner) {
      FieldDescriptor held = isNullable(field) ? field.getMessageType().getFields().get(0) : null;
      if (held == null) {
        alternative(schema, inner);
      } else if (inner.hasField(held)) {
        element(schema, held, inner.getField(held));
      } else {
        out.writeBytes(NULL);
      }
      return;
    }
    String comment = schema.comments().getOrDefault(field.getFullName(), "");
    switch (field.getJavaType()) {
      case BOOLEAN -> out.writeBytes(value.toString().getBytes(US_ASCII));
      case INT -> integer(field, comment, ((Integer) value).longValue());
      case LONG -> integer(field, comment, (Long) value);
      case FLOAT -> floats.write(out, (Float) value);
      case DOUBLE -> floats.write(out, (Double) value);
      case STRING -> text((String) value, comment);
      case BYTE_STRING -> {
        byte[] bytes = ((ByteString) value).toByteArray();
        JsonString.writeHex(out, bytes, 0, bytes.length);
      }
      case ENUM -> enumeration(schema, field, (EnumValueDescriptor) value);
      case MESSAGE -> throw new IllegalArgumentException(field.getFullName());
    }
  }

  /** The one that was written of the pump's "value" alternatives; any other message as it is. */
  private void alternative(ProtobufSchema schema, Message message) {
    Descriptor type = message.getDescriptorForType();
    boolean choice =
        type.getRealOneofs().size() == 1
            && type.getRealOneofs().get(0).getName().equals("value")
            && type.getRealOneofs().get(0).getFieldCount() == type.getFields().size();
    if (choice && message.hasOneof(type.getRealOneofs().get(0))) {
      FieldDescriptor written = message.getOneofFieldDescriptor(type.getRealOneofs().get(0));
      element(schema, written, message.getField(written));
    } else {
      message(schema, message);
    }
  }

  private void integer(FieldDescriptor field, String comment, long value) {
    if (comment.contains("days since 1970-01-01")) {
      out.writeByte('"');
      if (value == Integer.MAX_VALUE || value == Integer.MIN_VALUE) {
        CivilTime.writeInfinity(out, value < 0);
      } else {
        CivilTime.writeDate(out, value);
      }
      out.writeByte('"');
    } else if (comment.contains("microseconds since midnight")
        && value >= 0
        && value <= CivilTime.MICROS_PER_DAY) {
      out.writeByte('"');
      CivilTime.writeTime(out, value);
      out.writeByte('"');
    } else if (comment.contains("microseconds since 1970-01-01T00:00")) {
      out.writeByte('"');
      if (value == Long.MAX_VALUE || value == Long.MIN_VALUE) {
        CivilTime.writeInfinity(out, value < 0);
      } else {
        CivilTime.writeTimestamp(out, value, comment.contains("1970-01-01T00:00Z"));
      }
      out.writeByte('"');
    } else if (field.getType() == FieldDescriptor.Type.UINT64
        || field.getType() == FieldDescriptor.Type.FIXED64) {
      out.writeBytes(Long.toUnsignedString(value).getBytes(US_ASCII));
    } else if (field.getType() == FieldDescriptor.Type.UINT32
        || field.getType() == FieldDescriptor.Type.FIXED32) {
      out.writeDigits(value & 0xFFFF_FFFFL);
    } else {
      out.writeDigits(value);
    }
  }

  /** A label as PostgreSQL has it stands in the comment of the pump's enum values. */
  private void enumeration(
      ProtobufSchema schema, FieldDescriptor field, EnumValueDescriptor value) {
    String label = schema.comments().get(field.getEnumType().getFullName() + "." + value.getName());
    string(label == null ? value.getName() : label);
  }

  private void text(String text, String comment) {
    byte[] bytes = text.getBytes(UTF_8);
    if (comment.endsWith("JSON document") && JsonText.isJson(text)) {
      JsonDocument.write(out, bytes, 0, bytes.length);
    } else if (comment.endsWith("decimal number") && NUMBER.matcher(text).matches()) {
      out.writeBytes(bytes);
    } else {
      JsonString.write(out, bytes, 0, bytes.length);
    }
  }

  private void string(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    JsonString.write(out, bytes, 0, bytes.length);
  }
}
