package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bottledwater.value.MalformedValueException;

/**
 * PostgreSQL's text of floating-point numbers: {@code [-]digits[.digits][e(+|-)digits]}, {@code
 * NaN}, {@code Infinity}, {@code -Infinity}. The result is the nearest number, as the server itself
 * would read it. One thread only.
 */
public final class FloatText {
  private static final byte[] NAN = "NaN".getBytes(ISO_8859_1);
  private static final byte[] INFINITY = "Infinity".getBytes(ISO_8859_1);

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long MAX_EXACT_DOUBLE = 1L << 53;
  private static final long ROOM_FOR_A_DIGIT = 999_999_999_999_999_999L;

  /** Bits of a double below a float's last, and their pattern half-way between two floats. */
  private static final long BELOW_FLOAT = (1L << 29) - 1;

  private static final long HALF_OF_FLOAT = 1L << 28;

  private final String form;
  private final TextCursor cursor;

  /** A decimal number as scanned: {@code significand * 10^exponent}, the significand unsigned. */
  private long significand;

  private int exponent;
  private boolean negative;

  /** Whether digits were left out of the significand because it was full. */
  private boolean truncated;

  /**
   * @param form what the text is, for messages
   */
  public FloatText(String form) {
    this.form = form;
    this.cursor = new TextCursor(form);
  }

  public double parseDouble(byte[] bytes, int offset, int length) {
    if (!scan(bytes, offset, length)) {
      return special(bytes, offset, length);
    }
    double value = nearestDouble(bytes, offset, length);
    return negative ? -value : value;
  }

  float parseFloat(byte[] bytes, int offset, int length) {
    if (!scan(bytes, offset, length)) {
      return (float) special(bytes, offset, length);
    }
    double value = nearestDouble(bytes, offset, length);
    boolean roundedTwice =
        (Double.doubleToRawLongBits(value) & BELOW_FLOAT) == HALF_OF_FLOAT
            || (value < Float.MIN_NORMAL && significand != 0);
    float nearest =
        roundedTwice
            ? Math.abs(Float.parseFloat(new String(bytes, offset, length, ISO_8859_1)))
            : (float) value;
    if (Float.isInfinite(nearest)) {
      throw new MalformedValueException(form, length);
    }
    return negative ? -nearest : nearest;
  }

  private double nearestDouble(byte[] bytes, int offset, int length) {
    if (!truncated) {
      if (significand == 0) {
        return 0;
      }
      // Both operands are exact, so that IEEE arithmetic rounds once.
      if (significand > 0 && significand <= MAX_EXACT_DOUBLE) {
        if (exponent >= 0 && exponent <= 22) {
          return significand * POWERS_OF_TEN[exponent];
        }
        if (exponent < 0 && exponent >= -22) {
          return significand / POWERS_OF_TEN[-exponent];
        }
      }
      double value = NearestDouble.of(significand, exponent);
      if (value >= 0) {
        return value;
      }
    }
    double value = Math.abs(Double.parseDouble(new String(bytes, offset, length, ISO_8859_1)));
    if (Double.isInfinite(value)) {
      throw new MalformedValueException(form, length);
    }
    return value;
  }

  /** False when the text is not a finite number. */
  private boolean scan(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    negative = i < end && bytes[i] == '-';
    if (negative) {
      i++;
    }
    if (i == end || bytes[i] < '0' || bytes[i] > '9') {
      return false;
    }
    long digits = 0;
    boolean full = false;
    int scale = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      if (digits > ROOM_FOR_A_DIGIT || digits < 0) {
        full = true;
        scale++;
      } else {
        digits = digits * 10 + digit;
      }
    }
    if (i < end && bytes[i] == '.') {
      int first = ++i;
      for (; i < end; i++) {
        int digit = bytes[i] - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        if (digits > ROOM_FOR_A_DIGIT || digits < 0) {
          full = true;
        } else {
          digits = digits * 10 + digit;
          scale--;
        }
      }
      if (i == first) {
        throw new MalformedValueException(form, i - offset);
      }
    }
    if (i < end) {
      scale += scanExponent(bytes, offset, i, end);
    }
    significand = digits;
    exponent = scale;
    truncated = full;
    return true;
  }

  private int scanExponent(byte[] bytes, int offset, int from, int end) {
    cursor.open(bytes, offset, end - offset);
    cursor.skipTo(from);
    cursor.expect('e');
    boolean minus = cursor.take('-');
    if (!minus) {
      cursor.take('+');
    }
    int value = (int) cursor.digits(1, 4);
    cursor.expectEnd();
    return minus ? -value : value;
  }

  private double special(byte[] bytes, int offset, int length) {
    cursor.open(bytes, offset, length);
    double value;
    if (cursor.take(NAN)) {
      value = Double.NaN;
    } else if (cursor.take('-')) {
      if (!cursor.take(INFINITY)) {
        throw cursor.malformed();
      }
      value = Double.NEGATIVE_INFINITY;
    } else if (cursor.take(INFINITY)) {
      value = Double.POSITIVE_INFINITY;
    } else {
      throw cursor.malformed();
    }
    cursor.expectEnd();
    return value;
  }
}
