package io.bottledwater.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.encode.protobuf.ProtobufFormat;
import io.bottledwater.postgres.PgType;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NulledValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AllocationTest {
  private static final int WARM_UP = 50_000;
  private static final int COUNTED = 10_000;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({
    "16,-1,t",
    "20,-1,-1234567890123",
    "701,-1,0.30000000000000004",
    "700,-1,3.14",
    "1700,-1,12345.678",
    "1700,786438,12345.67",
    "790,-1,$12.34",
    "25,-1,some text",
    "1082,-1,2026-11-23",
    "1083,-1,17:51:48.5",
    "1114,-1,2026-11-23 17:51:48.123456",
    "1184,-1,0044-03-15 00:00:00+00 BC",
    "1186,-1,1 year -2 days +04:05:06",
    "17,-1,\\x0011ff",
    "2950,-1,00112233-4455-6677-8899-aabbccddeeff",
    "3802,-1,[1]"
  })
  void makesNoObjectForOrdinaryValues(int oid, int typmod, String text) {
    assertNoObjects(mapping(PgType.base(oid, "pg_catalog", "t", "", ""), typmod), text);
  }

  private void assertNoObjects(ColumnMapping mapping, String text) {
    RowWriter avro =
        new AvroFormat(new RecordingRegistry())
            .writerFor(Shapes.with("v", mapping.valueType()).value());
    RowWriter json = new JsonFormat().writerFor(Shapes.with("v", mapping.valueType()).value());
    RowWriter protobuf =
        new ProtobufFormat(new RecordingRegistry())
            .writerFor(Shapes.with("v", mapping.valueType()).value());
    byte[] bytes = text.getBytes(UTF_8);
    write(mapping, bytes, avro, json, protobuf, WARM_UP);
    long before = threads.getCurrentThreadAllocatedBytes();
    write(mapping, bytes, avro, json, protobuf, COUNTED);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    // The smallest object has 16 bytes; what is left over is the virtual machine's own.
    assertThat(allocated / COUNTED).isLessThan(8);
  }

  static Stream<Arguments> nested() {
    PgType int4 = PgType.base(23, "pg_catalog", "int4", "", "");
    PgType text = PgType.base(25, "pg_catalog", "text", "", "");
    PgType numbers = array(int4);
    PgType texts = array(text);
    PgType pair =
        new PgType(
            20_000,
            "public",
            "pair",
            "",
            "",
            new PgType.Form.Composite(
                List.of(
                    new PgType.Attribute("n", int4, -1, "integer"),
                    new PgType.Attribute("t", texts, -1, "text[]"))));
    return Stream.of(
        Arguments.of(numbers, "{1,NULL,-3}"),
        Arguments.of(texts, "{a,\"b \\\"c\\\"\",NULL}"),
        Arguments.of(pair, "(1,\"{\"\"a b\"\",c}\")"),
        Arguments.of(array(pair), "{\"(1,\\\"{x,y}\\\")\",NULL}"),
        Arguments.of(PgType.base(20_001, "public", "hstore", "hstore", ""), "\"k\"=>\"v\\\"\""),
        Arguments.of(PgType.base(20_002, "public", "vector", "vector", ""), "[1,-2.5]"),
        Arguments.of(
            PgType.base(20_003, "public", "geometry", "postgis", ""),
            "0101000020E6100000000000000000F03F0000000000000040"));
  }

  private static PgType array(PgType element) {
    return new PgType(
        element.oid() + 1000, "public", "_t", "", "", new PgType.Form.Array(element, ','));
  }

  @ParameterizedTest
  @MethodSource("nested")
  void makesNoObjectForWhatIsInsideValues(PgType type, String text) {
    assertNoObjects(mapping(type, -1), text);
  }

  private static ColumnMapping mapping(PgType type, int typmod) {
    return new MappingScope(
            new TypeMappings(TypeOptions.DEFAULTS, List.of("db")), false, new NulledValues())
        .map(type, typmod);
  }

  private static void write(
      ColumnMapping mapping,
      byte[] bytes,
      RowWriter avro,
      RowWriter json,
      RowWriter protobuf,
      int times) {
    for (int i = 0; i < times; i++) {
      avro.begin();
      avro.field(0);
      mapping.text().decode(bytes, 0, bytes.length, avro);
      json.begin();
      json.field(0);
      mapping.text().decode(bytes, 0, bytes.length, json);
      protobuf.begin();
      protobuf.field(0);
      mapping.text().decode(bytes, 0, bytes.length, protobuf);
    }
  }
}
