package io.bottledwater.encode.protobuf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An enum's declaration; its first value is zero and stands for none. */
record ProtoEnum(String name, List<Value> values, List<NumberRange> reserved) {
  /**
   * @param number -1 while none has been given
   * @param comment the label, as PostgreSQL has it
   */
  record Value(String name, int number, @Nullable String comment) {}

  ProtoEnum {
    values = List.copyOf(values);
    reserved = List.copyOf(reserved);
  }
}
