package io.bottledwater.type;

import io.bottledwater.bytes.BigEndian;
import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.MalformedValueException;

/**
 * The layout of {@code numeric_send}, all numbers big-endian:
 *
 * <pre>
 *  0      2        4      6         8
 *  +------+--------+------+---------+--------+--------+--
 *  |ndigit| weight | sign | dscale  | digit0 | digit1 | ...    digits in base 10,000
 *  +------+--------+------+---------+--------+--------+--
 *
 *  value = digit0 * 10000^weight + digit1 * 10000^(weight-1) + ...
 * </pre>
 *
 * {@code dscale} is the number of decimal places shown. The server sends no leading zero digit and
 * no negative zero. Source: {@code numeric.c}, "numeric_send". One thread only.
 */
final class NumericWire {
  static final int DIGITS_PER_GROUP = 4;

  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int PLUS_INFINITY = 0xD000;
  private static final int MINUS_INFINITY = 0xF000;
  private static final int BASE = 10_000;
  private static final int HEADER = 8;
  private static final int MAX_SCALE = 0x3FFF;
  private static final int[] POWERS_OF_TEN = {1, 10, 100, 1000};
  private static final String FORM = "numeric";

  private byte[] bytes = {};
  private int first;
  private int groups;
  private int weight;
  private int sign;
  private int scale;

  /** Reads the header and checks that the digits are there. */
  void open(byte[] source, int offset, int length) {
    if (length < HEADER) {
      throw new MalformedValueException(FORM, length);
    }
    bytes = source;
    first = offset + HEADER;
    groups = BigEndian.int16(source, offset);
    weight = BigEndian.int16(source, offset + 2);
    sign = BigEndian.int16(source, offset + 4) & 0xFFFF;
    scale = BigEndian.int16(source, offset + 6);
    if (groups < 0 || length != HEADER + 2 * groups) {
      throw new MalformedValueException(FORM, 0);
    }
    if (sign == POSITIVE || sign == NEGATIVE) {
      if (scale < 0 || scale > MAX_SCALE) {
        throw new MalformedValueException(FORM, 6);
      }
      if (groups == 0 ? sign == NEGATIVE : group(weight) == 0) {
        throw new MalformedValueException(FORM, HEADER);
      }
    } else if (!isSpecial() || groups != 0) {
      throw new MalformedValueException(FORM, 4);
    }
  }

  boolean isSpecial() {
    return sign == NAN || sign == PLUS_INFINITY || sign == MINUS_INFINITY;
  }

  /** PostgreSQL's text of a value that is no number. */
  byte[] specialText() {
    return sign == NAN
        ? NumericText.NAN
        : sign == PLUS_INFINITY ? NumericText.INFINITY : NumericText.MINUS_INFINITY;
  }

  boolean isNegative() {
    return sign == NEGATIVE;
  }

  /** The power of ten thousand that the first group stands for; -1 or less for fractions. */
  int weight() {
    return groups == 0 ? -1 : weight;
  }

  int scale() {
    return scale;
  }

  /** The group that stands for {@code 10000^power}; 0 where none was sent. */
  int group(int power) {
    int index = weight - power;
    if (index < 0 || index >= groups) {
      return 0;
    }
    int digit = BigEndian.int16(bytes, first + 2 * index);
    if (digit < 0 || digit >= BASE) {
      throw new MalformedValueException(FORM, HEADER + 2 * index);
    }
    return digit;
  }

  /** Whether this and all lower groups are zero. */
  boolean isZeroFrom(int power) {
    int last = weight - groups + 1;
    for (int p = Math.min(power, weight); p >= last; p--) {
      if (group(p) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes the sign, all digits before the point, at least one, and {@code places} after it.
   *
   * @param point whether to write the point itself
   * @return whether nothing but zeros was left over
   */
  boolean writeDigits(int places, boolean point, ByteWriter out) {
    if (sign == NEGATIVE) {
      out.writeByte('-');
    }
    out.writeDigits(weight() < 0 ? 0 : group(weight));
    for (int power = weight() - 1; power >= 0; power--) {
      out.writePadded(group(power), DIGITS_PER_GROUP);
    }
    if (point && places > 0) {
      out.writeByte('.');
    }
    int power = -1;
    int left = places;
    for (; left >= DIGITS_PER_GROUP; left -= DIGITS_PER_GROUP) {
      out.writePadded(group(power--), DIGITS_PER_GROUP);
    }
    if (left > 0) {
      int group = group(power--);
      int cut = POWERS_OF_TEN[DIGITS_PER_GROUP - left];
      out.writePadded(group / cut, left);
      if (group % cut != 0) {
        return false;
      }
    }
    return isZeroFrom(power);
  }
}
