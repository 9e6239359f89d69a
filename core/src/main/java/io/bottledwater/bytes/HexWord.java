package io.bottledwater.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight hexadecimal digits at a time, lower case, by arithmetic on one long. Stateless. */
public final class HexWord {
  /** Bytes in {@link #write} and {@link #read}. */
  public static final int LENGTH = 8;

  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long LOW_NIBBLES = 0x0F * ONES;

  private HexWord() {}

  /** Writes the value's eight digits. */
  public static void write(byte[] target, int at, int value) {
    INT64.set(target, at, digits(value & 0xFFFF_FFFFL));
  }

  /**
   * @return the value of the eight digits, from 0 to 2^32 - 1, or -1 when they are no lower-case
   *     hexadecimal digits
   */
  public static long read(byte[] source, int at) {
    return value((long) INT64.get(source, at));
  }

  /** As {@link #read}, from twice four digits with one byte between them. */
  public static long readAroundDash(byte[] source, int at) {
    long first = (int) INT32.get(source, at);
    long second = (int) INT32.get(source, at + 5) & 0xFFFF_FFFFL;
    return value(first << 32 | second);
  }

  /** As {@link #write}, leaving out one byte after four digits. */
  public static void writeAroundDash(byte[] target, int at, int value) {
    long ascii = digits(value & 0xFFFF_FFFFL);
    INT32.set(target, at, (int) (ascii >>> 32));
    INT32.set(target, at + 5, (int) ascii);
  }

  /** Eight ASCII digits in a long, the first in the highest byte. */
  private static long digits(long value) {
    long x = (value | value << 16) & 0x0000_FFFF_0000_FFFFL;
    x = (x | x << 8) & 0x00FF_00FF_00FF_00FFL;
    x = (x | x << 4) & LOW_NIBBLES;
    // Six more than nine carries into the upper half.
    long letters = (x + 6 * ONES) >>> 4 & ONES;
    return x + '0' * ONES + letters * ('a' - '0' - 10);
  }

  private static long value(long ascii) {
    long letters = ascii >>> 6 & ONES;
    long x = (ascii & LOW_NIBBLES) + letters * 9 & LOW_NIBBLES;
    x = (x | x >>> 4) & 0x00FF_00FF_00FF_00FFL;
    x = (x | x >>> 8) & 0x0000_FFFF_0000_FFFFL;
    x = (x | x >>> 16) & 0xFFFF_FFFFL;
    // Any other byte would not come back as itself.
    return digits(x) == ascii ? x : -1;
  }
}
