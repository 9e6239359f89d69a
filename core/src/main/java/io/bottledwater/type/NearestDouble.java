package io.bottledwater.type;

import java.math.BigInteger;

/**
 * The double nearest to {@code w * 10^q}, by one or two 64-bit multiplications with a table of
 * powers of ten. Stateless.
 *
 * <p>Source: D. Lemire, "Number Parsing at a Gigabyte per Second" (2021), after M. Eisel.
 */
final class NearestDouble {
  /** What {@link #of} gives when it cannot tell: the caller takes the exact, slower way. */
  static final double UNDECIDED = -1;

  private static final int LEAST_POWER = -342;
  private static final int MOST_POWER = 308;
  private static final int SIGNIFICAND_BITS = 52;
  private static final int EXPONENT_BIAS = 1023;
  private static final int INFINITE_EXPONENT = 2047;

  /** The leading 128 bits of each power of five: high word, low word. */
  private static final long[] POWERS = powers();

  private NearestDouble() {}

  /**
   * @param w not zero, unsigned
   * @return a number that is not negative, or {@link #UNDECIDED}
   */
  static double of(long w, int q) {
    if (q < LEAST_POWER || q > MOST_POWER) {
      return UNDECIDED;
    }
    int leadingZeros = Long.numberOfLeadingZeros(w);
    long normalized = w << leadingZeros;
    int index = 2 * (q - LEAST_POWER);
    long high = multiplyHighUnsigned(normalized, POWERS[index]);
    long low = normalized * POWERS[index];
    if ((high & 0x1FF) == 0x1FF) {
      // The bits below those that count are all ones: the table's next word may carry into them.
      long more = multiplyHighUnsigned(normalized, POWERS[index + 1]);
      low += more;
      if (Long.compareUnsigned(low, more) < 0) {
        high++;
      }
      if (low == -1L && (q < -27 || q > 55)) {
        return UNDECIDED;
      }
    }
    int upperBit = (int) (high >>> 63);
    long mantissa = high >>> (upperBit + 64 - SIGNIFICAND_BITS - 3);
    int power = (int) ((217_706L * q) >> 16) + 63;
    int exponent = power + upperBit - leadingZeros + EXPONENT_BIAS;
    if (exponent <= 0) {
      return UNDECIDED;
    }
    boolean half =
        Long.compareUnsigned(low, 1) <= 0
            && q >= -4
            && q <= 23
            && (mantissa & 3) == 1
            && mantissa << (upperBit + 64 - SIGNIFICAND_BITS - 3) == high;
    if (half) {
      // Exactly between two doubles: to the even one.
      mantissa &= ~1L;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa >= 1L << (SIGNIFICAND_BITS + 1)) {
      mantissa = 1L << SIGNIFICAND_BITS;
      exponent++;
    }
    if (exponent >= INFINITE_EXPONENT) {
      return UNDECIDED;
    }
    return Double.longBitsToDouble(
        (mantissa & ~(1L << SIGNIFICAND_BITS)) | (long) exponent << SIGNIFICAND_BITS);
  }

  private static long multiplyHighUnsigned(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }

  private static long[] powers() {
    long[] table = new long[2 * (MOST_POWER - LEAST_POWER + 1)];
    for (int q = LEAST_POWER; q <= MOST_POWER; q++) {
      BigInteger five = BigInteger.valueOf(5).pow(Math.abs(q));
      BigInteger bits;
      if (q >= 0) {
        int shift = 128 - five.bitLength();
        bits = shift >= 0 ? five.shiftLeft(shift) : five.shiftRight(-shift);
      } else {
        // Reciprocals are rounded up, truncated powers down: the error bound of the source.
        int shift = 127 + five.bitLength();
        bits = BigInteger.ONE.shiftLeft(shift).divide(five).add(BigInteger.ONE);
        bits = bits.shiftRight(Math.max(0, bits.bitLength() - 128));
      }
      int index = 2 * (q - LEAST_POWER);
      table[index] = bits.shiftRight(64).longValue();
      table[index + 1] = bits.longValue();
    }
    return table;
  }
}
