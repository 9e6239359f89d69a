package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTimeMappingTest {
  private static final long MICROS_TO_2000 = 946_684_800_000_000L;

  private final Column date = Column.of(BuiltIn.DATE);
  private final Column time = Column.of(BuiltIn.TIME);
  private final Column timetz = Column.of(BuiltIn.TIMETZ);
  private final Column timestamp = Column.of(BuiltIn.TIMESTAMP);
  private final Column timestamptz = Column.of(BuiltIn.TIMESTAMPTZ);
  private final Column interval = Column.of(BuiltIn.INTERVAL);

  @ParameterizedTest
  @CsvSource({
    "1970-01-01,1970,1,1",
    "2000-02-29,2000,2,29",
    "2026-11-23,2026,11,23",
    "0001-01-01,1,1,1",
    "0001-12-31 BC,0,12,31",
    "0001-02-29 BC,0,2,29",
    "4714-11-24 BC,-4713,11,24",
    "10000-01-01,10000,1,1",
    "5874897-12-31,5874897,12,31",
  })
  void readsDates(String text, int year, int month, int day) {
    long expected = LocalDate.of(year, month, day).toEpochDay();
    assertThat(date.text(text))
        .isEqualTo("date(" + expected + ")")
        .isEqualTo(date.binaryInt((int) (expected - 10_957)));
  }

  @Test
  void readsInfiniteDatesAndTimestamps() {
    assertThat(date.text("infinity"))
        .isEqualTo("date(2147483647)")
        .isEqualTo(date.binaryInt(Integer.MAX_VALUE));
    assertThat(date.text("-infinity"))
        .isEqualTo("date(-2147483648)")
        .isEqualTo(date.binaryInt(Integer.MIN_VALUE));
    assertThat(timestamp.text("infinity"))
        .isEqualTo("timestamp(9223372036854775807)")
        .isEqualTo(timestamp.binaryLong(Long.MAX_VALUE));
    assertThat(timestamptz.text("-infinity"))
        .isEqualTo("timestamptz(-9223372036854775808)")
        .isEqualTo(timestamptz.binaryLong(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-11",
        "2026-11-2",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-02-29",
        "2026-04-31",
        "0000-01-01",
        "2026-11-23BC",
        "2026-11-23 AD",
        "2026-11-23x",
        "999-01-01",
        "99999999-01-01",
        "5874898-01-01",
        "4714-11-23 BC",
        "inf",
        "infinity ",
        "-",
        "1/2/2026",
        "1900-02-29",
        "0005-02-30 BC"
      })
  void refusesTextThatIsNoDate(String text) {
    assertThatThrownBy(() -> date.text(text)).isInstanceOf(MalformedValueException.class);
  }

  @Test
  void refusesDaysThatPostgresDoesNotHave() {
    assertThatThrownBy(() -> date.binaryInt(-2_451_546))
        .isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> date.binaryInt(Integer.MAX_VALUE - 1))
        .isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "00:00:00,0",
    "23:59:59.999999,86399999999",
    "24:00:00,86400000000",
    "12:34:56.7,45296700000",
    "00:00:00.000001,1"
  })
  void readsTimes(String text, long micros) {
    assertThat(time.text(text))
        .isEqualTo("time(" + micros + ")")
        .isEqualTo(time.binaryLong(micros));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "12",
        "12:34",
        "1:02:03",
        "12:60:00",
        "12:00:60",
        "24:00:00.000001",
        "25:00:00",
        "12:34:56.",
        "12:34:56.1234567",
        "12:34:56 ",
        "-1:00:00",
        "12:34:56+00"
      })
  void refusesTextThatIsNoTime(String text) {
    assertThatThrownBy(() -> time.text(text)).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> timestamp.text("2026-11-23 " + text))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void refusesMicrosecondsOutsideTheDay() {
    assertThatThrownBy(() -> time.binaryLong(-1)).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> time.binaryLong(86_400_000_001L))
        .isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "12:34:56.789+00,45296789000,0",
    "00:00:00-08,0,28800",
    "24:00:00+05:30,86400000000,-19800",
    "01:02:03.000004-00:44:30,3723000004,2670",
    "00:00:00+15:59:59,0,-57599",
  })
  void keepsTimesWithZoneAsText(String text, long micros, int secondsWest) {
    byte[] bytes = ByteBuffer.allocate(12).putLong(micros).putInt(secondsWest).array();
    assertThat(timetz.text(text)).isEqualTo("string(" + text + ")").isEqualTo(timetz.binary(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12:34:56",
        "12:34:56Z",
        "12:34:56+",
        "12:34:56+1",
        "12:34:56+16",
        "12:34:56+01:60",
        "12:34:56+01:00:60",
        "12:34:56 +01"
      })
  void refusesTextThatIsNoTimeWithZone(String text) {
    assertThatThrownBy(() -> timetz.text(text)).isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01 00:00:00,0",
    "2000-01-01 00:00:00,946684800000000",
    "1969-12-31 23:59:59.999999,-1",
    "2026-11-23 17:51:48.5,1795456308500000",
    "0044-03-15 00:00:00 BC,-63517824000000000",
    "4714-11-24 00:00:00 BC,-210866803200000000",
    "294247-01-10 04:00:54.775806,9223372036854775806",
  })
  void readsTimestamps(String text, long micros) {
    assertThat(timestamp.text(text))
        .isEqualTo("timestamp(" + micros + ")")
        .isEqualTo(timestamp.binaryLong(micros - MICROS_TO_2000));
    String zoned = text.endsWith(" BC") ? text.replace(" BC", "+00 BC") : text + "+00";
    assertThat(timestamptz.text(zoned))
        .isEqualTo("timestamptz(" + micros + ")")
        .isEqualTo(timestamptz.binaryLong(micros - MICROS_TO_2000));
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01 05:30:00+05:30,0",
    "1969-12-31 16:00:00-08,0",
    "1892-01-01 00:00:00+00:09:21,-2461450161000000",
  })
  void readsTimestampsWithAnyOffset(String text, long micros) {
    assertThat(timestamptz.text(text)).isEqualTo("timestamptz(" + micros + ")");
  }

  @Test
  void refusesAsSpecialTheYearsThatALongCannotCountFrom1970() {
    for (String text :
        new String[] {"294247-01-10 04:00:54.775807", "294276-12-31 23:59:59.999999"}) {
      assertThatThrownBy(() -> timestamp.text(text)).isInstanceOf(SpecialValueException.class);
      assertThatThrownBy(() -> timestamptz.text(text + "+00"))
          .isInstanceOf(SpecialValueException.class);
    }
    assertThatThrownBy(() -> timestamp.binaryLong(9_223_371_331_199_999_999L))
        .isInstanceOf(SpecialValueException.class);
  }

  @Test
  void refusesTimestampsThatPostgresDoesNotHave() {
    for (String text :
        new String[] {
          "294277-01-01 00:00:00", "4714-11-23 23:59:59 BC", "5874897-01-01 00:00:00"
        }) {
      assertThatThrownBy(() -> timestamp.text(text)).isInstanceOf(MalformedValueException.class);
    }
    assertThatThrownBy(() -> timestamp.binaryLong(9_223_371_331_200_000_000L))
        .isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> timestamp.binaryLong(-211_813_488_000_000_001L))
        .isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-23", "2026-11-23T00:00:00", "2026-11-23 00:00:00+00", "now"})
  void refusesTextThatIsNoTimestamp(String text) {
    assertThatThrownBy(() -> timestamp.text(text)).isInstanceOf(MalformedValueException.class);
  }

  @Test
  void refusesATimestampWithZoneThatHasNone() {
    assertThatThrownBy(() -> timestamptz.text("2026-11-23 00:00:00"))
        .isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "00:00:00,0,0,0",
    "1 year 2 mons -3 days +04:05:06.789,14,-3,14706789000",
    "-1 years -2 mons +3 days -04:05:06,-14,3,-14706000000",
    "1 mon,1,0,0",
    "1 day,0,1,0",
    "-00:00:00.000001,0,0,-1",
    "178956970 years 7 mons,2147483647,0,0",
    "-178956970 years -8 mons,-2147483648,0,0",
    "2147483647 days,0,2147483647,0",
    "2562047788:00:54.775807,0,0,9223372036854775807",
    "-2562047788:00:54.775808,0,0,-9223372036854775808",
    "infinity,2147483647,2147483647,9223372036854775807",
    "-infinity,-2147483648,-2147483648,-9223372036854775808",
  })
  void readsIntervals(String text, int months, int days, long micros) {
    byte[] bytes = ByteBuffer.allocate(16).putLong(micros).putInt(days).putInt(months).array();
    assertThat(interval.text(text))
        .isEqualTo("interval(" + months + "," + days + "," + micros + ")")
        .isEqualTo(interval.binary(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1 ",
        "1 year ",
        "1 week",
        "P1Y",
        "1-2",
        "@ 1 year",
        "04:05",
        "04:05:06 1 day",
        "04:60:00",
        "2562047788:00:54.775808",
        "9999999999:00:00",
        "2147483648 days",
        "178956970 years 8 mons",
        "1 years1 mon",
        "1i",
        "xi",
        "-",
        "99999999999 days"
      })
  void refusesTextThatIsNoInterval(String text) {
    assertThatThrownBy(() -> interval.text(text)).isInstanceOf(MalformedValueException.class);
  }
}
