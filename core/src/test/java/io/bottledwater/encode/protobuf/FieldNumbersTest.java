package io.bottledwater.encode.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.bottledwater.encode.RecordingRegistry;
import io.bottledwater.encode.Shapes;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.testkit.ProtobufCompiler;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A number never changes its meaning, whatever happens to the table. */
class FieldNumbersTest {
  private static final String SUBJECT = "shop.orders-value";

  private final RecordingRegistry registry = new RecordingRegistry();

  @Test
  void aDroppedColumnsNumberIsNotUsedAgain() {
    assertThat(numbers(Shapes.with("a", Simple.INT).and("b", Simple.INT).value()))
        .containsOnly(Map.entry("a", 1), Map.entry("b", 2));
    assertThat(numbers(Shapes.with("a", Simple.INT).value())).containsOnly(Map.entry("a", 1));
    assertThat(registry.schema()).contains("reserved 2;");
    assertThat(numbers(Shapes.with("a", Simple.INT).and("c", Simple.INT).value()))
        .containsOnly(Map.entry("a", 1), Map.entry("c", 3));
    assertThat(
            numbers(Shapes.with("a", Simple.INT).and("c", Simple.INT).and("b", Simple.INT).value()))
        .containsOnly(Map.entry("a", 1), Map.entry("c", 3), Map.entry("b", 4));
  }

  @Test
  void renamedAndRetypedColumnsGetNewNumbersAndReorderedOnesKeepTheirs() {
    numbers(Shapes.with("a", Simple.INT).and("b", Simple.INT).and("c", Simple.INT).value());
    assertThat(
            numbers(
                Shapes.with("c", Simple.INT).and("d", Simple.INT).and("a", Simple.LONG).value()))
        .containsOnly(Map.entry("c", 3), Map.entry("d", 4), Map.entry("a", 5));
    assertThat(registry.schema()).contains("reserved 1 to 2;");
    // The same scalar with another unit.
    assertThat(
            numbers(
                Shapes.with("c", Simple.DATE).and("d", Simple.INT).and("a", Simple.LONG).value()))
        .containsOnly(Map.entry("c", 6), Map.entry("d", 4), Map.entry("a", 5));
  }

  @Test
  void aShapeThatComesAgainGetsTheVersionItHad() {
    RowShape before = Shapes.with("a", Simple.INT).value();
    RowShape after = Shapes.with("a", Simple.INT).and("b", Simple.INT).value();
    numbers(before);
    numbers(after);
    numbers(before);
    assertThat(numbers(after)).containsOnly(Map.entry("a", 1), Map.entry("b", 2));
    assertThat(registry.versionsAfter(SUBJECT, 0)).hasSize(2);
  }

  @Test
  void whatIsWithinTypesKeepsItsNumbersToo() {
    numbers(point("x", "y").and("v", enumeration("low", "high")).value());
    Descriptor row =
        descriptor(point("y", "z").and("v", enumeration("low", "mid", "high")).value());
    assertThat(numbers(row.findNestedTypeByName("Point")))
        .containsOnly(Map.entry("y", 2), Map.entry("z", 3));
    assertThat(
            row.findEnumTypeByName("Level").getValues().stream().map(EnumValueDescriptor::getName))
        .containsExactly("Level_UNSPECIFIED", "Level_low", "Level_mid", "Level_high");
    assertThat(
            row.findEnumTypeByName("Level").getValues().stream()
                .map(EnumValueDescriptor::getNumber))
        .containsExactly(0, 1, 3, 2);
    // Registries take the removal of a message for a break.
    assertThat(descriptor(Shapes.with("v", Simple.INT).value()).findNestedTypeByName("Point"))
        .isNotNull();
    assertThat(numbers(descriptor(point("x", "z").value()).findNestedTypeByName("Point")))
        .containsOnly(Map.entry("x", 4), Map.entry("z", 3));
  }

  private static Shapes point(String first, String second) {
    return Shapes.with(
        "p",
        new ValueType.ListOf(
            new ValueType.Struct(
                "point",
                List.of("db", "geo"),
                List.of(
                    new RowShape.Field(first, Simple.INT, false, "integer"),
                    new RowShape.Field(second, Simple.INT, false, "integer")))));
  }

  private static ValueType enumeration(String... labels) {
    return new ValueType.Enumeration("level", List.of("db"), List.of(labels));
  }

  @Test
  void understandsTextInAnotherLayoutWithoutComments() {
    registry.register(
        SUBJECT,
        "PROTOBUF",
        "syntax=\"proto3\";package db.shop;message orders{reserved 9 to 11,4;reserved \"q\";"
            + "optional int32 a=7;oneof k{string m=2;} map<string,string> z=3;}");
    assertThat(numbers(Shapes.with("b", Simple.INT).and("a", Simple.INT).value()))
        .containsOnly(Map.entry("a", 7), Map.entry("b", 12));
    assertThat(registry.schema()).contains("reserved 2 to 4, 9 to 11;");
  }

  @Test
  void passesOverTheNumbersThatProtobufKeeps() {
    registry.register(
        SUBJECT, "PROTOBUF", "syntax = \"proto3\"; message m { optional int32 a = 18999; }");
    assertThat(numbers(Shapes.with("a", Simple.INT).and("b", Simple.INT).value()))
        .containsOnly(Map.entry("a", 18_999), Map.entry("b", 20_000));
  }

  @Test
  void refusesWhenNoNumberIsLeftOrTheTextCannotBeRead() {
    registry.register(
        SUBJECT, "PROTOBUF", "syntax = \"proto3\"; message m { optional int32 a = 536870911; }");
    refuses("No field number is left");
    for (String text :
        List.of("{", "enum e { A = 0; }", "message m {".repeat(100_000), "", "\u0000")) {
      registry.register(SUBJECT, "PROTOBUF", text);
      refuses("cannot be read");
    }
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> numbers(Shapes.with("b", Simple.INT).value()))
        .isInstanceOfSatisfying(
            BottledWaterException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_REFUSED);
              assertThat(e).hasMessageContaining(message);
            });
  }

  @Test
  void ofTwoThatRegisterAtOnceTheSecondTakesOtherNumbers() {
    RowShape first = Shapes.with("a", Simple.INT).value();
    numbers(first);
    RecordingRegistry racing =
        new RecordingRegistry() {
          private boolean raced;

          @Override
          public int register(String subject, String type, String schema) {
            if (!raced && schema.contains(" mine ")) {
              raced = true;
              new ProtobufFormat(this)
                  .writerFor(Shapes.with("a", Simple.INT).and("theirs", Simple.INT).value());
            }
            return super.register(subject, type, schema);
          }
        };
    ProtobufFormat format = new ProtobufFormat(racing);
    format.writerFor(first);
    format.writerFor(Shapes.with("a", Simple.INT).and("mine", Simple.INT).value());
    assertThat(numbers(ProtobufCompiler.firstMessage(racing.schema())))
        .containsOnly(Map.entry("a", 1), Map.entry("mine", 3));
    assertThat(racing.schema()).contains("reserved 2;");
    // Nobody writes with the version in between.
    assertThat(racing.versionsAfter(SUBJECT, 0)).hasSize(4);
  }

  @Test
  void noNumberChangesItsMeaningInRandomHistories() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int history = 0; history < 50; history++) {
      RecordingRegistry fresh = new RecordingRegistry();
      Map<Integer, String> meanings = new HashMap<>();
      Map<String, Simple> columns = new LinkedHashMap<>();
      for (int change = 0; change < 20; change++) {
        String name = "c" + random.nextInt(8);
        if (columns.remove(name) == null || random.nextBoolean()) {
          columns.put(name, Simple.values()[random.nextInt(Simple.values().length)]);
        }
        Shapes shapes = Shapes.empty();
        columns.forEach(shapes::and);
        // A restart between any two.
        new ProtobufFormat(fresh).writerFor(shapes.value());
        String text = fresh.newest(SUBJECT).orElseThrow().text();
        for (ProtoField field : ProtoReader.firstMessage(text).fields()) {
          String meaning = field.name() + " " + field.type() + " " + field.comment();
          assertThat(meanings.putIfAbsent(field.number(), meaning))
              .as("seed %s", seed)
              .isIn(null, meaning);
        }
      }
      List<String> texts = new ArrayList<>();
      fresh.versionsAfter(SUBJECT, 0).forEach(version -> texts.add(version.text()));
      ProtobufCompiler.firstMessage(texts.get(texts.size() - 1));
    }
  }

  private Map<String, Integer> numbers(RowShape shape) {
    return numbers(descriptor(shape));
  }

  /** As a pump sees it that has just been started. */
  private Descriptor descriptor(RowShape shape) {
    new ProtobufFormat(registry).writerFor(shape);
    return ProtobufCompiler.firstMessage(registry.newest(SUBJECT).orElseThrow().text());
  }

  private static Map<String, Integer> numbers(Descriptor message) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getFields()) {
      numbers.put(field.getName(), field.getNumber());
    }
    return numbers;
  }
}
