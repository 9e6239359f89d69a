package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bottledwater.value.CivilTime;

/**
 * Parts of PostgreSQL's ISO text of dates and times, each read where the cursor stands. Reused from
 * value to value; one thread only.
 */
final class DateTimeText {
  /** PostgreSQL counts from 2000-01-01. */
  static final long DAYS_FROM_1970_TO_2000 = 10_957;

  /** 4714-11-24 BC and 5874897-12-31 in days since 1970: what {@code date} holds. */
  private static final long FIRST_DATE = -2_440_588;

  private static final long LAST_DATE = 2_147_483_493L - 2_440_588;

  private static final byte[] INFINITY = "infinity".getBytes(US_ASCII);
  private static final byte[] MINUS_INFINITY = "-infinity".getBytes(US_ASCII);
  private static final byte[] BC = " BC".getBytes(US_ASCII);

  private final TextCursor cursor;
  private int year;
  private int month;
  private int day;

  DateTimeText(String form) {
    this.cursor = new TextCursor(form);
  }

  TextCursor open(byte[] bytes, int offset, int length) {
    cursor.open(bytes, offset, length);
    return cursor;
  }

  /** 1 or -1 when the whole text is an infinity, else 0. */
  int infinity() {
    if (cursor.nextIsDigit()) {
      return 0;
    }
    int sign = cursor.take(INFINITY) ? 1 : cursor.take(MINUS_INFINITY) ? -1 : 0;
    cursor.expectEnd();
    return sign;
  }

  void yearMonthDay() {
    year = (int) cursor.digits(4, 7);
    cursor.expect('-');
    month = cursor.twoDigits();
    cursor.expect('-');
    day = cursor.twoDigits();
    if (year == 0 || month < 1 || month > 12 || day < 1) {
      throw cursor.malformed();
    }
  }

  /** The optional " BC", which makes year 1 the astronomical year 0. */
  void era() {
    if (cursor.take(BC)) {
      year = 1 - year;
    }
  }

  long epochDay() {
    if (day > 28 && day > CivilTime.daysInMonth(year, month)) {
      throw cursor.malformed();
    }
    return CivilTime.epochDay(year, month, day);
  }

  /** {@code HH:MM:SS[.ffffff]} in microseconds, 24:00:00 included. */
  long timeOfDay() {
    int hour = cursor.twoDigits();
    cursor.expect(':');
    int minute = cursor.twoDigits();
    cursor.expect(':');
    int second = cursor.twoDigits();
    int fraction = cursor.fraction();
    long micros = (hour * 3600L + minute * 60L + second) * CivilTime.MICROS_PER_SECOND + fraction;
    if (minute > 59 || second > 59 || micros > CivilTime.MICROS_PER_DAY) {
      throw cursor.malformed();
    }
    return micros;
  }

  /** {@code (+|-)HH[:MM[:SS]]}: seconds east of UTC. */
  int zone() {
    boolean west = cursor.take('-');
    if (!west) {
      cursor.expect('+');
    }
    int seconds = cursor.twoDigits() * 3600;
    if (cursor.take(':')) {
      seconds += sixty() * 60;
      if (cursor.take(':')) {
        seconds += sixty();
      }
    }
    if (!isZone(seconds)) {
      throw cursor.malformed();
    }
    return west ? -seconds : seconds;
  }

  static boolean isDate(long epochDay) {
    return epochDay >= FIRST_DATE && epochDay <= LAST_DATE;
  }

  /** Zones reach to 15:59:59 on both sides: {@code MAX_TZDISP_HOUR} in {@code timestamp.h}. */
  static boolean isZone(int secondsEast) {
    return Math.abs((long) secondsEast) < 16 * 3600;
  }

  private int sixty() {
    int value = cursor.twoDigits();
    if (value > 59) {
      throw cursor.malformed();
    }
    return value;
  }
}
