package io.bottledwater.encode.protobuf;

import org.jspecify.annotations.Nullable;

/**
 * A field's declaration.
 *
 * @param number 0 while none has been given
 * @param type a scalar's keyword, a type's name, or {@code map<string, V>}
 * @param jsonName the column's name where it is not what the field's own name becomes in JSON
 * @param comment what {@link ProtobufForm#comment} says; null where the text had none
 */
record ProtoField(
    String name,
    int number,
    Label label,
    String type,
    @Nullable String jsonName,
    @Nullable String comment) {

  enum Label {
    /** Absent means the type's zero. */
    PLAIN(""),
    /** Absent means null. */
    OPTIONAL("optional "),
    REPEATED("repeated "),
    /** One of the message's alternatives. */
    CHOICE("");

    final String keyword;

    Label(String keyword) {
      this.keyword = keyword;
    }
  }

  ProtoField numbered(int given) {
    return new ProtoField(name, given, label, type, jsonName, comment);
  }

  /** Whether both hold the same values under the same name, so that they can share a number. */
  boolean isSameAs(ProtoField other) {
    return name.equals(other.name)
        && label == other.label
        && unqualified(type).equals(unqualified(other.type))
        && (comment == null
            || other.comment == null
            || ProtobufForm.unit(comment).equals(ProtobufForm.unit(other.comment)));
  }

  private static String unqualified(String type) {
    return type.substring(type.lastIndexOf('.') + 1).replace(" ", "");
  }
}
