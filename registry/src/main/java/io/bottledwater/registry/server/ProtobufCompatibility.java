package io.bottledwater.registry.server;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a reader's Protobuf file reads what was written by a writer's. Names may change, since
 * only numbers are written. Not compatible are: a message that is gone, a number with another type,
 * a number that the writer keeps reserved, a required field or an alternative of a oneof that only
 * one side has, and several fields that were independent in one oneof.
 *
 * <p>Source: "Updating A Message Type" in Protobuf's language guide. Stateless.
 */
final class ProtobufCompatibility {
  private ProtobufCompatibility() {}

  static void compare(FileDescriptor reader, FileDescriptor writer, List<String> problems) {
    Map<String, Descriptor> readers = new LinkedHashMap<>();
    collect(reader.getMessageTypes(), "", readers);
    Map<String, Descriptor> writers = new LinkedHashMap<>();
    collect(writer.getMessageTypes(), "", writers);
    for (Map.Entry<String, Descriptor> written : writers.entrySet()) {
      Descriptor read = readers.get(written.getKey());
      if (read == null) {
        problems.add("message " + written.getKey() + " is missing");
      } else {
        compare(written.getKey(), read, written.getValue(), problems);
      }
    }
  }

  private static void collect(
      List<Descriptor> messages, String scope, Map<String, Descriptor> found) {
    for (Descriptor message : messages) {
      if (!message.getOptions().getMapEntry()) {
        found.put(scope + message.getName(), message);
        collect(message.getNestedTypes(), scope + message.getName() + ".", found);
      }
    }
  }

  private static void compare(
      String name, Descriptor reader, Descriptor writer, List<String> problems) {
    Map<String, Integer> movedInto = new HashMap<>();
    for (FieldDescriptor written : writer.getFields()) {
      FieldDescriptor read = reader.findFieldByNumber(written.getNumber());
      String where = name + " field " + written.getNumber() + " (" + written.getName() + ")";
      if (read == null) {
        if (written.isRequired()) {
          problems.add(where + " was required and is missing");
        } else if (written.getRealContainingOneof() != null) {
          problems.add(where + " was an alternative of a oneof and is missing");
        }
        continue;
      }
      String difference = difference(read, written);
      if (!difference.isEmpty()) {
        problems.add(where + " " + difference);
      }
      OneofDescriptor oneOf = read.getRealContainingOneof();
      if (oneOf != null && written.getRealContainingOneof() == null) {
        movedInto.merge(oneOf.getName(), 1, Integer::sum);
      }
    }
    movedInto.forEach(
        (oneOf, count) -> {
          if (count > 1) {
            problems.add(name + " has fields in oneof " + oneOf + " that were independent");
          }
        });
    for (FieldDescriptor read : reader.getFields()) {
      if (writer.findFieldByNumber(read.getNumber()) == null) {
        String where = name + " field " + read.getNumber() + " (" + read.getName() + ")";
        if (read.isRequired()) {
          problems.add(where + " is required and was not there");
        }
        if (writer.isReservedNumber(read.getNumber())) {
          problems.add(where + " has a number that was reserved");
        }
      }
    }
  }

  private static String difference(FieldDescriptor read, FieldDescriptor written) {
    if (read.isMapField() && written.isMapField()) {
      Descriptor readEntry = read.getMessageType();
      Descriptor writtenEntry = written.getMessageType();
      for (int number = 1; number <= 2; number++) {
        String inside =
            difference(readEntry.findFieldByNumber(number), writtenEntry.findFieldByNumber(number));
        if (!inside.isEmpty()) {
          return inside;
        }
      }
      return "";
    }
    if (read.isMapField() != written.isMapField() || read.isRepeated() != written.isRepeated()) {
      return "is not repeated as it was";
    }
    if (!wireKind(read).equals(wireKind(written))) {
      return "was of type " + typeName(written) + " and is of " + typeName(read);
    }
    if (read.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !localName(read.getMessageType()).equals(localName(written.getMessageType()))) {
      return "was a "
          + localName(written.getMessageType())
          + " and is a "
          + localName(read.getMessageType());
    }
    return "";
  }

  private static String typeName(FieldDescriptor field) {
    return field.getType().name().toLowerCase(Locale.ROOT);
  }

  /** Types with the same kind can be read as one another. */
  private static String wireKind(FieldDescriptor field) {
    return switch (field.getType()) {
      case INT32, UINT32, INT64, UINT64, BOOL, ENUM -> "varint";
      case SINT32, SINT64 -> "zigzag";
      case FIXED32, SFIXED32 -> "fixed32";
      case FIXED64, SFIXED64 -> "fixed64";
      case STRING, BYTES -> "bytes";
      default -> field.getType().name();
    };
  }

  /** Without the package, which may change. */
  private static String localName(Descriptor message) {
    String packageName = message.getFile().getPackage();
    return packageName.isEmpty()
        ? message.getFullName()
        : message.getFullName().substring(packageName.length() + 1);
  }
}
