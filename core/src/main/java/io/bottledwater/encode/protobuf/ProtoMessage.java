package io.bottledwater.encode.protobuf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message's declaration, as far as field numbers depend on it.
 *
 * @param comment the name that PostgreSQL has for it, where it is another one
 * @param messages the types declared inside
 */
record ProtoMessage(
    String name,
    @Nullable String comment,
    List<ProtoField> fields,
    List<NumberRange> reserved,
    List<ProtoMessage> messages,
    List<ProtoEnum> enums) {

  ProtoMessage {
    fields = List.copyOf(fields);
    reserved = List.copyOf(reserved);
    messages = List.copyOf(messages);
    enums = List.copyOf(enums);
  }

  @Nullable ProtoMessage message(String wanted) {
    for (ProtoMessage message : messages) {
      if (message.name.equals(wanted)) {
        return message;
      }
    }
    return null;
  }

  @Nullable ProtoEnum enumeration(String wanted) {
    for (ProtoEnum candidate : enums) {
      if (candidate.name().equals(wanted)) {
        return candidate;
      }
    }
    return null;
  }

  ProtoField field(String wanted) {
    for (ProtoField field : fields) {
      if (field.name().equals(wanted)) {
        return field;
      }
    }
    throw new IllegalArgumentException("no field " + wanted);
  }
}
