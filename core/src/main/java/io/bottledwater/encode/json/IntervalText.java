package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.CivilTime;

/**
 * PostgreSQL's text of an interval under {@code IntervalStyle postgres}: {@code 1 year 2 mons -3
 * days +04:05:06.789}. A part after a negative one shows its plus sign. Stateless.
 */
public final class IntervalText {
  private static final byte[] YEAR = " year".getBytes(US_ASCII);
  private static final byte[] MONTH = " mon".getBytes(US_ASCII);
  private static final byte[] DAY = " day".getBytes(US_ASCII);

  private IntervalText() {}

  public static void write(ByteWriter out, int months, int days, long micros) {
    if (months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE) {
      CivilTime.writeInfinity(out, false);
      return;
    }
    if (months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE) {
      CivilTime.writeInfinity(out, true);
      return;
    }
    int start = out.position();
    int years = months / 12;
    int rest = months % 12;
    // Both have the sign of the months, so that only the days can follow a negative part.
    part(out, start, years, YEAR, false);
    part(out, start, rest, MONTH, false);
    part(out, start, days, DAY, months < 0);
    boolean empty = out.position() == start;
    if (micros != 0 || empty) {
      boolean plus = days < 0 || (days == 0 && months < 0);
      if (!empty) {
        out.writeByte(' ');
      }
      time(out, micros, plus);
    }
  }

  private static void part(
      ByteWriter out, int start, int value, byte[] unit, boolean afterNegative) {
    if (value == 0) {
      return;
    }
    if (out.position() != start) {
      out.writeByte(' ');
    }
    if (afterNegative && value > 0) {
      out.writeByte('+');
    }
    out.writeDigits(value);
    out.writeBytes(unit);
    if (value != 1) {
      out.writeByte('s');
    }
  }

  private static void time(ByteWriter out, long micros, boolean plus) {
    if (micros < 0) {
      out.writeByte('-');
    } else if (plus) {
      out.writeByte('+');
    }
    // Each quotient is taken before its sign, because the least long has no positive counterpart.
    long hours = Math.abs(micros / CivilTime.MICROS_PER_HOUR);
    long rest = Math.abs(micros % CivilTime.MICROS_PER_HOUR);
    if (hours < 100) {
      out.writePadded(hours, 2);
    } else {
      out.writeDigits(hours);
    }
    out.writeByte(':');
    out.writePadded(rest / CivilTime.MICROS_PER_MINUTE, 2);
    out.writeByte(':');
    out.writePadded(rest % CivilTime.MICROS_PER_MINUTE / CivilTime.MICROS_PER_SECOND, 2);
    CivilTime.writeFraction(out, (int) (rest % CivilTime.MICROS_PER_SECOND));
  }
}
