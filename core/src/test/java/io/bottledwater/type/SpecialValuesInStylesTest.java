package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.postgres.PgType;
import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.type.classic.ClassicMappings;
import io.bottledwater.type.debezium.DebeziumMappings;
import io.bottledwater.value.SpecialValueException;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that another pump's records have no form for: they stop the pump, or become null. */
class SpecialValuesInStylesTest {
  @ParameterizedTest
  @CsvSource({"NUMERIC, 400 digits", "INTERVAL, 2147483648:00:00", "REGPROC, now"})
  void classic(BuiltIn type, String value) {
    String text = value.equals("400 digits") ? "9".repeat(400) : value;
    check(type, text, special -> new ClassicMappings(ZoneOffset.UTC.getRules(), special));
  }

  @ParameterizedTest
  @CsvSource({
    "NUMERIC, NaN",
    "TIMETZ, 24:00:00+00",
    "INTERVAL, 178000000 years",
    "NUMERIC, Infinity"
  })
  void debezium(BuiltIn type, String value) {
    check(type, value, special -> new DebeziumMappings(NumericAs.Word.DECLARED, special));
  }

  /** The words are what the connector's {@code SpecialValueDecimal} writes. */
  @ParameterizedTest
  @CsvSource({
    "NUMERIC, 123.4500, string(123.4500), double(123.45)",
    "NUMERIC, NaN, string(NAN), double(NaN)",
    "NUMERIC, Infinity, string(POSITIVE_INFINITY), double(Infinity)",
    "NUMERIC, -Infinity, string(NEGATIVE_INFINITY), double(-Infinity)",
    "MONEY, '-$1,234.05', string(-1234.05), double(-1234.05)",
    "MONEY, -$0.05, string(-0.05), double(-0.05)",
    "MONEY, '$92,233,720,368,547,758.07', string(92233720368547758.07), double(9.223372036854776E16)"
  })
  void debeziumsDecimals(BuiltIn type, String value, String string, String number) {
    PgType pgType = type.pgType();
    assertThat(Column.of(pgType, -1, decimals(NumericAs.Word.STRING)).text(value))
        .isEqualTo(string);
    assertThat(Column.of(pgType, -1, decimals(NumericAs.Word.DOUBLE)).text(value))
        .isEqualTo(number);
  }

  private static TypeMappings decimals(NumericAs.Word numeric) {
    return new DebeziumMappings(numeric, SpecialValues.STOP);
  }

  private static void check(
      BuiltIn type, String value, Function<SpecialValues, TypeMappings> mappings) {
    PgType pgType = type.pgType();
    Column stops = Column.of(pgType, -1, mappings.apply(SpecialValues.STOP));
    assertThatThrownBy(() -> stops.text(value)).isInstanceOf(SpecialValueException.class);
    Column nulls = Column.of(pgType, -1, mappings.apply(SpecialValues.NULL));
    assertThat(nulls.text(value)).isEqualTo("null");
    assertThat(nulls.nulledValues()).isOne();
    assertThat(nulls.valueType()).isEqualTo(stops.valueType());
  }
}
