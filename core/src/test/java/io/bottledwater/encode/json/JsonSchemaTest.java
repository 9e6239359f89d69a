package io.bottledwater.encode.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.bottledwater.encode.RecordingRegistry;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.encode.Shapes;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import io.bottledwater.value.ValueWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An independent validator takes the values, and refuses others. */
class JsonSchemaTest {
  private final RecordingRegistry registry = new RecordingRegistry();
  private final List<String> written = new ArrayList<>();

  @Test
  void registersASchemaForValuesAndKeys() {
    new JsonFormat(registry)
        .writerFor(Shapes.with("id", Simple.LONG).and("doc", Simple.JSON).value());
    assertThat(registry.subject()).isEqualTo("shop.orders-value");
    assertThat(registry.type()).isEqualTo("JSON");
    assertThat(registry.schema())
        .isEqualTo(
            "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"title\":\"orders\","
                + "\"type\":\"object\",\"properties\":{"
                + "\"id\":{\"type\":[\"integer\",\"null\"],\"pg.type\":\"type of id\"},"
                + "\"doc\":{\"pg.type\":\"type of doc\"}},\"additionalProperties\":false}");
    new JsonFormat(registry).writerFor(Shapes.with("id", Simple.LONG).key());
    assertThat(registry.subject()).isEqualTo("shop.orders-key");
    assertThat(registry.schema()).contains("\"required\":[\"id\"]");
  }

  @Test
  void takesEveryKindOfValue() {
    ValueType.Struct point =
        new ValueType.Struct(
            "point", List.of("db"), List.of(new RowShape.Field("x", Simple.INT, true, "integer")));
    ValueType mood = new ValueType.Enumeration("mood", List.of("db"), List.of("sad", "ok"));
    Shapes shapes = Shapes.empty();
    List<Consumer<ValueWriter>> values = new ArrayList<>();
    add(shapes, values, Simple.BOOLEAN, w -> w.writeBoolean(true));
    add(shapes, values, Simple.INT, w -> w.writeInt(Integer.MIN_VALUE));
    add(shapes, values, Simple.LONG, w -> w.writeLong(Long.MAX_VALUE));
    add(shapes, values, Simple.FLOAT, w -> w.writeFloat(Float.NaN));
    add(shapes, values, Simple.DOUBLE, w -> w.writeDouble(1e300));
    add(shapes, values, Simple.STRING, w -> w.writeString("x".getBytes(UTF_8), 0, 1));
    add(shapes, values, Simple.BYTES, w -> w.writeBytes(new byte[] {0, 1}, 0, 2));
    add(shapes, values, Simple.NUMERIC, w -> w.writeNumeric("NaN".getBytes(UTF_8), 0, 3));
    add(shapes, values, Simple.NUMERIC, w -> w.writeNumeric("1.5".getBytes(UTF_8), 0, 3));
    add(shapes, values, Simple.DATE, w -> w.writeDate(Integer.MAX_VALUE));
    add(shapes, values, Simple.TIME, w -> w.writeTime(86_400_000_000L));
    add(shapes, values, Simple.TIMESTAMP, w -> w.writeTimestamp(Long.MIN_VALUE));
    add(shapes, values, Simple.TIMESTAMPTZ, w -> w.writeTimestampTz(0));
    add(shapes, values, Simple.INTERVAL, w -> w.writeInterval(1, 2, 3));
    add(shapes, values, Simple.UUID, w -> w.writeUuid(1, 2));
    add(shapes, values, Simple.JSON, w -> w.writeJson("[{}]".getBytes(UTF_8), 0, 4));
    add(shapes, values, new ValueType.Decimal(5, 2), w -> w.writeDecimal(-5, 2));
    add(shapes, values, mood, w -> w.writeEnum(1));
    add(shapes, values, mood, ValueWriter::writeNull);
    add(
        shapes,
        values,
        new ValueType.OneOf(List.of(new ValueType.Decimal(5, 2), Simple.STRING)),
        w -> {
          w.alternative(1);
          w.writeString("NaN".getBytes(UTF_8), 0, 3);
        });
    add(
        shapes,
        values,
        new ValueType.ListOf(point),
        w -> {
          w.beginList(2);
          w.beginStruct();
          w.field(0);
          w.writeInt(1);
          w.endStruct();
          w.writeNull();
          w.endList();
        });
    add(
        shapes,
        values,
        new ValueType.MapOf(Simple.STRING),
        w -> {
          w.beginMap(1);
          w.key("k".getBytes(UTF_8), 0, 1);
          w.writeNull();
          w.endMap();
        });
    write(shapes.value(), values);
    write(
        shapes.value(),
        values.stream().map(v -> (Consumer<ValueWriter>) ValueWriter::writeNull).toList());
    assertThat(refusals(registry.schema())).isEmpty();
  }

  @Test
  void refusesOtherTypesAndUnknownColumns() {
    new JsonFormat(registry).writerFor(Shapes.with("id", Simple.LONG).value());
    Schema schema = schema(registry.schema());
    assertThat(schema.validate("{\"id\":1}", InputFormat.JSON)).isEmpty();
    assertThat(schema.validate("{\"id\":\"1\"}", InputFormat.JSON)).isNotEmpty();
    assertThat(schema.validate("{\"id\":1.5}", InputFormat.JSON)).isNotEmpty();
    assertThat(schema.validate("{\"other\":1}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void acceptsAllThatTheTopicHoldsAfterChangesOfTheTable() {
    RowShape first = Shapes.with("a", Simple.INT).and("b", Simple.STRING).value();
    write(first, List.of(w -> w.writeInt(1), w -> w.writeString("x".getBytes(UTF_8), 0, 1)));
    write(Shapes.with("a", Simple.INT).value(), List.of(w -> w.writeInt(2)));
    assertThat(versions()).isEqualTo(1);
    // Retyped and renamed.
    RowShape later = Shapes.with("a", Simple.STRING).and("c", Simple.INT).value();
    write(later, List.of(w -> w.writeString("y".getBytes(UTF_8), 0, 1), w -> w.writeInt(3)));
    assertThat(versions()).isEqualTo(2);
    assertThat(refusals(registry.schema())).isEmpty();
    // After a restart that goes back before the change.
    write(first, List.of(w -> w.writeInt(1), ValueWriter::writeNull));
    write(later, List.of(ValueWriter::writeNull, ValueWriter::writeNull));
    assertThat(versions()).isEqualTo(2);
    assertThat(refusals(registry.schema())).isEmpty();
  }

  private int versions() {
    return registry.versionsAfter("shop.orders-value", 0).size();
  }

  private static void add(
      Shapes shapes,
      List<Consumer<ValueWriter>> values,
      ValueType type,
      Consumer<ValueWriter> value) {
    shapes.and("c" + values.size(), type);
    values.add(value);
  }

  private void write(RowShape shape, List<Consumer<ValueWriter>> values) {
    RowWriter writer = new JsonFormat(registry).writerFor(shape);
    writer.begin();
    for (int i = 0; i < values.size(); i++) {
      writer.field(i);
      values.get(i).accept(writer);
    }
    byte[] bytes = writer.finish();
    assertThat(bytes[0]).isZero();
    assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt())
        .isEqualTo(registry.newest("shop.orders-value").orElseThrow().id());
    written.add(new String(bytes, 5, bytes.length - 5, UTF_8));
  }

  private List<String> refusals(String text) {
    List<String> refusals = new ArrayList<>();
    for (String row : written) {
      schema(text).validate(row, InputFormat.JSON).forEach(error -> refusals.add(error + row));
    }
    return refusals;
  }

  private static Schema schema(String text) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(text, InputFormat.JSON);
  }
}
