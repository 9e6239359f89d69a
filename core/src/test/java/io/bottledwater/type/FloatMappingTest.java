package io.bottledwater.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.value.MalformedValueException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatMappingTest {
  private final Column float8 = Column.of(BuiltIn.FLOAT8);
  private final Column float4 = Column.of(BuiltIn.FLOAT4);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1",
        "-1.5",
        "0.1",
        "3.14",
        "1e+15",
        "1e-05",
        "5e-324",
        "2.2250738585072014e-308",
        "2.225073858507201e-308",
        "1.7976931348623157e+308",
        "9007199254740993",
        "9007199254740992.5",
        "1234567890123456789012",
        "0.30000000000000004",
        "1e22",
        "1e23",
        "123456789012345678901234567890.125e-10",
        "6.0221407599999999e+23",
        "9223372036854775808",
        "18446744073709551615",
        "8.5e-15"
      })
  void readsFloat8AsTheNearestDouble(String text) {
    assertThat(float8.text(text)).isEqualTo("double(" + Double.parseDouble(text) + ")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1",
        "0.1",
        "1.17549435e-38",
        "1e-45",
        "3.4028235e+38",
        "16777217",
        "16777216.5",
        "16777217.000000001",
        "1.00000017881393432617187499",
        "1.00000017881393432617187500",
        "1.00000017881393432617187501",
        "7.0064923216240861e-46",
        "8.5899346e+09"
      })
  void readsFloat4AsTheNearestFloat(String text) {
    assertThat(float4.text(text)).isEqualTo("float(" + Float.parseFloat(text) + ")");
  }

  @Test
  void readsWhatIsNoFiniteNumber() {
    assertThat(float8.text("NaN")).isEqualTo("double(NaN)");
    assertThat(float8.text("Infinity")).isEqualTo("double(Infinity)");
    assertThat(float8.text("-Infinity")).isEqualTo("double(-Infinity)");
    assertThat(float4.text("-Infinity")).isEqualTo("float(-Infinity)");
    assertThat(float8.binaryLong(Double.doubleToLongBits(Double.NaN))).isEqualTo("double(NaN)");
  }

  @Test
  void agreesWithTheJdkOnRandomNumbers() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    FloatText doubles = new FloatText("float8 text");
    FloatText floats = new FloatText("float4 text");
    for (int i = 0; i < 300_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isFinite(value)) {
        continue;
      }
      String text =
          switch (i % 4) {
            case 0 -> Double.toString(value).replace('E', 'e');
            case 1 -> random.nextLong() + "e" + (random.nextInt(700) - 360);
            case 2 -> (random.nextLong() >>> random.nextInt(64)) + "." + random.nextInt(1000000);
            default -> {
              // Half-way between two doubles, exactly or a little beside.
              BigDecimal middle =
                  new BigDecimal(Math.nextUp((float) random.nextGaussian()))
                      .add(new BigDecimal(Math.ulp(1.0)).movePointLeft(random.nextInt(30)));
              yield middle.toPlainString();
            }
          };
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      double expected = Double.parseDouble(text);
      if (Double.isFinite(expected)) {
        assertThat(doubles.parseDouble(bytes, 0, bytes.length))
            .as("seed %d, %s", seed, text)
            .isEqualTo(expected);
      }
      float expectedFloat = Float.parseFloat(text);
      if (Float.isFinite(expectedFloat)) {
        assertThat(floats.parseFloat(bytes, 0, bytes.length))
            .as("seed %d, %s", seed, text)
            .isEqualTo(expectedFloat);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        ".5",
        "1.",
        "1e",
        "1e+",
        "1e5.5",
        "1 ",
        " 1",
        "nan",
        "inf",
        "-NaN",
        "+1",
        "1e400",
        "0x1p3",
        "1d",
        "Infinity1",
        "1e99999",
        "1E5"
      })
  void refusesTextThatIsNoNumber(String text) {
    assertThatThrownBy(() -> float8.text(text)).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> float4.text(text)).isInstanceOf(MalformedValueException.class);
  }

  @Test
  void refusesBytesOfAnotherLength() {
    assertThatThrownBy(() -> float8.binaryInt(1)).isInstanceOf(MalformedValueException.class);
    assertThatThrownBy(() -> float4.binaryLong(1)).isInstanceOf(MalformedValueException.class);
  }
}
