package io.bottledwater.type.classic;

import io.bottledwater.value.CivilTime;
import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.SpecialValueException;

/**
 * Turns days, microseconds and intervals into the fields of Bottled Water's records. Years are
 * astronomical: 0 is 1 BC. One thread only.
 */
final class ClassicTimes extends ForwardingWriter {
  private static final int TIME_OF = 0;
  private static final int SPECIAL = 1;
  private static final int MONTHS_PER_YEAR = 12;

  private final ZoneOffsets zone;

  ClassicTimes(ZoneOffsets zone) {
    this.zone = zone;
  }

  @Override
  public void writeDate(int days) {
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      infinity(days < 0);
      return;
    }
    out().alternative(TIME_OF);
    out().beginStruct();
    day(days);
    out().endStruct();
  }

  @Override
  public void writeTimestamp(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      infinity(micros < 0);
      return;
    }
    out().alternative(TIME_OF);
    out().beginStruct();
    dayAndTime(micros);
    out().endStruct();
  }

  @Override
  public void writeTimestampTz(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      infinity(micros < 0);
      return;
    }
    int offset = zone.at(Math.floorDiv(micros, CivilTime.MICROS_PER_SECOND));
    out().alternative(TIME_OF);
    out().beginStruct();
    dayAndTime(micros + offset * CivilTime.MICROS_PER_SECOND);
    number(7, offset);
    out().endStruct();
  }

  @Override
  public void writeTime(long micros) {
    out().writeLong(micros);
  }

  /** A {@code timetz}: {@code HH:MM:SS[.ffffff](+|-)HH[:MM[:SS]]}, checked by the one before. */
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
    int zoneSeconds = (int) seconds(bytes, at + 1, end);
    out().beginStruct();
    out().field(0);
    out().writeLong(micros);
    number(1, bytes[at] == '-' ? -zoneSeconds : zoneSeconds);
    out().endStruct();
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
    long hours = micros / CivilTime.MICROS_PER_HOUR;
    if (hours != (int) hours || isInfinite(months, days, micros)) {
      throw new SpecialValueException("an interval that Bottled Water had no form for");
    }
    out().beginStruct();
    number(0, months / MONTHS_PER_YEAR);
    number(1, months % MONTHS_PER_YEAR);
    number(2, days);
    number(3, (int) hours);
    minuteToMicro(micros % CivilTime.MICROS_PER_HOUR);
    out().endStruct();
  }

  private static boolean isInfinite(int months, int days, long micros) {
    return months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE
        || months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE;
  }

  private void infinity(boolean negative) {
    out().alternative(SPECIAL);
    out().writeEnum(negative ? ClassicTypes.NEGATIVE_INFINITY : ClassicTypes.POSITIVE_INFINITY);
  }

  private void dayAndTime(long micros) {
    long days = Math.floorDiv(micros, CivilTime.MICROS_PER_DAY);
    day(days);
    long rest = micros - days * CivilTime.MICROS_PER_DAY;
    number(3, (int) (rest / CivilTime.MICROS_PER_HOUR));
    minuteToMicro(rest % CivilTime.MICROS_PER_HOUR);
  }

  private void day(long epochDay) {
    long date = CivilTime.civil(epochDay);
    number(0, CivilTime.year(date));
    number(1, CivilTime.month(date));
    number(2, CivilTime.day(date));
  }

  /** Each with the sign of the whole, as C divides. */
  private void minuteToMicro(long micros) {
    number(4, (int) (micros / CivilTime.MICROS_PER_MINUTE));
    long rest = micros % CivilTime.MICROS_PER_MINUTE;
    number(5, (int) (rest / CivilTime.MICROS_PER_SECOND));
    number(6, (int) (rest % CivilTime.MICROS_PER_SECOND));
  }

  private void number(int field, int value) {
    out().field(field);
    out().writeInt(value);
  }
}
