package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.postgres.PgType;
import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherMappingsTest {
  @Test
  void readsBooleans() {
    Column bool = Column.of(BuiltIn.BOOL);
    assertThat(bool.text("t")).isEqualTo("boolean(true)").isEqualTo(bool.binary(1));
    assertThat(bool.text("f")).isEqualTo("boolean(false)").isEqualTo(bool.binary(0));
    for (String text : new String[] {"", "T", "true", "1"}) {
      assertThatThrownBy(() -> bool.text(text)).isInstanceOf(MalformedValueException.class);
    }
    assertThatThrownBy(() -> bool.binary(2)).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> bool.binary(0, 1)).isInstanceOf(MalformedValueException.class);
  }

  @Test
  void readsUuids() {
    Column uuid = Column.of(BuiltIn.UUID);
    assertThat(uuid.text("00112233-4455-6677-8899-aabbccddeeff"))
        .isEqualTo("uuid(00112233-4455-6677-8899-aabbccddeeff)")
        .isEqualTo(
            uuid.binary(
                0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD,
                0xEE, 0xFF));
    for (String text :
        new String[] {
          "",
          "00112233445566778899aabbccddeeff",
          "00112233-4455-6677-8899-aabbccddeef",
          "00112233-4455-6677-8899-aabbccddeeff0",
          "00112233-4455-6677-8899-aabbccddeefg",
          "0011223-34455-6677-8899-aabbccddeeff",
        }) {
      assertThatThrownBy(() -> uuid.text(text)).isInstanceOf(MalformedValueException.class);
    }
    assertThatThrownBy(() -> uuid.binary(new byte[15])).isInstanceOf(MalformedValueException.class);
  }

  @Test
  void readsBytea() {
    Column bytea = Column.of(BuiltIn.BYTEA);
    assertThat(bytea.valueType()).isEqualTo(ValueType.Simple.BYTES);
    assertThat(bytea.text("\\x00ff7F")).isEqualTo("bytes(00ff7f)");
    assertThat(bytea.binary(0, 0xFF, 0x7F)).isEqualTo("bytes(00ff7f)");
    assertThat(bytea.text("\\x")).isEqualTo("bytes()").isEqualTo(bytea.binary(new byte[0]));
    for (String text : new String[] {"", "\\", "\\x0", "\\x0g", "abc", "\\000", "\\\\x00"}) {
      assertThatThrownBy(() -> bytea.text(text)).isInstanceOf(MalformedValueException.class);
    }
  }

  @Test
  void keepsJsonDocuments() {
    Column json = Column.of(BuiltIn.JSON);
    Column jsonb = Column.of(BuiltIn.JSONB);
    assertThat(json.valueType()).isEqualTo(ValueType.Simple.JSON);
    assertThat(json.text("{\"a\": 1}")).isEqualTo("json({\"a\": 1})");
    assertThat(json.binary('[', ']')).isEqualTo("json([])");
    assertThat(jsonb.text("[]")).isEqualTo("json([])").isEqualTo(jsonb.binary(1, '[', ']'));
    for (int version : new int[] {0, 2, '['}) {
      assertThatThrownBy(() -> jsonb.binary(version, '[', ']'))
          .isInstanceOf(MalformedValueException.class);
    }
    assertThatThrownBy(() -> jsonb.binary(new byte[0])).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> jsonb.binary(1)).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> json.text("")).isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "$0.00,0",
    "$1.00,100",
    "-$0.01,-1",
    "'$1,234.56',123456",
    "'-$1,234.56',-123456",
    "'$92,233,720,368,547,758.07',9223372036854775807",
    "'-$92,233,720,368,547,758.08',-9223372036854775808"
  })
  void readsMoneyOfLocaleC(String text, long minorUnits) {
    Column money = Column.of(BuiltIn.MONEY);
    assertThat(money.valueType()).isEqualTo(new ValueType.Decimal(19, 2));
    assertThat(money.text(text))
        .isEqualTo("decimal(" + minorUnits + ",2)")
        .isEqualTo(money.binaryLong(minorUnits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$",
        "1.00",
        "$1",
        "$1.0",
        "$1.000",
        "($1.00)",
        "$-1.00",
        "€1.00",
        "1,00 €",
        "$1234.56",
        "$12,34.56",
        "$,123.45",
        "$1,234",
        "$92,233,720,368,547,758.08",
        "- $1.00",
        "$1.00 ",
        "-$92,233,720,368,547,758.09",
        "$999,999,999,999,999,999.99",
        "$1,000,000,000,000,000,000.00"
      })
  void refusesMoneyOfAnotherLocale(String text) {
    assertThatThrownBy(() -> Column.of(BuiltIn.MONEY).text(text))
        .isInstanceOf(MalformedValueException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = BuiltIn.class,
      names = {"TEXT", "VARCHAR", "BPCHAR", "NAME"})
  void readsCharactersFromTextAndBinary(BuiltIn type) {
    Column column = Column.of(type);
    assertThat(column.valueType()).isEqualTo(ValueType.Simple.STRING);
    assertThat(column.text("crêpes  ")).isEqualTo("string(crêpes  )");
    assertThat(column.binary('a', ' ')).isEqualTo("string(a )");
    assertThat(column.text("")).isEqualTo("string()");
  }

  @ParameterizedTest
  @EnumSource(
      value = BuiltIn.class,
      names = {
        "XML",
        "INTERNAL_CHAR",
        "INET",
        "CIDR",
        "POINT",
        "INT4RANGE",
        "VARBIT",
        "TID",
        "PG_LSN",
        "TSVECTOR"
      })
  void takesTypesOfNoFamilyAsTextOnly(BuiltIn type) {
    Column column = Column.of(type);
    assertThat(column.valueType()).isEqualTo(ValueType.Simple.STRING);
    assertThat(column.text("{1,2}")).isEqualTo("string({1,2})");
    assertThat(column.hasBinary()).isFalse();
  }

  @Test
  void readsLabelsOfEnums() {
    Column mood =
        Column.of(
            new PgType(
                16_400,
                "public",
                "mood",
                "",
                "pg_catalog.enum_out",
                new PgType.Form.Enumeration(List.of("sad", "happy"))));
    assertThat(mood.text("happy")).isEqualTo("string(happy)");
    assertThat(mood.binary('s', 'a', 'd')).isEqualTo("string(sad)");
  }

  @Test
  void knowsTheExtensionTypeCitextButNoOtherTypeOfThatName() {
    assertThat(Column.of(PgType.base(16_401, "ext", "citext", "citext", "o")).hasBinary()).isTrue();
    assertThat(Column.of(PgType.base(16_401, "ext", "citext", "", "o")).hasBinary()).isFalse();
    assertThat(Column.of(PgType.base(16_401, "ext", "other", "citext", "o")).hasBinary()).isFalse();
  }
}
