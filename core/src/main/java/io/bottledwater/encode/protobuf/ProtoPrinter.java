package io.bottledwater.encode.protobuf;

import java.util.List;

/** Lays out .proto text: the same declaration gives the same text, byte for byte. */
final class ProtoPrinter {
  private final StringBuilder text = new StringBuilder(1024);

  private ProtoPrinter() {}

  /**
   * @param packageName parts joined by dots
   * @param message the file's only message at the top, so that its index is 0
   */
  static String print(String packageName, ProtoMessage message) {
    ProtoPrinter printer = new ProtoPrinter();
    printer.text.append("syntax = \"proto3\";\n\n");
    if (!packageName.isEmpty()) {
      printer.text.append("package ").append(packageName).append(";\n\n");
    }
    printer.message(message, "");
    return printer.text.toString();
  }

  private void message(ProtoMessage message, String indent) {
    String comment = message.comment();
    if (comment != null && !comment.isEmpty()) {
      line(indent, "// " + comment);
    }
    line(indent, "message " + message.name() + " {");
    String inside = indent + "  ";
    reserved(message.reserved(), inside);
    boolean choices = false;
    for (ProtoField field : message.fields()) {
      if (field.label() == ProtoField.Label.CHOICE) {
        choices = true;
      } else {
        field(field, inside);
      }
    }
    if (choices) {
      line(inside, "oneof value {");
      for (ProtoField field : message.fields()) {
        if (field.label() == ProtoField.Label.CHOICE) {
          field(field, inside + "  ");
        }
      }
      line(inside, "}");
    }
    for (ProtoEnum nested : message.enums()) {
      enumeration(nested, inside);
    }
    for (ProtoMessage nested : message.messages()) {
      message(nested, inside);
    }
    line(indent, "}");
  }

  private void field(ProtoField field, String indent) {
    String comment = field.comment();
    if (comment != null && !comment.isEmpty()) {
      line(indent, "// " + comment);
    }
    text.append(indent).append(field.label().keyword).append(field.type()).append(' ');
    text.append(field.name()).append(" = ").append(field.number());
    String jsonName = field.jsonName();
    if (jsonName != null) {
      text.append(" [json_name = ");
      string(jsonName);
      text.append(']');
    }
    text.append(";\n");
  }

  private void enumeration(ProtoEnum declared, String indent) {
    line(indent, "enum " + declared.name() + " {");
    reserved(declared.reserved(), indent + "  ");
    for (ProtoEnum.Value value : declared.values()) {
      String comment = value.comment();
      if (comment != null && !comment.isEmpty()) {
        line(indent + "  ", "// " + comment);
      }
      line(indent + "  ", value.name() + " = " + value.number() + ";");
    }
    line(indent, "}");
  }

  private void reserved(List<NumberRange> ranges, String indent) {
    if (ranges.isEmpty()) {
      return;
    }
    text.append(indent).append("reserved ");
    for (int i = 0; i < ranges.size(); i++) {
      NumberRange range = ranges.get(i);
      text.append(i > 0 ? ", " : "").append(range.first());
      if (range.last() > range.first()) {
        text.append(" to ").append(range.last());
      }
    }
    text.append(";\n");
  }

  private void line(String indent, String content) {
    text.append(indent).append(content).append('\n');
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append('\\').append('0');
        text.append((char) ('0' + (c >> 3))).append((char) ('0' + (c & 7)));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
