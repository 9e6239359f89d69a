package io.bottledwater.cli.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.encode.protobuf.ProtobufFormat;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.registry.client.RegisteredSchema;
import io.bottledwater.registry.client.SchemaReference;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataPrinterTest {
  private static final int ID = 258;

  @Test
  void printsEveryAvroTypeAsPlainJson() throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"r","fields":[
                 {"name":"yes","type":"boolean"},
                 {"name":"long","type":"long"},
                 {"name":"float","type":"float"},
                 {"name":"double","type":"double"},
                 {"name":"bytes","type":"bytes"},
                 {"name":"fixed","type":{"type":"fixed","name":"f","size":2}},
                 {"name":"enum","type":{"type":"enum","name":"e","symbols":["A","B"]}},
                 {"name":"list","type":{"type":"array","items":["null","int"]}},
                 {"name":"map","type":{"type":"map","values":"string"}},
                 {"name":"inner","type":["null",{"type":"record","name":"i","fields":[
                   {"name":"next","type":["null","i"]}]}]},
                 {"name":"none","type":["null","string"]}]}
                """);
    GenericData.Record record = new GenericData.Record(schema);
    record.put("yes", true);
    record.put("long", Long.MIN_VALUE);
    record.put("float", 0.1f);
    record.put("double", Double.NaN);
    record.put("bytes", ByteBuffer.wrap(new byte[] {0, (byte) 0xab}));
    record.put(
        "fixed", new GenericData.Fixed(schema.getField("fixed").schema(), new byte[] {1, 2}));
    record.put("enum", new GenericData.EnumSymbol(schema.getField("enum").schema(), "B"));
    record.put("list", Arrays.asList(1, null, 3));
    record.put("map", Map.of("a\n", "\u00e9"));
    GenericData.Record inner =
        new GenericData.Record(schema.getField("inner").schema().getTypes().get(1));
    record.put("inner", inner);

    assertThat(print(schema, record))
        .isEqualTo(
            "{\"yes\":true,\"long\":-9223372036854775808,\"float\":0.1,\"double\":\"NaN\","
                + "\"bytes\":\"\\\\x00ab\",\"fixed\":\"\\\\x0102\",\"enum\":\"B\","
                + "\"list\":[1,null,3],\"map\":{\"a\\n\":\"\u00e9\"},\"inner\":{\"next\":null},"
                + "\"none\":null}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "int;date;0;1970-01-01",
        "int;date;2147483647;infinity",
        "int;time-millis;3723004;01:02:03.004",
        "long;time-micros;86400000000;24:00:00",
        "long;timestamp-millis;-1;1969-12-31T23:59:59.999+00:00",
        "long;timestamp-micros;1700000000000001;2023-11-14T22:13:20.000001+00:00",
        "long;timestamp-micros;-9223372036854775808;-infinity",
        "long;local-timestamp-micros;0;1970-01-01T00:00:00",
        "long;local-timestamp-millis;1500;1970-01-01T00:00:01.5",
        "long;timestamp-nanos;1;1970-01-01T00:00:00.000000001+00:00",
        "long;local-timestamp-nanos;0;1970-01-01T00:00:00",
      })
  void printsDatesAndTimesAsIsoText(String type, String logicalType, long value, String expected)
      throws IOException {
    Schema schema = logical(type, "\"logicalType\":\"" + logicalType + "\"");

    // The two branches would otherwise be one type, and the number a long.
    Object number = type.equals("int") ? (Object) (int) value : (Object) value;
    assertThat(print(schema, number)).isEqualTo("\"" + expected + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 0.00",
    "-5, 2, -0.05",
    "123456789012345678901234567890, 5, 1234567890123456789012345.67890",
    "-128, 0, -128"
  })
  void printsDecimalsExactly(BigInteger unscaled, int scale, String expected) throws IOException {
    Schema schema =
        logical("bytes", "\"logicalType\":\"decimal\",\"precision\":38,\"scale\":" + scale);

    assertThat(print(schema, ByteBuffer.wrap(unscaled.toByteArray()))).isEqualTo(expected);
  }

  @Test
  void printsThePumpsOwnTypesAsItsJsonFormatDoes() throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"t","fields":[
                 {"name":"doc","type":["null","string"],"pg.type":"jsonb"},
                 {"name":"broken","type":"string","pg.type":"json"},
                 {"name":"number","type":["null","string"],"pg.type":"numeric"},
                 {"name":"special","type":"string","pg.type":"numeric"},
                 {"name":"text","type":"string","pg.type":"text"},
                 {"name":"span","type":{"type":"record","name":"io.bottledwater.type.Interval",
                   "fields":[{"name":"months","type":"int"},{"name":"days","type":"int"},
                     {"name":"micros","type":"long"}]}}]}
                """);
    GenericData.Record record = new GenericData.Record(schema);
    record.put("doc", "{\"a\": 1.50,\n \"b\": null}");
    record.put("broken", "{");
    record.put("number", "-0.10");
    record.put("special", "NaN");
    record.put("text", "{}");
    GenericData.Record span = new GenericData.Record(schema.getField("span").schema());
    span.put("months", 14);
    span.put("days", -3);
    span.put("micros", 1_500_000L);
    record.put("span", span);

    assertThat(print(schema, record))
        .isEqualTo(
            "{\"doc\":{\"a\":1.50,\"b\":null},\"broken\":\"{\",\"number\":-0.10,"
                + "\"special\":\"NaN\",\"text\":\"{}\","
                + "\"span\":\"1 year 2 mons -3 days +00:00:01.5\"}");
  }

  @Test
  void printsBytesThatDoNotFitTheSchemaAsBase64() {
    DataPrinter printer = printer("AVRO", "\"string\"");

    assertThat(print(printer, framed(new byte[] {20, 'x'})))
        .isEqualTo("{\"base64\":\"AAAAAQIUeA==\"}");
    assertThat(print(printer, framed(new byte[] {2, 'x', 'y'})))
        .isEqualTo("{\"base64\":\"AAAAAQICeHk=\"}");
    assertThat(print(printer, framed(new byte[] {2, 'x'}))).isEqualTo("\"x\"");
  }

  @Test
  void doesNotFollowEndlessNesting() {
    DataPrinter printer =
        printer(
            "AVRO",
            "{\"type\":\"record\",\"name\":\"n\",\"fields\":[{\"name\":\"n\",\"type\":[\"null\",\"n\"]}]}");
    byte[] nested = new byte[100_000];
    Arrays.fill(nested, (byte) 2);
    nested[nested.length - 1] = 0;

    assertThat(print(printer, framed(nested)).substring(0, 11)).isEqualTo("{\"base64\":\"");
  }

  @Test
  void printsTheJsonAfterAJsonSchemasId() {
    DataPrinter printer = printer("JSON", "{}");

    assertThat(print(printer, framed("{\"a\":1}".getBytes(UTF_8)))).isEqualTo("{\"a\":1}");
  }

  @Test
  void printsSchemasThatItCannotReadAsBase64() {
    DataPrinter protobuf = printer("PROTOBUF", "syntax = \"proto3\";");
    DataPrinter references =
        new DataPrinter(
            id ->
                new RegisteredSchema(
                    "AVRO", "\"string\"", List.of(new SchemaReference("a", "a-value", 1))));

    assertThat(print(protobuf, framed(new byte[] {0}))).isEqualTo("{\"base64\":\"AAAAAQIA\"}");
    assertThat(print(references, framed(new byte[] {0}))).isEqualTo("{\"base64\":\"AAAAAQIA\"}");
  }

  @Test
  void printsThePumpsProtobufAsItsJson() {
    ValueType.Struct point =
        new ValueType.Struct(
            "point",
            List.of("db"),
            List.of(
                new RowShape.Field("x y", ValueType.Simple.INT, true, "integer"),
                new RowShape.Field("day", ValueType.Simple.DATE, false, "date")));
    List<RowShape.Field> fields = new ArrayList<>();
    for (ValueType.Simple type : ValueType.Simple.values()) {
      fields.add(new RowShape.Field("The " + type, type, false, "t"));
    }
    fields.add(
        new RowShape.Field(
            "mood",
            new ValueType.Enumeration("mood", List.of("db"), List.of("so so", "ok")),
            false,
            "mood"));
    fields.add(new RowShape.Field("points", new ValueType.ListOf(point), false, "point[]"));
    fields.add(
        new RowShape.Field("tags", new ValueType.MapOf(ValueType.Simple.STRING), false, "hstore"));
    fields.add(
        new RowShape.Field(
            "sum",
            new ValueType.OneOf(List.of(new ValueType.Decimal(5, 2), ValueType.Simple.STRING)),
            false,
            "numeric(5,2)"));
    RowShape shape = new RowShape("t", false, "t", List.of("db"), fields);
    byte[] json = rows(new JsonFormat().writerFor(shape));
    String[] schema = {""};
    SchemaRegistry registry =
        new SchemaRegistry() {
          @Override
          public int register(String subject, String type, String text) {
            schema[0] = text;
            return ID;
          }

          @Override
          public Optional<SubjectVersion> newest(String subject) {
            return Optional.empty();
          }

          @Override
          public List<SubjectVersion> versionsAfter(String subject, int after) {
            return List.of();
          }

          @Override
          public void close() {}
        };
    byte[] protobuf = rows(new ProtobufFormat(registry).writerFor(shape));

    assertThat(print(printer("PROTOBUF", schema[0]), protobuf)).isEqualTo(new String(json, UTF_8));
    byte[] broken = Arrays.copyOf(protobuf, protobuf.length - 1);
    assertThat(print(printer("PROTOBUF", schema[0]), broken)).startsWith("{\"base64\":");
    broken[5] = 2;
    assertThat(print(printer("PROTOBUF", schema[0]), broken)).startsWith("{\"base64\":");
  }

  private static byte[] rows(RowWriter out) {
    byte[] text = "1.50".getBytes(UTF_8);
    byte[] document = "{\"a\":[1]}".getBytes(UTF_8);
    out.begin();
    List<Runnable> values =
        List.of(
            () -> out.writeBoolean(true),
            () -> out.writeInt(-1),
            () -> out.writeLong(Long.MIN_VALUE),
            () -> out.writeFloat(0.1f),
            () -> out.writeDouble(Double.NaN),
            () -> out.writeString("é\n".getBytes(UTF_8), 0, 3),
            () -> out.writeBytes(text, 0, 4),
            () -> out.writeNumeric(text, 0, 4),
            () -> out.writeDate(Integer.MAX_VALUE),
            () -> out.writeTime(86_400_000_000L),
            () -> out.writeTimestamp(-1),
            () -> out.writeTimestampTz(Long.MIN_VALUE),
            () -> out.writeInterval(14, -3, 1_500_000),
            () -> out.writeUuid(1, 2),
            () -> out.writeJson(document, 0, document.length),
            () -> out.writeEnum(0),
            () -> {
              out.beginList(2);
              out.writeNull();
              out.beginStruct();
              out.field(0);
              out.writeInt(7);
              out.field(1);
              out.writeNull();
              out.endStruct();
              out.endList();
            },
            () -> {
              out.beginMap(2);
              out.key(text, 0, 1);
              out.writeNull();
              out.key(text, 0, 4);
              out.writeString(text, 0, 4);
              out.endMap();
            },
            () -> {
              out.alternative(0);
              out.writeDecimal(-5, 2);
            });
    for (int i = 0; i < values.size(); i++) {
      out.field(i);
      values.get(i).run();
    }
    return out.finish();
  }

  @Test
  void printsOtherProtobuf() {
    String schema =
        """
        syntax = "proto3";
        message Other {}
        message Outer {
          message Inner { uint32 n = 1; repeated int32 list = 2; optional string none = 3; E e = 4; }
          enum E { ZERO = 0; }
        }
        """;
    // Count 2, then 1 and 0: Outer.Inner.
    byte[] inner = {4, 2, 0, 8, -1, -1, -1, -1, 15, 18, 2, 1, 2};
    assertThat(print(printer("PROTOBUF", schema), framed(inner)))
        .isEqualTo("{\"n\":4294967295,\"list\":[1,2],\"none\":null,\"e\":\"ZERO\"}");
    assertThat(print(printer("PROTOBUF", schema), framed(new byte[] {0}))).isEqualTo("{}");
  }

  @Test
  void asksOnceForAnIdThatTheRegistryDoesNotHave() {
    int[] asked = {0};
    DataPrinter printer =
        new DataPrinter(
            id -> {
              asked[0]++;
              throw new BottledWaterException(ErrorCode.SCHEMA_REFUSED, "No schema " + id + ".");
            });
    byte[] number = {0, 0, 0, 0, 0, 0, 0, (byte) 200};

    assertThat(print(printer, number)).isEqualTo("{\"base64\":\"AAAAAAAAAMg=\"}");
    assertThat(print(printer, number)).isEqualTo("{\"base64\":\"AAAAAAAAAMg=\"}");
    assertThat(asked[0]).isEqualTo(1);
  }

  @Test
  void stopsWhenTheRegistryCannotBeAsked() {
    DataPrinter printer =
        new DataPrinter(
            id -> {
              throw new BottledWaterException(ErrorCode.REGISTRY_UNREACHABLE, "Gone.");
            });

    assertThatThrownBy(() -> print(printer, framed(new byte[] {0})))
        .isInstanceOf(BottledWaterException.class)
        .hasMessageContaining("BW-REGISTRY-UNREACHABLE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {
        "12.50;12.50",
        "null;null",
        "NaN;\"NaN\"",
        "{\"a\":1} {\"b\":2};\"{\\\"a\\\":1} {\\\"b\\\":2}\"",
        "{\"a\":;\"{\\\"a\\\":\"",
        "||;\"\"",
      })
  void keepsJsonAndQuotesOtherText(String text, String expected) {
    assertThat(print(unused(), text.getBytes(UTF_8))).isEqualTo(expected);
  }

  private static Schema logical(String type, String attributes) {
    return new Schema.Parser().parse("{\"type\":\"" + type + "\"," + attributes + "}");
  }

  private static DataPrinter unused() {
    return new DataPrinter(
        id -> {
          throw new AssertionError("asked for schema " + id);
        });
  }

  private static DataPrinter printer(String type, String schema) {
    return new DataPrinter(
        id -> {
          assertThat(id).isEqualTo(ID);
          return new RegisteredSchema(type, schema, List.of());
        });
  }

  /** As Avro's own writer encodes it. */
  private static String print(Schema schema, Object datum) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(datum, encoder);
    encoder.flush();
    return print(printer("AVRO", schema.toString()), framed(bytes.toByteArray()));
  }

  private static byte[] framed(byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(ID).put(body).array();
  }

  private static String print(DataPrinter printer, byte[] data) {
    ByteWriter out = new ByteWriter(16);
    printer.print(out, data);
    return new String(out.array(), 0, out.position(), UTF_8);
  }
}
