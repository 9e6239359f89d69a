package io.bottledwater.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SpecificationVersion;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.avro.ClassicAvroFormat;
import io.bottledwater.encode.avro.ConnectAvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.encode.protobuf.ProtobufFormat;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.PgType;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.testkit.ProtobufCompiler;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NulledValues;
import io.bottledwater.type.NumericAs;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.type.classic.ClassicMappings;
import io.bottledwater.type.debezium.DebeziumMappings;
import io.bottledwater.value.RowShape;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The rows of {@code docs/types.md} whose types no server of the tests has: the text that their
 * output functions give, in each mapping, as an independent reader sees it.
 */
class ExtensionTypesTest {
  /**
   * A type and a value of it.
   *
   * @param json what a reader must see of it, where it is not text
   */
  record Sample(String name, String extension, String text, String json) {
    Column column() {
      PgType type = PgType.base(PgType.FIRST_NORMAL_OBJECT_ID, "public", name, extension, "out");
      return new Column(name, type, -1, name);
    }
  }

  private static final String POINT = "0101000020E6100000000000000000F03F0000000000000040";
  private static final String POINT_AND_SRID =
      "{\"wkb\":\"\\\\x0101000000000000000000f03f0000000000000040\",\"srid\":4326}";

  static final List<Sample> SAMPLES =
      List.of(
          new Sample("geometry", "postgis", POINT, POINT_AND_SRID),
          new Sample("geography", "postgis", POINT, POINT_AND_SRID),
          new Sample("vector", "vector", "[1,-2.5]", "[1.0,-2.5]"),
          new Sample("halfvec", "vector", "[1,-2.5]", "[1.0,-2.5]"),
          new Sample("sparsevec", "vector", "{1:1.5}/3", "\"{1:1.5}/3\""));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeMappings STANDARD =
      new TypeMappings(TypeOptions.DEFAULTS, List.of("db"));

  private final RecordingRegistry registry = new RecordingRegistry();

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void avro(Sample sample) throws Exception {
    assertThat(plain(read(sample, STANDARD, AvroFormat::new))).isEqualTo(expected(sample));
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void protobuf(Sample sample) throws Exception {
    byte[] row = encode(sample, STANDARD, new ProtobufFormat(registry));
    Descriptor type = ProtobufCompiler.firstMessage(registry.schema());
    DynamicMessage message = DynamicMessage.parseFrom(type, Arrays.copyOfRange(row, 6, row.length));
    assertThat(plain(message.getField(type.findFieldByName("v")))).isEqualTo(expected(sample));
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void jsonWithItsSchema(Sample sample) throws Exception {
    byte[] row = encode(sample, STANDARD, new JsonFormat(registry));
    String document = new String(row, 5, row.length - 5, UTF_8);
    assertThat(
            com.networknt.schema.SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(registry.schema(), InputFormat.JSON)
                .validate(document, InputFormat.JSON))
        .isEmpty();
    assertThat(JSON.readTree(document).get("v").toString())
        .isEqualTo(sample.json().replace("1.0", "1"));
    assertThat(new String(encode(sample, STANDARD, new JsonFormat()), UTF_8)).isEqualTo(document);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void textForReadersOfOtherPumps(Sample sample) throws Exception {
    TypeMappings classic = new ClassicMappings(ZoneOffset.UTC.getRules(), SpecialValues.STOP);
    TypeMappings debezium = new DebeziumMappings(NumericAs.Word.DECLARED, SpecialValues.STOP);
    assertThat(read(sample, classic, ClassicAvroFormat::new)).hasToString(sample.text());
    assertThat(read(sample, debezium, ConnectAvroFormat::new)).hasToString(sample.text());
  }

  private static Object expected(Sample sample) throws Exception {
    return JSON.readValue(sample.json(), Object.class);
  }

  /** What Avro's own reader makes of the value. */
  private Object read(
      Sample sample, TypeMappings types, Function<SchemaRegistry, OutputFormat> format)
      throws Exception {
    byte[] row = encode(sample, types, format.apply(registry));
    Schema schema = new Schema.Parser().parse(registry.schema());
    return new GenericDatumReader<GenericRecord>(schema)
        .read(null, DecoderFactory.get().binaryDecoder(row, 5, row.length - 5, null))
        .get("v");
  }

  private static byte[] encode(Sample sample, TypeMappings types, OutputFormat format) {
    Column column = sample.column();
    ColumnMapping mapping =
        new MappingScope(types, false, new NulledValues()).map(column.type(), column.typmod());
    RowShape shape =
        new RowShape(
            "t",
            false,
            "t",
            List.of("db", "public"),
            List.of(new RowShape.Field("v", mapping.valueType(), false, sample.name())));
    RowWriter out = format.writerFor(shape);
    out.begin();
    out.field(0);
    byte[] text = sample.text().getBytes(UTF_8);
    mapping.text().decode(text, 0, text.length, out);
    return out.finish();
  }

  /** What a reader gives, in numbers, texts, lists and maps. */
  private static Object plain(Object value) {
    if (value instanceof GenericRecord struct) {
      Map<String, Object> fields = new HashMap<>();
      struct.getSchema().getFields().forEach(f -> fields.put(f.name(), plain(struct.get(f.pos()))));
      return fields;
    }
    if (value instanceof DynamicMessage message) {
      Map<String, Object> fields = new HashMap<>();
      message.getAllFields().forEach((field, v) -> fields.put(field.getName(), plain(v)));
      // The messages that hold a list, and an element that may be null.
      return fields.size() == 1 ? fields.values().iterator().next() : fields;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ExtensionTypesTest::plain).toList();
    }
    if (value instanceof ByteString bytes) {
      return plain(bytes.asReadOnlyByteBuffer());
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return "\\x" + HexFormat.of().formatHex(copy);
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }
}
