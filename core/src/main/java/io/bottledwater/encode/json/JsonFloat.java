package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;

/**
 * Floating-point numbers in PostgreSQL's own form: the fewest digits that give the same number
 * back, with an exponent below 1e-4 and from 1e15 (real: 1e6) on. NaN and the infinities, which
 * JSON lacks, become strings. One thread only.
 */
public final class JsonFloat {
  private static final byte[] NAN = "\"NaN\"".getBytes(US_ASCII);
  private static final byte[] INFINITY = "\"Infinity\"".getBytes(US_ASCII);
  private static final byte[] MINUS_INFINITY = "\"-Infinity\"".getBytes(US_ASCII);

  private static final int LEAST_PLAIN_EXPONENT = -4;
  private static final int DOUBLE_PLAIN_DIGITS = 15;
  private static final int FLOAT_PLAIN_DIGITS = 6;

  private final ShortestDecimal shortest = new ShortestDecimal();

  public void write(ByteWriter out, double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      special(out, value);
      return;
    }
    boolean zero = shortest.of(value);
    finite(out, zero, Double.doubleToRawLongBits(value) < 0, DOUBLE_PLAIN_DIGITS);
  }

  public void write(ByteWriter out, float value) {
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      special(out, value);
      return;
    }
    boolean zero = shortest.of(value);
    finite(out, zero, Float.floatToRawIntBits(value) < 0, FLOAT_PLAIN_DIGITS);
  }

  private static void special(ByteWriter out, double value) {
    out.writeBytes(Double.isNaN(value) ? NAN : value > 0 ? INFINITY : MINUS_INFINITY);
  }

  private void finite(ByteWriter out, boolean zero, boolean negative, int plainDigits) {
    if (negative) {
      out.writeByte('-');
    }
    if (zero) {
      out.writeByte('0');
      return;
    }
    int start = out.position();
    out.writeDigits(shortest.digits());
    int count = out.position() - start;
    int leadingExponent = shortest.exponent() + count - 1;
    if (leadingExponent < LEAST_PLAIN_EXPONENT || leadingExponent >= plainDigits) {
      out.insertPoint(start, count - 1);
      exponent(out, leadingExponent);
    } else if (shortest.exponent() < 0) {
      out.insertPoint(start, -shortest.exponent());
    } else {
      out.writeRepeated('0', shortest.exponent());
    }
  }

  private static void exponent(ByteWriter out, int exponent) {
    out.writeByte('e');
    out.writeByte(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    out.writePadded(magnitude, magnitude < 100 ? 2 : 3);
  }
}
