package io.bottledwater.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.postgres.PgType;
import io.bottledwater.type.Column.BuiltIn;
import io.bottledwater.type.classic.ClassicMappings;
import io.bottledwater.type.debezium.DebeziumMappings;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.SpecialValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random input; a failure names the seed that brings it back. */
class DecoderFuzzTest {
  private static final int ROUNDS = 4_000;

  private static final String[] SAMPLES = {
    "t",
    "0",
    "-9223372036854775808",
    "1.7976931348623157e+308",
    "NaN",
    "-Infinity",
    "12345.6789",
    "-123456789012345678901234567890.12345",
    "-$1,234.56",
    "2026-11-23 17:51:48.123456+05:30:15 BC",
    "infinity",
    "-infinity",
    "24:00:00",
    "1 year 2 mons -3 days +04:05:06.789",
    "00112233-4455-6677-8899-aabbccddeeff",
    "\\x00ff",
    "{\"a\": [1, 2]}",
    "{1,NULL,3}",
    "{\"a \\\"b\\\\\",c,NULL}",
    "{{1,2},{3,4}}",
    "[0:1]={1,2}",
    "(1,\"a \"\"b\\\\\",)",
    "{\"(1,\\\"x y\\\",2.5)\",\"(,,)\"}",
    "\"k\"=>\"v\\\"\", \"n\"=>NULL",
    "0101000020E6100000000000000000F03F0000000000000040",
    "[1,-2.5,3e-05]",
    "(1.5,-2e300)",
    "1011001110",
    "12:34:56.5-05:30",
  };

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @Test
  void answersAnyTextWithAValueOrARefusal() {
    for (Column column : columns()) {
      for (int i = 0; i < ROUNDS; i++) {
        byte[] text = mutate(SAMPLES[random.nextInt(SAMPLES.length)].getBytes(ISO_8859_1));
        try {
          column.textBytes(text);
        } catch (MalformedValueException | SpecialValueException refusal) {
          column.forget();
          assertThat(refusal).as("seed %d", seed).hasMessageNotContaining("null");
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", " + new String(text, ISO_8859_1), e);
        }
      }
    }
  }

  @Test
  void answersAnyBytesWithAValueOrARefusal() {
    for (Column column : columns()) {
      if (!column.hasBinary()) {
        continue;
      }
      for (int i = 0; i < ROUNDS; i++) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        if (random.nextBoolean() && bytes.length > 8) {
          bytes =
              NumericBytes.raw(
                  (bytes.length - 8) / 2,
                  random.nextInt(8) - 4,
                  random.nextInt(2) << 14,
                  random.nextInt(20),
                  random.ints((bytes.length - 8) / 2, -10, 10_010).toArray());
        }
        try {
          column.binary(bytes);
        } catch (MalformedValueException | SpecialValueException refusal) {
          column.forget();
          assertThat(refusal).as("seed %d", seed).hasMessageNotContaining("null");
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }
  }

  @Test
  void readsTheSameNumberFromTextAndBinary() {
    Column plain = Column.of(BuiltIn.NUMERIC);
    for (int i = 0; i < ROUNDS; i++) {
      int scale = random.nextInt(25);
      BigInteger unscaled = new BigInteger(random.nextInt(140), random);
      BigDecimal number =
          new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
      String text = number.toPlainString();
      byte[] binary = NumericBytes.of(text);
      assertThat(plain.binary(binary)).as("seed %d", seed).isEqualTo("numeric(" + text + ")");
      Column decimal = Column.numeric(70, scale);
      String expected = "decimal(" + number.unscaledValue() + "," + scale + ")";
      assertThat(decimal.text(text)).as("seed %d", seed).isEqualTo(expected);
      assertThat(decimal.binary(binary)).as("seed %d", seed).isEqualTo(expected);
      Column narrow = Column.numeric(1 + random.nextInt(30), random.nextInt(25));
      assertThat(outcome(() -> narrow.text(text)))
          .as("seed %d, %s", seed, text)
          .isEqualTo(outcome(() -> narrow.binary(binary)));
    }
  }

  /** Bytes of a true value with some of them changed. */
  @Test
  void answersAlmostRightBytesWithAValueOrARefusal() {
    ByteBuffer pair = ByteBuffer.allocate(30).putInt(2).putInt(23).putInt(4).putInt(7);
    pair.putInt(25).putInt(2).put((byte) 'a').put((byte) 'b');
    byte[] composite = Arrays.copyOf(pair.array(), pair.position());
    ByteBuffer list = ByteBuffer.allocate(40).putInt(1).putInt(0).putInt(23).putInt(2).putInt(1);
    list.putInt(4).putInt(7).putInt(-1);
    byte[] array = Arrays.copyOf(list.array(), list.position());
    byte[] vector = {0, 1, 0, 0, 0, 0, 0, 0};
    for (Column column : nested()) {
      for (byte[] bytes : new byte[][] {composite, array, vector}) {
        for (int i = 0; column.hasBinary() && i < ROUNDS; i++) {
          byte[] mutant = mutate(bytes);
          try {
            column.binary(mutant);
          } catch (MalformedValueException | SpecialValueException refusal) {
            column.forget();
          } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ", " + Arrays.toString(mutant), e);
          }
        }
      }
    }
  }

  private static String outcome(java.util.function.Supplier<String> decode) {
    try {
      return decode.get();
    } catch (SpecialValueException e) {
      return "special";
    }
  }

  private byte[] mutate(byte[] text) {
    byte[] result = text.clone();
    for (int edits = random.nextInt(4); edits > 0 && result.length > 0; edits--) {
      int at = random.nextInt(result.length);
      switch (random.nextInt(4)) {
        case 0 -> result[at] = (byte) random.nextInt(256);
        case 1 -> result[at] = (byte) "0123456789+-.:, eE{}()[]\"\\=>".charAt(random.nextInt(28));
        case 2 -> result = java.util.Arrays.copyOf(result, at);
        default -> {
          String s = new String(result, ISO_8859_1);
          result = (s.substring(0, at) + s.substring(at / 2)).getBytes(ISO_8859_1);
        }
      }
    }
    return result;
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (BuiltIn type : BuiltIn.values()) {
      columns.add(Column.of(type));
    }
    columns.add(Column.numeric(12, 2));
    columns.add(Column.numeric(38, 10));
    columns.add(Column.numeric(3, -2));
    columns.addAll(nested());
    columns.addAll(compatible());
    return columns;
  }

  private static List<Column> compatible() {
    TypeMappings debezium = new DebeziumMappings(NumericAs.Word.DECLARED, SpecialValues.STOP);
    TypeMappings classic =
        new ClassicMappings(ZoneId.of("Europe/Berlin").getRules(), SpecialValues.STOP);
    List<Column> columns = new ArrayList<>();
    for (BuiltIn type : BuiltIn.values()) {
      columns.add(Column.of(type.pgType(), -1, debezium));
      columns.add(Column.of(type.pgType(), -1, classic));
    }
    columns.add(Column.of(BuiltIn.TIMESTAMPTZ.pgType(), 3, debezium));
    columns.add(Column.of(PgType.base(24, "pg_catalog", "regproc", "", ""), -1, classic));
    columns.add(Column.of(PgType.base(1560, "pg_catalog", "bit", "", ""), 1, debezium));
    columns.add(Column.of(PgType.base(70_000, "ext", "hstore", "hstore", ""), -1, debezium));
    columns.add(Column.of(Column.arrayType(BuiltIn.POINT.pgType()), -1, debezium));
    return columns;
  }

  private static List<Column> nested() {
    PgType int4 = BuiltIn.INT4.pgType();
    PgType text = BuiltIn.TEXT.pgType();
    PgType triple = Column.compositeType("triple", int4, text, BuiltIn.NUMERIC.pgType());
    List<Column> columns = new ArrayList<>();
    for (SpecialValues special : SpecialValues.values()) {
      TypeOptions options = new TypeOptions(NumericAs.Word.DECLARED, true, special);
      for (PgType type :
          List.of(
              Column.arrayType(int4),
              Column.arrayType(text),
              Column.compositeType("pair", int4, text),
              triple,
              Column.arrayType(triple),
              Column.arrayType(BuiltIn.XID8.pgType()),
              PgType.base(70_000, "ext", "hstore", "hstore", ""),
              PgType.base(70_001, "ext", "geometry", "postgis", ""),
              PgType.base(70_002, "ext", "vector", "vector", ""))) {
        columns.add(Column.of(type, options));
      }
    }
    return columns;
  }
}
