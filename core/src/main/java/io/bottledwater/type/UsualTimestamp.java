package io.bottledwater.type;

import io.bottledwater.value.CivilTime;

/**
 * The form that nearly all timestamps have, read without a cursor: years 1 to 9999, {@code
 * YYYY-MM-DD HH:MM:SS[.ffffff]}, and {@code +00} when there is a zone. Anything else, faults
 * included, is left to the general way. Stateless.
 */
final class UsualTimestamp {
  /** No timestamp of PostgreSQL's is this one. */
  static final long UNUSUAL = Long.MIN_VALUE + 1;

  private static final int SECONDS_END = 19;
  private static final int ZONE_LENGTH = 3;
  private static final int MAX_FRACTION_DIGITS = 6;

  private UsualTimestamp() {}

  /**
   * @return microseconds since 1970, or {@link #UNUSUAL}
   */
  static long parse(byte[] bytes, int offset, int length, boolean zoned) {
    int end = offset + length;
    if (zoned) {
      end -= ZONE_LENGTH;
    }
    int at = offset + SECONDS_END;
    if (end < at) {
      return UNUSUAL;
    }
    if (zoned && (bytes[end] != '+' || bytes[end + 1] != '0' || bytes[end + 2] != '0')) {
      return UNUSUAL;
    }
    int separators =
        bytes[offset + 4] ^ '-'
            | bytes[offset + 7] ^ '-'
            | bytes[offset + 10] ^ ' '
            | bytes[offset + 13] ^ ':'
            | bytes[offset + 16] ^ ':';
    int century = twoDigits(bytes, offset);
    int yearOfCentury = twoDigits(bytes, offset + 2);
    int month = twoDigits(bytes, offset + 5);
    int day = twoDigits(bytes, offset + 8);
    int hour = twoDigits(bytes, offset + 11);
    int minute = twoDigits(bytes, offset + 14);
    int second = twoDigits(bytes, offset + 17);
    // A part that is no number is negative.
    if (separators != 0 || (century | yearOfCentury | month | day | hour | minute | second) < 0) {
      return UNUSUAL;
    }
    int year = century * 100 + yearOfCentury;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || day > 28 && day > CivilTime.daysInMonth(year, month)
        || hour > 23
        || minute > 59
        || second > 59) {
      return UNUSUAL;
    }
    int fraction = 0;
    if (at != end) {
      int digits = end - at - 1;
      if (bytes[at] != '.' || digits < 1 || digits > MAX_FRACTION_DIGITS) {
        return UNUSUAL;
      }
      for (int i = 0; i < MAX_FRACTION_DIGITS; i++) {
        int digit = i < digits ? bytes[at + 1 + i] - '0' : 0;
        if (digit < 0 || digit > 9) {
          return UNUSUAL;
        }
        fraction = fraction * 10 + digit;
      }
    }
    long seconds =
        CivilTime.epochDay(year, month, day) * 86_400L + hour * 3600 + minute * 60 + second;
    return seconds * CivilTime.MICROS_PER_SECOND + fraction;
  }

  private static int twoDigits(byte[] bytes, int at) {
    int tens = bytes[at] - '0';
    int ones = bytes[at + 1] - '0';
    return (tens | ones | 9 - tens | 9 - ones) < 0 ? -1 : tens * 10 + ones;
  }
}
