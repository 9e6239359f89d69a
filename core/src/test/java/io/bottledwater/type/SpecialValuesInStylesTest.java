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
  @CsvSource({"NUMERIC, 1e400", "INTERVAL, 2147483648:00:00", "REGPROC, now"})
  void classic(BuiltIn type, String value) {
    check(type, value, special -> new ClassicMappings(ZoneOffset.UTC.getRules(), special));
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
