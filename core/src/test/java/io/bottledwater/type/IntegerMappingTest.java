package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegerMappingTest {
  @Test
  void readsInt2AndInt4UpToTheirEnds() {
    Column int2 = Column.of(BuiltIn.INT2);
    assertThat(int2.valueType()).isEqualTo(ValueType.Simple.INT);
    assertThat(int2.text("-32768")).isEqualTo("int(-32768)").isEqualTo(int2.binary(0x80, 0));
    assertThat(int2.text("32767")).isEqualTo("int(32767)").isEqualTo(int2.binary(0x7F, 0xFF));
    Column int4 = Column.of(BuiltIn.INT4);
    assertThat(int4.text("-2147483648"))
        .isEqualTo("int(-2147483648)")
        .isEqualTo(int4.binaryInt(Integer.MIN_VALUE));
    assertThat(int4.text("2147483647"))
        .isEqualTo("int(2147483647)")
        .isEqualTo(int4.binaryInt(Integer.MAX_VALUE));
  }

  @Test
  void readsInt8UpToItsEnds() {
    Column int8 = Column.of(BuiltIn.INT8);
    assertThat(int8.valueType()).isEqualTo(ValueType.Simple.LONG);
    for (long value : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE}) {
      assertThat(int8.text(Long.toString(value)))
          .isEqualTo("long(" + value + ")")
          .isEqualTo(int8.binaryLong(value));
    }
  }

  @Test
  void readsIdentifiersAsUnsigned() {
    for (BuiltIn type : new BuiltIn[] {BuiltIn.OID, BuiltIn.XID, BuiltIn.CID}) {
      Column column = Column.of(type);
      assertThat(column.valueType()).isEqualTo(ValueType.Simple.LONG);
      assertThat(column.text("4294967295"))
          .isEqualTo("long(4294967295)")
          .isEqualTo(column.binaryInt(-1));
      assertThatThrownBy(() -> column.text("4294967296"))
          .isInstanceOf(MalformedValueException.class);
      assertThatThrownBy(() -> column.text("-1")).isInstanceOf(MalformedValueException.class);
    }
  }

  @Test
  void tellsXid8BeyondALongFromANumberThatIsNone() {
    Column xid8 = Column.of(BuiltIn.XID8);
    assertThat(xid8.text("9223372036854775807"))
        .isEqualTo("long(9223372036854775807)")
        .isEqualTo(xid8.binaryLong(Long.MAX_VALUE));
    for (String special : new String[] {"9223372036854775808", "18446744073709551615"}) {
      assertThatThrownBy(() -> xid8.text(special)).isInstanceOf(SpecialValueException.class);
    }
    assertThatThrownBy(() -> xid8.binaryLong(-1)).isInstanceOf(SpecialValueException.class);
    for (String none : new String[] {"18446744073709551616", "99999999999999999999", "-1"}) {
      assertThatThrownBy(() -> xid8.text(none)).isInstanceOf(MalformedValueException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "0x1",
        "1_000",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999",
        "٣"
      })
  void refusesTextThatIsNoNumber(String text) {
    for (BuiltIn type : new BuiltIn[] {BuiltIn.INT2, BuiltIn.INT4, BuiltIn.INT8, BuiltIn.XID}) {
      assertThatThrownBy(() -> Column.of(type).text(text))
          .isInstanceOf(MalformedValueException.class);
    }
  }

  @Test
  void refusesNumbersOutsideTheType() {
    assertThatThrownBy(() -> Column.of(BuiltIn.INT2).text("32768"))
        .isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> Column.of(BuiltIn.INT4).text("-2147483649"))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void namesTheOffsetOfTheFault() {
    assertThatThrownBy(() -> Column.of(BuiltIn.INT4).text("12x4"))
        .hasMessage("not int4 text at byte 2");
  }

  @Test
  void refusesBytesOfAnotherLength() {
    assertThatThrownBy(() -> Column.of(BuiltIn.INT4).binary(0, 0, 1))
        .isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> Column.of(BuiltIn.INT8).binary(new byte[9]))
        .isInstanceOf(MalformedValueException.class);
  }
}
