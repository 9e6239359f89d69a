package io.bottledwater.encode.avro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.encode.RecordingRegistry;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.encode.Shapes;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import io.bottledwater.value.ValueWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

class AvroFormatTest {
  private final RecordingRegistry registry = new RecordingRegistry();
  private final AvroFormat format = new AvroFormat(registry);

  @Test
  void registersTheSchemaUnderTheTopicsSubject() {
    format.writerFor(Shapes.with("id", Simple.INT).value());
    assertThat(registry.subject()).isEqualTo("shop.orders-value");
    assertThat(registry.type()).isEqualTo("AVRO");
    assertThat(registry.schema())
        .isEqualTo(
            "{\"type\":\"record\",\"name\":\"orders\",\"namespace\":\"db.shop\",\"doc\":\"orders\","
                + "\"fields\":[{\"name\":\"id\",\"type\":[\"null\",\"int\"],\"default\":null,"
                + "\"doc\":\"id\",\"pg.type\":\"type of id\"}]}");
    format.writerFor(Shapes.with("id", Simple.INT).key());
    assertThat(registry.subject()).isEqualTo("shop.orders-key");
  }

  @Test
  void givesEachTypeItsLogicalType() {
    Shapes shapes = Shapes.empty();
    for (Simple type : Simple.values()) {
      shapes.and(type.name(), type);
    }
    shapes.and("DECIMAL", new ValueType.Decimal(12, 3));
    format.writerFor(shapes.value());
    Schema schema = schema();
    assertThat(branch(schema, "DATE").getLogicalType()).isEqualTo(LogicalTypes.date());
    assertThat(branch(schema, "TIME").getLogicalType()).isEqualTo(LogicalTypes.timeMicros());
    assertThat(branch(schema, "TIMESTAMP").getLogicalType())
        .isEqualTo(LogicalTypes.localTimestampMicros());
    assertThat(branch(schema, "TIMESTAMPTZ").getLogicalType())
        .isEqualTo(LogicalTypes.timestampMicros());
    assertThat(branch(schema, "UUID").getLogicalType()).isEqualTo(LogicalTypes.uuid());
    assertThat(branch(schema, "DECIMAL").getLogicalType()).isEqualTo(LogicalTypes.decimal(12, 3));
    assertThat(branch(schema, "NUMERIC").getType()).isEqualTo(Schema.Type.STRING);
    assertThat(branch(schema, "JSON").getType()).isEqualTo(Schema.Type.STRING);
    assertThat(branch(schema, "LONG").getType()).isEqualTo(Schema.Type.LONG);
    for (Schema.Field field : schema.getFields()) {
      assertThat(field.hasDefaultValue()).isTrue();
      assertThat(field.getProp("pg.type")).isEqualTo("type of " + field.name());
    }
  }

  @Test
  void writesWhatAvrosOwnReaderReads() throws IOException {
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
            .and("iv2", Simple.INTERVAL)
            .value();
    byte[] text = "crêpes".getBytes(UTF_8);
    GenericRecord row =
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
                w -> w.writeNumeric("1.50".getBytes(UTF_8), 0, 4),
                w -> w.writeUuid(0x0011223344556677L, 0x8899AABBCCDDEEFFL),
                w -> w.writeTimestamp(-1),
                ValueWriter::writeNull,
                w -> w.writeInterval(1, -2, 3),
                w -> w.writeInterval(Integer.MIN_VALUE, 0, Long.MIN_VALUE)));
    assertThat(row.get("flag")).isEqualTo(true);
    assertThat(row.get("i")).isEqualTo(Integer.MIN_VALUE);
    assertThat(row.get("l")).isEqualTo(Long.MAX_VALUE);
    assertThat(row.get("f")).isEqualTo(1.5f);
    assertThat(row.get("d")).isEqualTo(-0.1);
    assertThat(row.get("s")).hasToString("crêpes");
    assertThat(row.get("b")).isEqualTo(ByteBuffer.wrap(text, 2, 2));
    assertThat(row.get("n")).hasToString("1.50");
    assertThat(row.get("u")).hasToString("00112233-4455-6677-8899-aabbccddeeff");
    assertThat(row.get("ts")).isEqualTo(-1L);
    assertThat(row.get("missing")).isNull();
    assertThat(row.get("iv")).hasToString("{\"months\": 1, \"days\": -2, \"micros\": 3}");
    assertThat(((GenericRecord) row.get("iv2")).get("micros")).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void writesDecimalsWithTheFewestBytes() throws IOException {
    RowShape shape = Shapes.with("d", new ValueType.Decimal(19, 2)).value();
    for (long value :
        new long[] {
          0,
          1,
          -1,
          127,
          128,
          -128,
          -129,
          255,
          256,
          32767,
          32768,
          -32769,
          1L << 55,
          Long.MAX_VALUE,
          Long.MIN_VALUE
        }) {
      ByteBuffer bytes = (ByteBuffer) read(shape, List.of(w -> w.writeDecimal(value, 2))).get("d");
      assertThat(bytes).isEqualTo(ByteBuffer.wrap(BigInteger.valueOf(value).toByteArray()));
    }
  }

  @Test
  void writesKeyFieldsWithoutAUnion() throws IOException {
    RowShape shape = Shapes.with("id", Simple.LONG).key();
    RowWriter writer = format.writerFor(shape);
    writer.begin();
    writer.field(0);
    writer.writeLong(-3);
    assertThat(writer.finish()).containsExactly(0, 1, 2, 3, 4, 5);
    writer.begin();
    writer.field(0);
    assertThatThrownBy(writer::writeNull).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void writesARowWithoutColumns() throws IOException {
    assertThat(read(Shapes.empty().value(), List.of())).hasToString("{}");
  }

  @Test
  void refusesARowWithFieldsMissingOrOutOfOrder() {
    RowWriter writer = format.writerFor(Shapes.with("a", Simple.INT).and("b", Simple.INT).value());
    writer.begin();
    assertThatThrownBy(() -> writer.field(1)).isInstanceOf(IllegalStateException.class);
    writer.begin();
    writer.field(0);
    writer.writeInt(1);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void startsAfreshAfterARowThatFailed() throws IOException {
    RowWriter writer = format.writerFor(Shapes.with("a", Simple.INT).value());
    writer.begin();
    writer.field(0);
    writer.writeInt(77);
    writer.begin();
    writer.field(0);
    writer.writeInt(1);
    assertThat(writer.finish()).containsExactly(0, 1, 2, 3, 4, 2, 2);
  }

  @Test
  void makesNamesSafeAndKeepsTheOriginals() {
    RowShape shape =
        new RowShape(
            "t",
            false,
            "crêpes \"1\"",
            List.of("1st", "point-of-sale"),
            List.of(
                new RowShape.Field("größe\n", Simple.INT, false, "\"my type\""),
                new RowShape.Field("a-b", Simple.INT, false, "integer"),
                new RowShape.Field("a_2d_b", Simple.INT, false, "integer"),
                new RowShape.Field("9lives", Simple.INT, false, "integer")));
    format.writerFor(shape);
    Schema schema = schema();
    assertThat(schema.getFullName())
        .isEqualTo("_31_st.point_2d_of_2d_sale.cr_c3__aa_pes_20__22_1_22_");
    assertThat(schema.getDoc()).isEqualTo("crêpes \"1\"");
    assertThat(schema.getFields().stream().map(Schema.Field::name))
        .containsExactly("gr_c3__b6__c3__9f_e_0a_", "a_2d_b__2", "a_2d_b", "_39_lives");
    assertThat(schema.getFields().stream().map(Schema.Field::doc))
        .containsExactly("größe\n", "a-b", "a_2d_b", "9lives");
    assertThat(schema.getFields().get(0).getProp("pg.type")).isEqualTo("\"my type\"");
  }

  @Test
  void keepsTheNamesOfColumnsWhenOthersAreAdded() {
    assertThat(AvroName.distinct(List.of("a b", "a_20_b__2", "a_20_b")))
        .containsExactly("a_20_b__3", "a_20_b__2", "a_20_b");
  }

  private Schema schema() {
    return new Schema.Parser().parse(registry.schema());
  }

  private static Schema branch(Schema schema, String field) {
    Schema union = schema.getField(field).schema();
    assertThat(union.getTypes().get(0).getType()).isEqualTo(Schema.Type.NULL);
    return union.getTypes().get(1);
  }

  private GenericRecord read(RowShape shape, List<Consumer<ValueWriter>> values)
      throws IOException {
    RowWriter writer = format.writerFor(shape);
    writer.begin();
    for (int i = 0; i < values.size(); i++) {
      writer.field(i);
      values.get(i).accept(writer);
    }
    byte[] bytes = writer.finish();
    assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 1, 2, 3, 4);
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null);
    GenericRecord row = new GenericDatumReader<GenericRecord>(schema()).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    return row;
  }
}
