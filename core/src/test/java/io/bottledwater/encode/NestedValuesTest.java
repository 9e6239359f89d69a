package io.bottledwater.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.bottledwater.encode.avro.AvroFormat;
import io.bottledwater.encode.json.JsonFormat;
import io.bottledwater.encode.protobuf.ProtobufFormat;
import io.bottledwater.testkit.ProtobufCompiler;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import io.bottledwater.value.ValueWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

/** Lists, maps, structs, enumerations and alternatives, one within another. */
class NestedValuesTest {
  private static final ValueType.OneOf NUMBER_OR_TEXT =
      new ValueType.OneOf(List.of(new ValueType.Decimal(10, 2), Simple.STRING));
  private static final ValueType.Struct POINT =
      new ValueType.Struct(
          "point",
          List.of("db", "geo"),
          List.of(
              new RowShape.Field("x", Simple.INT, true, "integer"),
              new RowShape.Field("tags", new ValueType.ListOf(Simple.STRING), false, "text[]")));
  private static final RowShape SHAPE =
      Shapes.with("points", new ValueType.ListOf(POINT))
          .and("more", new ValueType.ListOf(new ValueType.ListOf(Simple.LONG)))
          .and("labels", new ValueType.MapOf(Simple.STRING))
          .and(
              "mood", new ValueType.Enumeration("mood", List.of("db", "shop"), List.of("a", "b c")))
          .and("sums", new ValueType.ListOf(NUMBER_OR_TEXT))
          .and("home", POINT)
          .value();

  @Test
  void avrosOwnReaderReadsThem() throws IOException {
    RecordingRegistry registry = new RecordingRegistry();
    byte[] bytes = write(new AvroFormat(registry).writerFor(SHAPE));
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null);
    Schema schema = new Schema.Parser().parse(registry.schema());
    GenericRecord row = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    assertThat(row.get("points").toString())
        .isEqualTo("[{\"x\": 1, \"tags\": [\"p\", null]}, null, {\"x\": 2, \"tags\": null}]");
    assertThat(row.get("more").toString()).isEqualTo("[[1, null], [], null]");
    assertThat(row.get("labels").toString()).isEqualTo("{k=v, n=null}");
    assertThat(row.get("mood")).hasToString("b_20_c");
    List<?> sums = (List<?>) row.get("sums");
    assertThat(sums).hasSize(3);
    assertThat(sums.get(0)).hasToString("NaN");
    assertThat(sums.get(1)).isNull();
    assertThat(sums.get(2)).isInstanceOf(java.nio.ByteBuffer.class);
    assertThat(((GenericRecord) row.get("home")).get("x")).isEqualTo(7);
  }

  @Test
  void jsonNestsThem() {
    assertThat(new String(write(new JsonFormat().writerFor(SHAPE)), UTF_8))
        .isEqualTo(
            "{\"points\":[{\"x\":1,\"tags\":[\"p\",null]},null,{\"x\":2,\"tags\":null}],"
                + "\"more\":[[1,null],[],null],\"labels\":{\"k\":\"v\",\"n\":null},"
                + "\"mood\":\"b c\",\"sums\":[\"NaN\",null,1.50],\"home\":{\"x\":7,\"tags\":[]}}");
  }

  @Test
  void googlesProtobufLibraryReadsThem() throws IOException {
    RecordingRegistry registry = new RecordingRegistry();
    byte[] bytes = write(new ProtobufFormat(registry).writerFor(SHAPE));
    Descriptor message = ProtobufCompiler.firstMessage(registry.schema());
    DynamicMessage row =
        DynamicMessage.newBuilder(message).mergeFrom(bytes, 6, bytes.length - 6).build();
    String text = TextFormat.printer().emittingSingleLine(true).printToString(row);
    assertThat(text)
        .isEqualTo(
            "points { elements { value { x: 1 tags { elements { value: \"p\" } elements { } } } }"
                + " elements { } elements { value { x: 2 } } }"
                + " more { elements { value { elements { value: 1 } elements { } } }"
                + " elements { value { } } elements { } }"
                + " labels { entries { key: \"k\" value { value: \"v\" } }"
                + " entries { key: \"n\" value { } } }"
                + " mood: Mood_b_20_c"
                + " sums { elements { value { string_value: \"NaN\" } } elements { }"
                + " elements { value { decimal_value: \"1.50\" } } }"
                + " home { x: 7 tags { } }");
  }

  @Test
  void protobufPrefixesLongMessagesWithTheirLengths() throws IOException {
    RowShape shape =
        Shapes.with("l", new ValueType.ListOf(new ValueType.ListOf(Simple.STRING))).value();
    RecordingRegistry registry = new RecordingRegistry();
    RowWriter out = new ProtobufFormat(registry).writerFor(shape);
    Descriptor message = ProtobufCompiler.firstMessage(registry.schema());
    for (int length : new int[] {0, 1, 100, 118, 119, 120, 124, 128, 16_300, 16_384, 3_000_000}) {
      out.begin();
      out.field(0);
      out.beginList(2);
      for (int i = 0; i < 2; i++) {
        out.beginList(1);
        string(out, "x".repeat(length));
        out.endList();
      }
      out.endList();
      byte[] bytes = out.finish();
      DynamicMessage row =
          DynamicMessage.newBuilder(message).mergeFrom(bytes, 6, bytes.length - 6).build();
      assertThat(row.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 6, bytes.length));
    }
  }

  private static byte[] write(RowWriter out) {
    out.begin();
    out.field(0);
    out.beginList(3);
    point(out, 1);
    out.beginList(2);
    string(out, "p");
    out.writeNull();
    out.endList();
    out.endStruct();
    out.writeNull();
    point(out, 2);
    out.writeNull();
    out.endStruct();
    out.endList();

    out.field(1);
    out.beginList(3);
    out.beginList(2);
    out.writeLong(1);
    out.writeNull();
    out.endList();
    out.beginList(0);
    out.endList();
    out.writeNull();
    out.endList();

    out.field(2);
    out.beginMap(2);
    key(out, "k");
    string(out, "v");
    key(out, "n");
    out.writeNull();
    out.endMap();

    out.field(3);
    out.writeEnum(1);

    out.field(4);
    out.beginList(3);
    out.alternative(1);
    string(out, "NaN");
    out.writeNull();
    out.alternative(0);
    out.writeDecimal(150, 2);
    out.endList();

    out.field(5);
    point(out, 7);
    out.beginList(0);
    out.endList();
    out.endStruct();
    return out.finish();
  }

  /** Leaves the struct open before the value of its last field. */
  private static void point(ValueWriter out, int x) {
    out.beginStruct();
    out.field(0);
    out.writeInt(x);
    out.field(1);
  }

  private static void string(ValueWriter out, String text) {
    out.writeString(text.getBytes(UTF_8), 0, text.length());
  }

  private static void key(ValueWriter out, String text) {
    out.key(text.getBytes(UTF_8), 0, text.length());
  }
}
