package io.bottledwater.type.debezium;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.CivilTime;
import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.SpecialValueException;

/**
 * Turns dates, times and intervals into the numbers and texts of {@code io.debezium.time}, with
 * {@code time.precision.mode=adaptive}. One thread only.
 */
final class DebeziumTimes extends ForwardingWriter {
  /** Below microseconds: what a column of this precision or less is written in. */
  static final int MILLIS_DIGITS = 3;

  private static final int MICROS_DIGITS = 6;
  private static final long MICROS_PER_MILLI = 1000;

  /** A twelfth of 365.25 days. */
  private static final long MICROS_PER_MONTH = 2_629_800_000_000L;

  /** What the JDBC driver takes for the infinities, in microseconds. */
  private static final long POSITIVE_INFINITY = 9_223_372_036_825_200_000L;

  private static final long NEGATIVE_INFINITY = -9_223_372_036_832_400_000L;

  private static final int PLAIN_YEARS = 9999;

  private final int digits;
  private final ByteWriter text = new ByteWriter(48);

  /**
   * @param digits of a second's fraction that the column holds
   */
  DebeziumTimes(int digits) {
    this.digits = digits;
  }

  @Override
  public void writeDate(int days) {
    out().writeInt(days);
  }

  @Override
  public void writeTime(long micros) {
    if (digits <= MILLIS_DIGITS) {
      out().writeInt((int) (micros / MICROS_PER_MILLI));
    } else {
      out().writeLong(micros);
    }
  }

  @Override
  public void writeTimestamp(long micros) {
    long finite =
        micros == Long.MAX_VALUE
            ? POSITIVE_INFINITY
            : micros == Long.MIN_VALUE ? NEGATIVE_INFINITY : micros;
    out().writeLong(digits <= MILLIS_DIGITS ? Math.floorDiv(finite, MICROS_PER_MILLI) : finite);
  }

  @Override
  public void writeTimestampTz(long micros) {
    text.reset();
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      CivilTime.writeInfinity(text, micros < 0);
    } else {
      long day = Math.floorDiv(micros, CivilTime.MICROS_PER_DAY);
      date(day);
      text.writeByte('T');
      time(micros - day * CivilTime.MICROS_PER_DAY);
      text.writeByte('Z');
    }
    out().writeString(text.array(), 0, text.position());
  }

  /** As ISO 8601 has years: 0 is 1 BC, and beyond four digits there is a sign. */
  private void date(long epochDay) {
    long civil = CivilTime.civil(epochDay);
    int year = CivilTime.year(civil);
    if (year < 0 || year > PLAIN_YEARS) {
      text.writeByte(year < 0 ? '-' : '+');
    }
    int shown = Math.abs(year);
    if (shown <= PLAIN_YEARS) {
      text.writePadded(shown, 4);
    } else {
      text.writeDigits(shown);
    }
    text.writeByte('-');
    text.writePadded(CivilTime.month(civil), 2);
    text.writeByte('-');
    text.writePadded(CivilTime.day(civil), 2);
  }

  /** With as many digits of the fraction as the column holds. */
  private void time(long micros) {
    long fraction = micros % CivilTime.MICROS_PER_SECOND;
    CivilTime.writeTime(text, micros - fraction);
    if (digits > 0) {
      for (int i = digits; i < MICROS_DIGITS; i++) {
        fraction /= 10;
      }
      text.writeByte('.');
      text.writePadded(fraction, digits);
    }
  }

  /**
   * A {@code timetz}, in UTC: {@code HH:MM:SS[.ffffff](+|-)HH[:MM[:SS]]}, checked by the one
   * before.
   */
  @Override
  public void writeString(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset + 8;
    long micros = seconds(bytes, offset, at) * CivilTime.MICROS_PER_SECOND;
    if (bytes[at] == '.') {
      long unit = CivilTime.MICROS_PER_SECOND;
      for (at++; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
        unit /= 10;
        micros += unit * (bytes[at] - '0');
      }
    }
    if (micros == CivilTime.MICROS_PER_DAY) {
      throw new SpecialValueException("24:00:00 with a zone");
    }
    long zone = seconds(bytes, at + 1, end) * CivilTime.MICROS_PER_SECOND;
    long utc = bytes[at] == '-' ? micros + zone : micros - zone;
    text.reset();
    CivilTime.writeTime(text, Math.floorMod(utc, CivilTime.MICROS_PER_DAY));
    text.writeByte('Z');
    out().writeString(text.array(), 0, text.position());
  }

  /** {@code HH[:MM[:SS]]}. */
  private static long seconds(byte[] bytes, int from, int end) {
    long seconds = 0;
    long unit = 3600;
    for (int at = from; at + 1 < end; at += 3) {
      seconds += unit * ((bytes[at] - '0') * 10 + bytes[at + 1] - '0');
      unit /= 60;
    }
    return seconds;
  }

  @Override
  public void writeInterval(int months, int days, long micros) {
    try {
      long whole =
          Math.addExact(
              Math.multiplyExact(MICROS_PER_MONTH, months),
              Math.multiplyExact(CivilTime.MICROS_PER_DAY, days));
      out().writeLong(Math.addExact(whole, micros));
    } catch (ArithmeticException e) {
      throw new SpecialValueException("an interval beyond 292,000 years");
    }
  }
}
