package io.bottledwater.encode.protobuf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.bottledwater.encode.RecordingRegistry;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.encode.Shapes;
import io.bottledwater.testkit.ProtobufCompiler;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import io.bottledwater.value.ValueWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Read by Google's compiler and library. */
class ProtobufFormatTest {
  private final RecordingRegistry registry = new RecordingRegistry();
  private final ProtobufFormat format = new ProtobufFormat(registry);

  @Test
  void registersTheSchemaUnderTheTopicsSubject() {
    format.writerFor(Shapes.with("id", Simple.LONG).and("seen at", Simple.TIMESTAMPTZ).value());
    assertThat(registry.subject()).isEqualTo("shop.orders-value");
    assertThat(registry.type()).isEqualTo("PROTOBUF");
    assertThat(registry.schema())
        .isEqualTo(
            """
            syntax = "proto3";

            package db.shop;

            message orders {
              // type of id
              optional int64 id = 1;
              // type of seen at; microseconds since 1970-01-01T00:00Z, the largest and smallest for infinity
              optional int64 seen_20_at = 2 [json_name = "seen at"];
            }
            """);
    format.writerFor(Shapes.with("id", Simple.LONG).key());
    assertThat(registry.subject()).isEqualTo("shop.orders-key");
    assertThat(registry.schema()).contains("message orders_key {");
  }

  @Test
  void filesOfKeysAndValuesCompileTogether() {
    format.writerFor(
        Shapes.with("id", Simple.INTERVAL).and("l", new ValueType.ListOf(Simple.INT)).value());
    String value = registry.schema();
    format.writerFor(Shapes.with("id", Simple.INTERVAL).key());
    assertThat(ProtobufCompiler.compile(List.of(value, registry.schema()))).hasSize(2);
  }

  @Test
  void writesWhatGooglesLibraryReads() throws Exception {
    RowShape shape =
        Shapes.with("flag", Simple.BOOLEAN)
            .and("i", Simple.INT)
            .and("l", Simple.LONG)
            .and("f", Simple.FLOAT)
            .and("d", Simple.DOUBLE)
            .and("s", Simple.STRING)
            .and("b", Simple.BYTES)
            .and("n", Simple.NUMERIC)
            .and("u", Simple.UUID)
            .and("ts", Simple.TIMESTAMP)
            .and("missing", Simple.STRING)
            .and("iv", Simple.INTERVAL)
            .and("iv0", Simple.INTERVAL)
            .and("dec", new ValueType.Decimal(10, 2))
            .and("big", new ValueType.Decimal(400, 390))
            .and("js", Simple.JSON)
            .and("day", Simple.DATE)
            .and("time", Simple.TIME)
            .and("zero", Simple.INT)
            .value();
    byte[] text = "crêpes".getBytes(UTF_8);
    BigInteger large = BigInteger.TEN.pow(399).negate();
    DynamicMessage row =
        read(
            shape,
            List.of(
                w -> w.writeBoolean(true),
                w -> w.writeInt(Integer.MIN_VALUE),
                w -> w.writeLong(Long.MAX_VALUE),
                w -> w.writeFloat(1.5f),
                w -> w.writeDouble(-0.1),
                w -> w.writeString(text, 0, text.length),
                w -> w.writeBytes(text, 2, 2),
                w -> w.writeNumeric("NaN".getBytes(UTF_8), 0, 3),
                w -> w.writeUuid(0x0011223344556677L, 0x8899AABBCCDDEEFFL),
                w -> w.writeTimestamp(Long.MIN_VALUE),
                ValueWriter::writeNull,
                w -> w.writeInterval(1, -2, 3),
                w -> w.writeInterval(0, 0, 0),
                w -> w.writeDecimal(-5, 2),
                w -> w.writeDecimal(large.toByteArray(), 390),
                w -> w.writeJson("[1]".getBytes(UTF_8), 0, 3),
                w -> w.writeDate(-1),
                w -> w.writeTime(86_400_000_000L),
                w -> w.writeInt(0)));
    assertThat(get(row, "flag")).isEqualTo(true);
    assertThat(get(row, "i")).isEqualTo(Integer.MIN_VALUE);
    assertThat(get(row, "l")).isEqualTo(Long.MAX_VALUE);
    assertThat(get(row, "f")).isEqualTo(1.5f);
    assertThat(get(row, "d")).isEqualTo(-0.1);
    assertThat(get(row, "s")).isEqualTo("crêpes");
    assertThat(get(row, "b").toString()).contains("size=2");
    assertThat(get(row, "n")).isEqualTo("NaN");
    assertThat(get(row, "u")).isEqualTo("00112233-4455-6677-8899-aabbccddeeff");
    assertThat(get(row, "ts")).isEqualTo(Long.MIN_VALUE);
    assertThat(has(row, "missing")).isFalse();
    assertThat(get((Message) get(row, "iv"), "months")).isEqualTo(1);
    assertThat(get((Message) get(row, "iv"), "days")).isEqualTo(-2);
    assertThat(get((Message) get(row, "iv"), "micros")).isEqualTo(3L);
    assertThat(has(row, "iv0")).isTrue();
    assertThat(get(row, "dec")).isEqualTo("-0.05");
    assertThat(get(row, "big")).isEqualTo("-1000000000." + "0".repeat(390));
    assertThat(get(row, "js")).isEqualTo("[1]");
    assertThat(get(row, "day")).isEqualTo(-1);
    assertThat(get(row, "time")).isEqualTo(86_400_000_000L);
    assertThat(has(row, "zero")).isTrue();
    assertThat(row.getUnknownFields().asMap()).isEmpty();
  }

  @Test
  void writesTheBytesThatGooglesLibraryWrites() throws Exception {
    RowShape shape =
        Shapes.with("i", Simple.INT).and("s", Simple.STRING).and("t", Simple.TIMESTAMP).value();
    byte[] text = "x".repeat(300).getBytes(UTF_8);
    byte[] bytes =
        write(
            shape,
            List.of(
                w -> w.writeInt(-7), w -> w.writeString(text, 0, 300), w -> w.writeTimestamp(1L)));
    assertThat(bytes).startsWith(0, 1, 2, 3, 4, 0);
    DynamicMessage row = parse(bytes);
    assertThat(bytes).endsWith(row.toByteArray()).hasSize(6 + row.getSerializedSize());
  }

  @Test
  void makesNamesSafeAndKeepsTheOriginals() throws Exception {
    RowShape shape =
        new RowShape(
            "t",
            false,
            "crêpes \"1\"",
            List.of("1st", "point-of-sale", "message"),
            List.of(
                field("größe\n\"\\"),
                field("a-b"),
                field("a_2d_b"),
                field("A"),
                field("a"),
                field("a_"),
                field("foo_bar"),
                field("fooBar"),
                field("[x]"),
                field("message"),
                field("optional"),
                field("int32"),
                field("reserved"),
                field("orders"),
                field("😀"),
                field("1")));
    format.writerFor(shape);
    Descriptor message = ProtobufCompiler.firstMessage(registry.schema());
    assertThat(message.getFullName())
        .startsWith("_31_st.point_2d_of_2d_sale.message.cr_c3__aa_pes");
    assertThat(message.getFields())
        .extracting(FieldDescriptor::getJsonName)
        .containsExactly(
            "größe\n\"\\",
            "a-b",
            "a_2d_b",
            "A",
            "a",
            "a_",
            "foo_bar",
            "fooBar",
            "5bX5d",
            "message",
            "optional",
            "int32",
            "reserved",
            "orders",
            "😀",
            "1");
    // And back again from the registry's text.
    ProtoMessage again = ProtoReader.firstMessage(registry.schema());
    assertThat(ProtoPrinter.print("_31_st.point_2d_of_2d_sale.message", again))
        .isEqualTo(registry.schema());
  }

  @Test
  void writesARowWithoutColumns() throws Exception {
    assertThat(write(Shapes.empty().value(), List.of())).containsExactly(0, 1, 2, 3, 4, 0);
    assertThat(ProtobufCompiler.firstMessage(registry.schema()).getFields()).isEmpty();
  }

  @Test
  void startsAfreshAfterARowThatFailed() throws Exception {
    RowWriter writer = format.writerFor(Shapes.with("a", new ValueType.ListOf(Simple.INT)).value());
    writer.begin();
    writer.field(0);
    writer.beginList(2);
    writer.writeInt(77);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    writer.begin();
    writer.field(0);
    writer.writeNull();
    assertThat(writer.finish()).containsExactly(0, 1, 2, 3, 4, 0);
  }

  @Test
  void typesGiveWayToColumnsOfTheirNames() throws Exception {
    RowShape shape =
        Shapes.with("Interval", Simple.INTERVAL)
            .and("StringList", new ValueType.ListOf(Simple.STRING))
            .value();
    DynamicMessage row =
        read(shape, List.of(w -> w.writeInterval(1, 0, 0), ValueWriter::writeNull));
    assertThat(get((Message) get(row, "Interval"), "months")).isEqualTo(1);
  }

  private static RowShape.Field field(String name) {
    return new RowShape.Field(name, Simple.STRING, false, "\"my; type\"\n");
  }

  private static Object get(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  private static boolean has(Message message, String field) {
    return message.hasField(message.getDescriptorForType().findFieldByName(field));
  }

  private DynamicMessage read(RowShape shape, List<Consumer<ValueWriter>> values)
      throws InvalidProtocolBufferException {
    return parse(write(shape, values));
  }

  private DynamicMessage parse(byte[] bytes) throws InvalidProtocolBufferException {
    Descriptor message = ProtobufCompiler.firstMessage(registry.schema());
    return DynamicMessage.newBuilder(message).mergeFrom(bytes, 6, bytes.length - 6).build();
  }

  private byte[] write(RowShape shape, List<Consumer<ValueWriter>> values) {
    RowWriter writer = format.writerFor(shape);
    writer.begin();
    for (int i = 0; i < values.size(); i++) {
      writer.field(i);
      values.get(i).accept(writer);
    }
    return writer.finish();
  }
}
