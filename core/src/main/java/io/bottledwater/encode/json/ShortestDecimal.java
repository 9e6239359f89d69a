package io.bottledwater.encode.json;

import java.math.BigInteger;

/**
 * The shortest decimal number that lies nearer to a given binary one than to any other of its type;
 * of several, the nearest. One thread only.
 *
 * <p>Source: R. Giulietti, "The Schubfach way to render doubles" (2021), whose names are in the
 * comments. The one table, made for doubles, serves floats as well: their bounds are doubles too.
 */
final class ShortestDecimal {
  private static final int LEAST_POWER = -292;
  private static final int MOST_POWER = 324;

  /** Upper and lower 63 bits of each power of ten, scaled to 126 bits and rounded up: g. */
  private static final long[] POWERS = powers();

  private static final long MASK_63 = Long.MAX_VALUE;

  private long digits;
  private int exponent;

  /** The digits found, without trailing zeros. */
  long digits() {
    return digits;
  }

  /** The power of ten of the last digit. */
  int exponent() {
    return exponent;
  }

  /**
   * @param value finite; its sign is left out of account
   * @return whether it is zero, for which there are no digits
   */
  boolean of(double value) {
    long bits = Double.doubleToRawLongBits(value) & Long.MAX_VALUE;
    int biased = (int) (bits >>> 52);
    long fraction = bits & ((1L << 52) - 1);
    if (bits == 0) {
      return true;
    }
    if (biased == 0) {
      find(fraction, -1074, true);
    } else {
      find(fraction | 1L << 52, biased - 1075, fraction != 0 || biased == 1);
    }
    return false;
  }

  /**
   * @param value finite; its sign is left out of account
   * @return whether it is zero, for which there are no digits
   */
  boolean of(float value) {
    int bits = Float.floatToRawIntBits(value) & Integer.MAX_VALUE;
    int biased = bits >>> 23;
    int fraction = bits & ((1 << 23) - 1);
    if (bits == 0) {
      return true;
    }
    if (biased == 0) {
      find(fraction, -149, true);
    } else {
      find(fraction | 1 << 23, biased - 150, fraction != 0 || biased == 1);
    }
    return false;
  }

  /**
   * For {@code c * 2^q}.
   *
   * @param regular whether the next lower number is as far away as the next higher
   */
  private void find(long c, int q, boolean regular) {
    long odd = c & 1;
    long middle = c << 2;
    long lower = regular ? middle - 2 : middle - 1;
    long upper = middle + 2;
    int k = regular ? floorLog10Pow2(q) : floorLog10ThreeQuartersPow2(q);
    int h = q + floorLog2Pow10(-k) + 2;
    int index = 2 * (-k - LEAST_POWER);
    long g1 = POWERS[index];
    long g0 = POWERS[index + 1];
    long vb = roundToOdd(g1, g0, middle << h);
    long vbl = roundToOdd(g1, g0, lower << h) + odd;
    long vbr = roundToOdd(g1, g0, upper << h) - odd;
    long s = vb >> 2;
    if (s >= 10) {
      // One digit fewer, if exactly one such number is inside the bounds.
      long below = s / 10 * 10;
      boolean belowInside = vbl <= below << 2;
      boolean aboveInside = (below + 10) << 2 <= vbr;
      if (belowInside != aboveInside) {
        strip(belowInside ? below : below + 10, k);
        return;
      }
    }
    boolean belowInside = vbl <= s << 2;
    boolean aboveInside = (s + 1) << 2 <= vbr;
    if (belowInside != aboveInside) {
      strip(belowInside ? s : s + 1, k);
      return;
    }
    long distance = vb - ((s + s + 1) << 1);
    strip(distance < 0 || (distance == 0 && (s & 1) == 0) ? s : s + 1, k);
  }

  private void strip(long number, int power) {
    long rest = number;
    int k = power;
    while (rest % 100_000_000 == 0) {
      rest /= 100_000_000;
      k += 8;
    }
    while (rest % 10 == 0) {
      rest /= 10;
      k++;
    }
    digits = rest;
    exponent = k;
  }

  /** {@code rop}: the product with a power of ten, its last bit set where anything was cut off. */
  private static long roundToOdd(long g1, long g0, long cp) {
    long x1 = Math.multiplyHigh(g0, cp);
    long y0 = g1 * cp;
    long y1 = Math.multiplyHigh(g1, cp);
    long z = (y0 >>> 1) + x1;
    long w = y1 + (z >>> 63);
    return w | ((z & MASK_63) + MASK_63) >>> 63;
  }

  private static int floorLog10Pow2(int e) {
    return (int) (e * 661_971_961_083L >> 41);
  }

  private static int floorLog10ThreeQuartersPow2(int e) {
    return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
  }

  private static int floorLog2Pow10(int e) {
    return (int) (e * 913_124_641_741L >> 38);
  }

  private static long[] powers() {
    long[] table = new long[2 * (MOST_POWER - LEAST_POWER + 1)];
    for (int e = LEAST_POWER; e <= MOST_POWER; e++) {
      BigInteger ten = BigInteger.TEN.pow(Math.abs(e));
      int shift = 125 - floorLog2Pow10(e);
      BigInteger scaled;
      if (e >= 0) {
        scaled = shift >= 0 ? ten.shiftLeft(shift) : ten.shiftRight(-shift);
      } else {
        scaled = BigInteger.ONE.shiftLeft(shift).divide(ten);
      }
      BigInteger g = scaled.add(BigInteger.ONE);
      int index = 2 * (e - LEAST_POWER);
      table[index] = g.shiftRight(63).longValueExact();
      table[index + 1] = g.longValue() & MASK_63;
    }
    return table;
  }
}
