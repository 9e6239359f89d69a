package io.bottledwater.encode.protobuf;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives numbers to the fields of a message, so that a number never changes its meaning: a field
 * that stood in an earlier version with the same name and type keeps its number, every other one
 * gets a number that no earlier version has used, and the numbers of fields that are gone stay
 * reserved. The same holds for the messages and enums inside; those that are no longer used stay,
 * since registries take their removal for a break. Stateless.
 */
final class FieldNumbers {
  private static final int HIGHEST = (1 << 29) - 1;

  /** Protobuf keeps these for itself. */
  private static final NumberRange KEPT_BY_PROTOBUF = new NumberRange(19_000, 19_999);

  private FieldNumbers() {}

  /**
   * @param wanted without numbers
   * @param earlier versions in their order; usually one or none, more when others have registered
   *     theirs at the same time
   */
  static ProtoMessage give(ProtoMessage wanted, List<ProtoMessage> earlier) {
    Map<Integer, ProtoField> owners = new HashMap<>();
    List<NumberRange> reserved = new ArrayList<>();
    for (ProtoMessage version : earlier) {
      for (ProtoField field : version.fields()) {
        owners.putIfAbsent(field.number(), field);
      }
      reserved.addAll(version.reserved());
    }
    int fresh = afterAll(owners.keySet(), reserved);
    List<ProtoField> fields = new ArrayList<>();
    Set<Integer> kept = new HashSet<>();
    for (ProtoField field : wanted.fields()) {
      Integer number = numberOf(field, owners, reserved);
      if (number == null) {
        fresh = nextFree(fresh, reserved, wanted.name());
        number = fresh++;
      }
      kept.add(number);
      fields.add(field.numbered(number));
    }
    for (int number : owners.keySet()) {
      if (!kept.contains(number)) {
        reserved.add(NumberRange.of(number));
      }
    }
    return new ProtoMessage(
        wanted.name(),
        wanted.comment(),
        fields,
        NumberRange.joined(reserved),
        messages(wanted, earlier),
        enums(wanted, earlier));
  }

  private static @Nullable Integer numberOf(
      ProtoField field, Map<Integer, ProtoField> owners, List<NumberRange> reserved) {
    for (Map.Entry<Integer, ProtoField> owner : owners.entrySet()) {
      if (field.isSameAs(owner.getValue()) && !NumberRange.contains(reserved, owner.getKey())) {
        return owner.getKey();
      }
    }
    return null;
  }

  /** The number after the highest that was ever used. */
  private static int afterAll(Set<Integer> used, List<NumberRange> reserved) {
    int highest = 0;
    for (int number : used) {
      highest = Math.max(highest, number);
    }
    for (NumberRange range : reserved) {
      // "to max" in somebody's own file is not a number that was used.
      highest = Math.max(highest, range.last() >= HIGHEST ? 0 : range.last());
    }
    return highest + 1;
  }

  private static int nextFree(int from, List<NumberRange> reserved, String message) {
    int number = from;
    while (number <= HIGHEST
        && (NumberRange.contains(reserved, number)
            || (KEPT_BY_PROTOBUF.first() <= number && number <= KEPT_BY_PROTOBUF.last()))) {
      number++;
    }
    if (number > HIGHEST) {
      throw new BottledWaterException(
          ErrorCode.SCHEMA_REFUSED,
          "No field number is left in the Protobuf message " + message + ".");
    }
    return number;
  }

  private static List<ProtoMessage> messages(ProtoMessage wanted, List<ProtoMessage> earlier) {
    Map<String, ProtoMessage> messages = new LinkedHashMap<>();
    for (ProtoMessage version : earlier) {
      for (ProtoMessage message : version.messages()) {
        if (isFree(message.name(), wanted)) {
          messages.put(message.name(), message);
        }
      }
    }
    for (ProtoMessage message : wanted.messages()) {
      List<ProtoMessage> versions = new ArrayList<>();
      for (ProtoMessage version : earlier) {
        ProtoMessage before = version.message(message.name());
        if (before != null) {
          versions.add(before);
        }
      }
      messages.put(message.name(), give(message, versions));
    }
    List<ProtoMessage> sorted = new ArrayList<>(messages.values());
    // So that using a type or not does not move the others.
    sorted.sort(Comparator.comparing(ProtoMessage::name));
    return sorted;
  }

  private static List<ProtoEnum> enums(ProtoMessage wanted, List<ProtoMessage> earlier) {
    Map<String, ProtoEnum> enums = new LinkedHashMap<>();
    for (ProtoMessage version : earlier) {
      for (ProtoEnum before : version.enums()) {
        if (isFree(before.name(), wanted)) {
          enums.put(before.name(), before);
        }
      }
    }
    for (ProtoEnum wantedEnum : wanted.enums()) {
      List<ProtoEnum> versions = new ArrayList<>();
      for (ProtoMessage version : earlier) {
        ProtoEnum before = version.enumeration(wantedEnum.name());
        if (before != null) {
          versions.add(before);
        }
      }
      enums.put(wantedEnum.name(), give(wantedEnum, versions));
    }
    List<ProtoEnum> sorted = new ArrayList<>(enums.values());
    sorted.sort(Comparator.comparing(ProtoEnum::name));
    return sorted;
  }

  /** A column may have got the name of a type that is no longer used, and then needs it. */
  private static boolean isFree(String name, ProtoMessage wanted) {
    for (ProtoField field : wanted.fields()) {
      if (field.name().equals(name)) {
        return false;
      }
    }
    return true;
  }

  private static ProtoEnum give(ProtoEnum wanted, List<ProtoEnum> earlier) {
    Map<Integer, String> owners = new HashMap<>();
    List<NumberRange> reserved = new ArrayList<>();
    for (ProtoEnum version : earlier) {
      for (ProtoEnum.Value value : version.values()) {
        owners.putIfAbsent(value.number(), value.name());
      }
      reserved.addAll(version.reserved());
    }
    int fresh = earlier.isEmpty() ? 0 : afterAll(owners.keySet(), reserved);
    List<ProtoEnum.Value> values = new ArrayList<>();
    Set<Integer> kept = new HashSet<>();
    for (ProtoEnum.Value value : wanted.values()) {
      Integer number = null;
      for (Map.Entry<Integer, String> owner : owners.entrySet()) {
        if (owner.getValue().equals(value.name())
            && !NumberRange.contains(reserved, owner.getKey())) {
          number = owner.getKey();
        }
      }
      if (number == null) {
        fresh = nextFree(fresh, reserved, wanted.name());
        number = fresh++;
      }
      kept.add(number);
      values.add(new ProtoEnum.Value(value.name(), number, value.comment()));
    }
    for (int number : owners.keySet()) {
      if (!kept.contains(number)) {
        reserved.add(NumberRange.of(number));
      }
    }
    return new ProtoEnum(wanted.name(), values, NumberRange.joined(reserved));
  }
}
