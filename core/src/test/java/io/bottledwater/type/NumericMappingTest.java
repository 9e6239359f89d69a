package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumericMappingTest {
  @ParameterizedTest
  @CsvSource({
    "10,2,10,2",
    "38,0,38,0",
    "1000,1000,1000,1000",
    "3,-2,5,0",
    "3,5,5,5",
    "1,-1000,1001,0"
  })
  void readsPrecisionAndScaleFromTheTypeModifier(int p, int s, int precision, int scale) {
    assertThat(Column.numeric(p, s).valueType()).isEqualTo(new ValueType.Decimal(precision, scale));
  }

  @Test
  void keepsTextWithoutATypeModifier() {
    Column numeric = Column.of(BuiltIn.NUMERIC);
    assertThat(numeric.valueType()).isEqualTo(ValueType.Simple.NUMERIC);
    assertThat(numeric.text("-0.000123400")).isEqualTo("numeric(-0.000123400)");
    for (String special : new String[] {"NaN", "Infinity", "-Infinity"}) {
      assertThat(numeric.text(special)).isEqualTo("numeric(" + special + ")");
    }
  }

  @Test
  void writesBinaryAsTheServersText() {
    Column numeric = Column.of(BuiltIn.NUMERIC);
    assertThat(numeric.binary(NumericBytes.of("-12345.6700"))).isEqualTo("numeric(-12345.6700)");
    assertThat(numeric.binary(NumericBytes.of("0.000000001"))).isEqualTo("numeric(0.000000001)");
    assertThat(numeric.binary(NumericBytes.of("100000000"))).isEqualTo("numeric(100000000)");
    assertThat(numeric.binary(NumericBytes.of("0.00"))).isEqualTo("numeric(0.00)");
    assertThat(numeric.binary(NumericBytes.special(0xC000))).isEqualTo("numeric(NaN)");
    assertThat(numeric.binary(NumericBytes.special(0xD000))).isEqualTo("numeric(Infinity)");
    assertThat(numeric.binary(NumericBytes.special(0xF000))).isEqualTo("numeric(-Infinity)");
  }

  @ParameterizedTest
  @CsvSource({
    "12,2,0.00,0",
    "12,2,1.5,150",
    "12,2,1.500,150",
    "12,2,-9999999999.99,-999999999999",
    "12,0,42,42",
    "18,0,999999999999999999,999999999999999999",
    "18,18,0.999999999999999999,999999999999999999",
    "18,1,-99999999999999999.9,-999999999999999999",
    "19,0,9999999999999999999,9999999999999999999",
    "19,0,9223372036854775808,9223372036854775808",
    "38,10,-1234567890123456789012345678.0123456789,-12345678901234567890123456780123456789",
    "38,37,1.5,15000000000000000000000000000000000000",
    "38,19,1,10000000000000000000",
    "38,19,0,0",
  })
  void readsDecimalsOfAnySizeFromTextAndBinary(int p, int s, String text, String unscaled) {
    Column column = Column.numeric(p, s);
    assertThat(column.text(text))
        .isEqualTo("decimal(" + unscaled + "," + s + ")")
        .isEqualTo(column.binary(NumericBytes.of(text)));
  }

  @Test
  void readsColumnsOfNegativeScaleAsWholeNumbers() {
    Column column = Column.numeric(3, -2);
    assertThat(column.text("-99900"))
        .isEqualTo("decimal(-99900,0)")
        .isEqualTo(column.binary(NumericBytes.of("-99900")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
  void refusesInADecimalWhatIsNoNumber(String text) {
    assertThatThrownBy(() -> Column.numeric(10, 2).text(text))
        .isInstanceOf(SpecialValueException.class)
        .hasMessage(text);
    assertThatThrownBy(() -> Column.numeric(10, 2).binary(NumericBytes.special(0xC000)))
        .isInstanceOf(SpecialValueException.class)
        .hasMessage("NaN");
  }

  @ParameterizedTest
  @CsvSource({
    "4,2,100.00",
    "4,2,1.234",
    "4,2,-99999999999999999999",
    "20,2,1000000000000000000.00",
    "20,2,1.234567890123456789",
    "20,2,123456789012345678.001"
  })
  void refusesNumbersThatTheColumnsTypeCannotHold(int p, int s, String text) {
    Column column = Column.numeric(p, s);
    assertThatThrownBy(() -> column.text(text)).isInstanceOf(SpecialValueException.class);
    assertThatThrownBy(() -> column.binary(NumericBytes.of(text)))
        .isInstanceOf(SpecialValueException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        ".5",
        "5.",
        "1.2.3",
        "1e5",
        "+1",
        "nan",
        "NaN1",
        "-NaN",
        "1,5",
        "--1",
        "12345678901234567890.",
        "12345678901234567890x",
        "123456789012345678901.2.3"
      })
  void refusesTextThatIsNoNumeric(String text) {
    assertThatThrownBy(() -> Column.of(BuiltIn.NUMERIC).text(text))
        .isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> Column.numeric(38, 2).text(text))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void refusesBytesThatNoServerSends() {
    for (Column column : new Column[] {Column.of(BuiltIn.NUMERIC), Column.numeric(10, 2)}) {
      for (byte[] bytes :
          new byte[][] {
            {},
            NumericBytes.raw(1, 0, 0, 0),
            NumericBytes.raw(-1, 0, 0, 0),
            NumericBytes.raw(1, 0, 0, 0, 10_000),
            NumericBytes.raw(1, 0, 0, 0, -1),
            NumericBytes.raw(1, 0, 0, 0, 0),
            NumericBytes.raw(0, 0, 0x4000, 0),
            NumericBytes.raw(1, 0, 0x1234, 0, 5),
            NumericBytes.raw(1, 0, 0xC000, 0, 5),
            NumericBytes.raw(1, 0, 0, -1, 5),
            NumericBytes.raw(1, 0, 0, 0x4000, 5),
          }) {
        assertThatThrownBy(() -> column.binary(bytes)).isInstanceOf(MalformedValueException.class);
      }
    }
    assertThatThrownBy(() -> Column.of(BuiltIn.NUMERIC).binary(NumericBytes.raw(1, -1, 0, 2, 1234)))
        .isInstanceOf(MalformedValueException.class);
  }
}
