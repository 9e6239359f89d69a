package io.bottledwater.type;

import io.bottledwater.value.MalformedValueException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian numbers of PostgreSQL's send functions. Callers check the value's length first. */
final class Wire {
  private static final VarHandle INT16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Wire() {}

  static short int16(byte[] bytes, int offset) {
    return (short) INT16.get(bytes, offset);
  }

  static int int32(byte[] bytes, int offset) {
    return (int) INT32.get(bytes, offset);
  }

  static long int64(byte[] bytes, int offset) {
    return (long) INT64.get(bytes, offset);
  }

  static void requireLength(int length, int expected, String form) {
    if (length != expected) {
      throw new MalformedValueException(form, Math.min(length, expected));
    }
  }
}
