package io.bottledwater.encode.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Bottled Water never wrote is refused with the shape, not with a row. */
class AvroJsonFormatTest {
  private final AvroJsonFormat format = new AvroJsonFormat();

  @Test
  void tagsTheBranchesOfUnions() {
    RowWriter row = format.writerFor(shape(ValueType.Simple.LONG));
    row.begin();
    row.field(0);
    row.writeLong(7);

    assertThat(new String(row.finish(), StandardCharsets.UTF_8)).isEqualTo("{\"c\":{\"long\":7}}");
  }

  static List<ValueType> foreign() {
    return List.of(
        new ValueType.Decimal(10, 2),
        ValueType.Simple.INTERVAL,
        new ValueType.ListOf(ValueType.Simple.INT),
        new ValueType.MapOf(ValueType.Simple.STRING));
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void refusesAShapeThatItHasNoFormFor(ValueType type) {
    assertThatIllegalArgumentException().isThrownBy(() -> format.writerFor(shape(type)));
  }

  private static RowShape shape(ValueType type) {
    return new RowShape(
        "t",
        false,
        "t",
        List.of("db", "public"),
        List.of(new RowShape.Field("c", type, false, "x")));
  }
}
