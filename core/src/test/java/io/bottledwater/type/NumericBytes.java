package io.bottledwater.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** The bytes that {@code numeric_send} gives for a number, made by arithmetic on big integers. */
final class NumericBytes {
  private static final BigInteger BASE = BigInteger.valueOf(10_000);

  private NumericBytes() {}

  static byte[] of(String decimal) {
    BigDecimal value = new BigDecimal(decimal);
    int scale = Math.max(0, value.scale());
    int fractionGroups = (scale + 3) / 4;
    BigInteger rest = value.abs().movePointRight(fractionGroups * 4).toBigIntegerExact();
    Deque<Integer> groups = new ArrayDeque<>();
    while (rest.signum() != 0) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      groups.addFirst(parts[1].intValue());
      rest = parts[0];
    }
    int weight = groups.size() - 1 - fractionGroups;
    while (!groups.isEmpty() && groups.peekLast() == 0) {
      groups.removeLast();
    }
    int[] digits = groups.stream().mapToInt(Integer::intValue).toArray();
    return raw(
        digits.length,
        digits.length == 0 ? 0 : weight,
        value.signum() < 0 ? 0x4000 : 0,
        scale,
        digits);
  }

  static byte[] special(int sign) {
    return raw(0, 0, sign, 0);
  }

  static byte[] raw(int count, int weight, int sign, int scale, int... digits) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * digits.length);
    bytes.putShort((short) count).putShort((short) weight);
    bytes.putShort((short) sign).putShort((short) scale);
    for (int digit : digits) {
      bytes.putShort((short) digit);
    }
    return bytes.array();
  }
}
