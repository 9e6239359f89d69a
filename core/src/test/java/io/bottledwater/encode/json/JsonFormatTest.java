package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.encode.Shapes;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType.Simple;
import io.bottledwater.value.ValueWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFormatTest {
  private static final RowShape ONE = Shapes.with("v", Simple.STRING).value();

  @Test
  void writesOneObjectWithTheColumnsNames() {
    RowShape shape =
        Shapes.with("id", Simple.INT)
            .and("crêpes \"x\"\n", Simple.BOOLEAN)
            .and("z", Simple.LONG)
            .value();
    RowWriter writer = new JsonFormat().writerFor(shape);
    writer.begin();
    writer.field(0);
    writer.writeInt(-7);
    writer.field(1);
    writer.writeBoolean(true);
    writer.field(2);
    writer.writeNull();
    assertThat(new String(writer.finish(), UTF_8))
        .isEqualTo("{\"id\":-7,\"crêpes \\\"x\\\"\\n\":true,\"z\":null}");
  }

  @Test
  void writesARowWithoutColumns() {
    RowWriter writer = new JsonFormat().writerFor(Shapes.empty().value());
    writer.begin();
    assertThat(new String(writer.finish(), UTF_8)).isEqualTo("{}");
  }

  @Test
  void escapesTextSoThatJacksonReadsItBack() throws IOException {
    StringBuilder text = new StringBuilder("\"\\/ crêpes € 😀 \u007f");
    for (char c = 1; c < 0x20; c++) {
      text.append(c);
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    String json = value(w -> w.writeString(bytes, 0, bytes.length));
    assertThat(json).doesNotContain("\n").contains("\\b\\t\\n\\u000b\\f\\r\\u000e");
    assertThat(parse(json).textValue()).isEqualTo(text.toString());
  }

  @Test
  void writesNumbersToTheirEnds() {
    assertThat(value(w -> w.writeLong(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
    assertThat(value(w -> w.writeLong(Long.MAX_VALUE))).isEqualTo("9223372036854775807");
    assertThat(value(w -> w.writeInt(Integer.MIN_VALUE))).isEqualTo("-2147483648");
    for (long power = 1; power > 0 && power <= 1_000_000_000_000_000_000L; power *= 10) {
      long below = power - 1;
      assertThat(value(w -> w.writeLong(below))).isEqualTo(Long.toString(below));
      long same = -power;
      assertThat(value(w -> w.writeLong(same))).isEqualTo(Long.toString(same));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,0",
    "0,2,0.00",
    "5,2,0.05",
    "-5,2,-0.05",
    "-12345,2,-123.45",
    "100,2,1.00",
    "1,3,0.001",
    "-9223372036854775808,2,-92233720368547758.08",
    "9223372036854775807,18,9.223372036854775807",
    "9223372036854775807,25,0.0000009223372036854775807"
  })
  void writesDecimalsWithAllTheirPlaces(long unscaled, int scale, String expected) {
    assertThat(value(w -> w.writeDecimal(unscaled, scale))).isEqualTo(expected);
    byte[] bytes = BigInteger.valueOf(unscaled).toByteArray();
    assertThat(value(w -> w.writeDecimal(bytes, scale))).isEqualTo(expected);
  }

  @Test
  void quotesNumericsThatAreNoNumbers() {
    assertThat(value(w -> w.writeNumeric("1.500".getBytes(UTF_8), 0, 5))).isEqualTo("1.500");
    assertThat(value(w -> w.writeNumeric("NaN".getBytes(UTF_8), 0, 3))).isEqualTo("\"NaN\"");
    assertThat(value(w -> w.writeNumeric("-Infinity".getBytes(UTF_8), 0, 9)))
        .isEqualTo("\"-Infinity\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0.0,-0",
    "1,1",
    "0.1,0.1",
    "100,100",
    "1e15,1e+15",
    "123456789012345,123456789012345",
    "1234567890123456,1.234567890123456e+15",
    "0.0001,0.0001",
    "0.00001,1e-05",
    "5e-324,5e-324",
    "1.5e-323,1.5e-323",
    "2e-323,2e-323",
    "1.7976931348623157e308,1.7976931348623157e+308",
    "9007199254740993,9.007199254740992e+15",
    "2.2250738585072014e-308,2.2250738585072014e-308",
    "1e23,1e+23",
    "2e-3,0.002",
    "-123.456,-123.456"
  })
  void writesDoublesAsPostgresDoes(double value, String expected) {
    assertThat(value(w -> w.writeDouble(value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "0.1,0.1",
    "1e6,1e+06",
    "123456,123456",
    "16777216,1.6777216e+07",
    "1e-45,1e-45",
    "3.4028235e38,3.4028235e+38",
    "1.17549435e-38,1.1754944e-38",
    "0.3,0.3",
    "3.3554432e7,3.3554432e+07"
  })
  void writesFloatsAsPostgresDoes(float value, String expected) {
    assertThat(value(w -> w.writeFloat(value))).isEqualTo(expected);
  }

  @Test
  void writesFloatingPointThatIsNoNumberAsStrings() {
    assertThat(value(w -> w.writeDouble(Double.NaN))).isEqualTo("\"NaN\"");
    assertThat(value(w -> w.writeDouble(Double.NEGATIVE_INFINITY))).isEqualTo("\"-Infinity\"");
    assertThat(value(w -> w.writeFloat(Float.POSITIVE_INFINITY))).isEqualTo("\"Infinity\"");
  }

  @Test
  void writesTheFewestDigitsThatGiveTheNumberBack() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      long bits = random.nextLong();
      // Powers of two, whose neighbours are not equally far away, are rare by chance.
      double value = Double.longBitsToDouble(i % 5 == 0 ? bits & 0xFFF0L << 48 : bits);
      if (Double.isFinite(value) && value != 0) {
        String text = value(w -> w.writeDouble(value));
        assertThat(Double.parseDouble(text)).as("seed %d", seed).isEqualTo(value);
        for (BigDecimal shorter : withOneDigitLess(text, new BigDecimal(value))) {
          assertThat(shorter.doubleValue()).as("seed %d, %s", seed, text).isNotEqualTo(value);
        }
      }
      float single = Float.intBitsToFloat((int) (i % 5 == 0 ? bits & 0xFF80_0000L : bits));
      if (Float.isFinite(single) && single != 0) {
        String text = value(w -> w.writeFloat(single));
        assertThat(Float.parseFloat(text)).as("seed %d", seed).isEqualTo(single);
        for (BigDecimal shorter : withOneDigitLess(text, new BigDecimal(single))) {
          assertThat(shorter.floatValue()).as("seed %d, %s", seed, text).isNotEqualTo(single);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,1970-01-01",
    "-719162,0001-01-01",
    "-719163,0001-12-31 BC",
    "2932897,10000-01-01",
    "2147483647,infinity",
    "-2147483648,-infinity",
    "11016,2000-02-29"
  })
  void writesDates(int days, String expected) {
    assertThat(value(w -> w.writeDate(days))).isEqualTo('"' + expected + '"');
  }

  @ParameterizedTest
  @CsvSource({
    "0,1970-01-01T00:00:00",
    "-1,1969-12-31T23:59:59.999999",
    "1500000,1970-01-01T00:00:01.5",
    "9223372036854775806,294247-01-10T04:00:54.775806",
  })
  void writesTimestamps(long micros, String expected) {
    assertThat(value(w -> w.writeTimestamp(micros))).isEqualTo('"' + expected + '"');
    assertThat(value(w -> w.writeTimestampTz(micros))).isEqualTo('"' + expected + "+00:00\"");
  }

  @Test
  void writesTimestampsBeforeChristAndInfinity() {
    assertThat(value(w -> w.writeTimestampTz(-63517824000000000L)))
        .isEqualTo("\"0044-03-15T00:00:00+00:00 BC\"");
    assertThat(value(w -> w.writeTimestamp(Long.MAX_VALUE))).isEqualTo("\"infinity\"");
    assertThat(value(w -> w.writeTimestampTz(Long.MIN_VALUE))).isEqualTo("\"-infinity\"");
    assertThat(value(w -> w.writeTime(86_400_000_000L))).isEqualTo("\"24:00:00\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,0,00:00:00",
    "14,-3,14706789000,1 year 2 mons -3 days +04:05:06.789",
    "-14,3,-1,-1 years -2 mons +3 days -00:00:00.000001",
    "1,0,0,1 mon",
    "0,1,0,1 day",
    "-1,0,1000000,-1 mons +00:00:01",
    "0,0,-9223372036854775808,-2562047788:00:54.775808",
    "-2147483648,0,0,-178956970 years -8 mons",
  })
  void writesIntervals(int months, int days, long micros, String expected) {
    assertThat(value(w -> w.writeInterval(months, days, micros))).isEqualTo('"' + expected + '"');
  }

  @Test
  void writesBytesInHexAndUuidsInText() {
    assertThat(value(w -> w.writeBytes(new byte[] {0, (byte) 0xFF, 0x7F}, 0, 3)))
        .isEqualTo("\"\\\\x00ff7f\"");
    assertThat(value(w -> w.writeUuid(1, -1)))
        .isEqualTo("\"00000000-0000-0001-ffff-ffffffffffff\"");
  }

  @Test
  void embedsDocumentsOnOneLineWithTheirDigits() {
    byte[] json =
        "{ \"a b\" :\r\n [1.000, 1e400,\t-0, \"x \\\" y\\\\\" ] , \"a b\": {} }\n".getBytes(UTF_8);
    assertThat(value(w -> w.writeJson(json, 0, json.length)))
        .isEqualTo("{\"a b\":[1.000,1e400,-0,\"x \\\" y\\\\\"],\"a b\":{}}");
  }

  @Test
  void refusesDocumentsThatWouldBreakTheLine() {
    for (String text : new String[] {"\"a\nb\"", "\"a", "\"a\\", "\u0001"}) {
      byte[] json = text.getBytes(UTF_8);
      assertThatThrownBy(() -> value(w -> w.writeJson(json, 0, json.length)))
          .isInstanceOf(MalformedValueException.class);
    }
  }

  @Test
  void namesItself() {
    assertThat(new JsonFormat().name()).isEqualTo("json");
  }

  private static List<BigDecimal> withOneDigitLess(String text, BigDecimal exact) {
    int digits = new BigDecimal(text).stripTrailingZeros().precision();
    if (digits == 1) {
      return List.of();
    }
    return List.of(
        exact.round(new MathContext(digits - 1, RoundingMode.DOWN)),
        exact.round(new MathContext(digits - 1, RoundingMode.UP)));
  }

  private static String value(Consumer<ValueWriter> write) {
    RowWriter writer = new JsonFormat().writerFor(ONE);
    writer.begin();
    writer.field(0);
    write.accept(writer);
    String json = new String(writer.finish(), UTF_8);
    return json.substring("{\"v\":".length(), json.length() - 1);
  }

  private static JsonNode parse(String json) throws IOException {
    return new ObjectMapper().readTree(json);
  }
}
