package io.bottledwater.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaDifferenceTest {
  @Test
  void tellsColumnsOfAvroByTheirOwnNamesAndTypes() {
    String before =
        avro(
            """
            {"name":"id","type":"int","doc":"id","pg.type":"integer"},
            {"name":"_c3__a9_","type":["null","int"],"default":null,"doc":"é","pg.type":"integer"},
            {"name":"gone","type":["null",{"type":"array","items":["null","long"]}],"doc":"gone",
             "pg.type":"bigint[]"},
            {"name":"n","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,
             "scale":2}],"doc":"n","pg.type":"numeric(10,2)"}""");
    String now =
        avro(
            """
            {"name":"id","type":"int","doc":"id","pg.type":"integer"},
            {"name":"_c3__a9_","type":["null","string"],"default":null,"doc":"é","pg.type":"text"},
            {"name":"n","type":["null",{"type":"bytes","logicalType":"decimal","precision":12,
             "scale":3}],"doc":"n","pg.type":"numeric(12,3)"},
            {"name":"fresh","type":"long","doc":"fresh","pg.type":"bigint"}""");

    assertThat(SchemaDifference.between(version("AVRO", before), "AVRO", now))
        .isEqualTo(
            "\"é\" integer (int) -> text (string); \"n\" numeric(10,2) (bytes decimal(10,2)) ->"
                + " numeric(12,3) (bytes decimal(12,3)); added \"fresh\" bigint (long, required);"
                + " removed \"gone\" bigint[] (array of long)");
  }

  @Test
  void tellsFieldsInsideAnEnvelopeOnce() {
    String row =
        "{\"type\":\"record\",\"name\":\"Value\",\"fields\":[{\"name\":\"v\",\"type\":\"%s\"}]}";
    String envelope =
        avro(
            "{\"name\":\"before\",\"type\":[\"null\","
                + row
                + "]},{\"name\":\"after\",\"type\":[\"null\",\"Value\"]}");

    assertThat(
            SchemaDifference.between(
                version("AVRO", envelope.formatted("int")), "AVRO", envelope.formatted("long")))
        .isEqualTo("\"before.v\" int, required -> long, required");
  }

  @Test
  void tellsFieldsOfProtobufAndJson() {
    String proto =
        """
        syntax = "proto3";

        package p;

        message t {
          reserved 2;
          // integer
          optional int32 id = 1;
          optional %s v = 3;
          message Inner {
            repeated string a = 1;
          }
        }
        """;
    assertThat(
            SchemaDifference.between(
                version("PROTOBUF", proto.formatted("string")),
                "PROTOBUF",
                proto.formatted("int64").replace("repeated string a", "repeated string b")))
        .isEqualTo(
            "\"v\" optional string = 3 -> optional int64 = 3; added \"Inner.b\" repeated string ="
                + " 1; removed \"Inner.a\" repeated string = 1");
    String json =
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\",\"pg.type\":\"integer\"},"
            + "\"v\":{\"type\":[\"%s\",\"null\"]}},\"required\":[\"id\"]}";
    assertThat(
            SchemaDifference.between(
                version("JSON", json.formatted("string")), "JSON", json.formatted("number")))
        .isEqualTo("\"v\" string -> number");
  }

  @Test
  void isBoundedAndFitForALogWhateverTheRegistryHolds() {
    String many =
        IntStream.range(0, 1600)
            .mapToObj(i -> "{\"name\":\"" + "c".repeat(500) + i + "\",\"type\":\"int\"}")
            .collect(Collectors.joining(","));
    String one = avro("{\"name\":\"a\\n\\u001b\\u2028b\",\"type\":\"int\"}");

    assertThat(SchemaDifference.between(version("AVRO", avro(many)), "AVRO", one))
        .hasSizeLessThan(2_500)
        .contains("added \"a   b\" int", "and 1589 more")
        .doesNotContain("\n", "\u001b", "\u2028");
    assertThat(SchemaDifference.between(version("JSON", "{}"), "AVRO", one))
        .isEqualTo("JSON -> AVRO");
    assertThat(SchemaDifference.between(version("AVRO", "{{{"), "AVRO", one))
        .contains("earlier schema has no fields");
    assertThat(SchemaDifference.between(version("AVRO", "[".repeat(100_000)), "AVRO", one))
        .contains("earlier schema has no fields");
    assertThat(SchemaDifference.between(version("AVRO", one), "AVRO", one))
        .isEqualTo("none in their fields");
  }

  private static String avro(String fields) {
    return "{\"type\":\"record\",\"name\":\"t\",\"namespace\":\"n\",\"fields\":[" + fields + "]}";
  }

  private static SubjectVersion version(String type, String text) {
    return new SubjectVersion(3, 7, type, text);
  }
}
