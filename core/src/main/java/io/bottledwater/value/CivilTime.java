package io.bottledwater.value;

import io.bottledwater.bytes.ByteWriter;

/**
 * Calendar arithmetic in the proleptic Gregorian calendar, and PostgreSQL's ISO text of dates and
 * times. Stateless.
 *
 * <p>Source: PostgreSQL manual, "Date/Time Output" and appendix "Date/Time Support".
 */
public final class CivilTime {
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  public static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  public static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  private static final int DAYS_PER_ERA = 146_097;
  private static final int DAYS_FROM_MARCH_0000_TO_1970 = 719_468;
  private static final byte[] INFINITY = {'i', 'n', 'f', 'i', 'n', 'i', 't', 'y'};

  private CivilTime() {}

  /**
   * Days since 1970-01-01.
   *
   * @param year astronomical: 0 is 1 BC
   * @param month 1 to 12
   */
  public static long epochDay(int year, int month, int day) {
    // Years are counted from March, so that the leap day is a year's last.
    int shifted = month > 2 ? year : year - 1;
    int era = Math.floorDiv(shifted, 400);
    int yearOfEra = shifted - era * 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (long) era * DAYS_PER_ERA + dayOfEra - DAYS_FROM_MARCH_0000_TO_1970;
  }

  /**
   * The date of a day: {@link #year}, {@link #month} and {@link #day} take it apart.
   *
   * @param epochDay days since 1970-01-01
   */
  public static long civil(long epochDay) {
    long days = epochDay + DAYS_FROM_MARCH_0000_TO_1970;
    long era = Math.floorDiv(days, (long) DAYS_PER_ERA);
    int dayOfEra = (int) (days - era * DAYS_PER_ERA);
    int yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / (DAYS_PER_ERA - 1)) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | (dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
  }

  /** Astronomical: 0 is 1 BC. */
  public static int year(long civil) {
    return (int) (civil >> 16);
  }

  /** 1 to 12. */
  public static int month(long civil) {
    return (int) (civil >> 8) & 0xFF;
  }

  public static int day(long civil) {
    return (int) civil & 0xFF;
  }

  public static int daysInMonth(int year, int month) {
    if (month == 2) {
      boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
      return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** {@code YYYY-MM-DD}, years beyond 9999 with all their digits, years before 1 with " BC". */
  public static void writeDate(ByteWriter out, long epochDay) {
    if (writeYearMonthDay(out, epochDay)) {
      writeBc(out);
    }
  }

  /** {@code HH:MM:SS[.ffffff]}, trailing zeros of the fraction left out; 24:00:00 included. */
  public static void writeTime(ByteWriter out, long microsOfDay) {
    long seconds = microsOfDay / MICROS_PER_SECOND;
    int at = out.skip(8);
    byte[] target = out.array();
    twoDigits(target, at, (int) (seconds / 3600));
    target[at + 2] = ':';
    twoDigits(target, at + 3, (int) (seconds / 60 % 60));
    target[at + 5] = ':';
    twoDigits(target, at + 6, (int) (seconds % 60));
    writeFraction(out, (int) (microsOfDay - seconds * MICROS_PER_SECOND));
  }

  /** A point and up to six digits, or nothing when the fraction is zero. */
  public static void writeFraction(ByteWriter out, int micros) {
    if (micros == 0) {
      return;
    }
    int width = 6;
    int digits = micros;
    while (digits % 10 == 0) {
      digits /= 10;
      width--;
    }
    out.writeByte('.');
    out.writePadded(digits, width);
  }

  /**
   * {@code YYYY-MM-DDTHH:MM:SS[.ffffff]}, as PostgreSQL writes timestamps into JSON; with {@code
   * +00:00} when they have a zone, and " BC" last.
   */
  public static void writeTimestamp(ByteWriter out, long epochMicros, boolean zone) {
    long day = Math.floorDiv(epochMicros, MICROS_PER_DAY);
    boolean bc = writeYearMonthDay(out, day);
    out.writeByte('T');
    writeTime(out, epochMicros - day * MICROS_PER_DAY);
    if (zone) {
      int at = out.skip(6);
      byte[] target = out.array();
      target[at] = '+';
      twoDigits(target, at + 1, 0);
      target[at + 3] = ':';
      twoDigits(target, at + 4, 0);
    }
    if (bc) {
      writeBc(out);
    }
  }

  public static void writeInfinity(ByteWriter out, boolean negative) {
    if (negative) {
      out.writeByte('-');
    }
    out.writeBytes(INFINITY);
  }

  /** Two ASCII digits of a number from 0 to 99. */
  public static void twoDigits(byte[] target, int at, int value) {
    int tens = value / 10;
    target[at] = (byte) ('0' + tens);
    target[at + 1] = (byte) ('0' + value - tens * 10);
  }

  private static boolean writeYearMonthDay(ByteWriter out, long epochDay) {
    long date = civil(epochDay);
    long year = year(date);
    long shown = year > 0 ? year : 1 - year;
    if (shown < 10_000) {
      out.writePadded(shown, 4);
    } else {
      out.writeDigits(shown);
    }
    int at = out.skip(6);
    byte[] target = out.array();
    target[at] = '-';
    twoDigits(target, at + 1, month(date));
    target[at + 3] = '-';
    twoDigits(target, at + 4, day(date));
    return year <= 0;
  }

  private static void writeBc(ByteWriter out) {
    out.writeByte(' ');
    out.writeByte('B');
    out.writeByte('C');
  }
}
