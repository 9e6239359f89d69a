package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SpecificationVersion;
import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.ProtobufCompiler;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.bottledwater.testkit.TypeSample;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of {@code docs/types.md} in every mapping, with extreme values, in the snapshot and in
 * the stream: what an independent reader makes of the records is what PostgreSQL says of the rows.
 */
class TypesTest {
  private static final String TOPIC = "samples";

  /** The validator has a Jackson of its own, which refuses the longest numbers unless told. */
  private static final tools.jackson.databind.ObjectMapper VALIDATED =
      new tools.jackson.databind.ObjectMapper(
          tools.jackson.core.json.JsonFactory.builder()
              .streamReadConstraints(
                  tools.jackson.core.StreamReadConstraints.builder()
                      .maxNumberLength(10_000)
                      .build())
              .build());

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {10, 14, 17, 18})
  void avrosOwnReaderReadsWhatPostgresHolds(int version) throws Exception {
    assertThat(TypesPage.names(version)).hasSizeGreaterThan(60);
    try (TestDatabase database = TestPostgres.version(version).newDatabase();
        SchemaRegistryServer registry = registry()) {
      SampledTable table = new SampledTable(database, version);
      List<byte[]> values = table.pump(kafka, TOPIC, "--schema-registry=" + url(registry));
      Schema schema = new Schema.Parser().parse(onlySchema(registry, database, TOPIC));
      table.check(
          values,
          (sample, column) -> sample.json(),
          value -> avroRow(avro(schema, value), DatumCheck::check));
    }
  }

  @Test
  void googlesLibraryReadsProtobuf() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry = registry()) {
      SampledTable table = new SampledTable(database, 17);
      List<byte[]> values =
          table.pump(
              kafka, TOPIC, "--output-format=protobuf", "--schema-registry=" + url(registry));
      Descriptor type = ProtobufCompiler.firstMessage(onlySchema(registry, database, TOPIC));
      table.check(
          values,
          (sample, column) -> sample.json(),
          value -> {
            // Behind the id, a zero for the file's first message.
            assertThat(value[5]).isZero();
            DynamicMessage row =
                DynamicMessage.parseFrom(type, Arrays.copyOfRange(value, 6, value.length));
            return new SampledTable.Row() {
              @Override
              public int id() {
                return (Integer) row.getField(type.findFieldByName("id"));
              }

              @Override
              public void check(String what, int column, JsonNode expected) {
                ProtobufCheck.check(what, row, type.findFieldByName("c" + column), expected);
              }
            };
          });
    }
  }

  @Test
  void jsonIsWhatPostgresMakesOfTheRows() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      SampledTable table = new SampledTable(database, 17);
      List<byte[]> values = table.pump(kafka, TOPIC, "--output-format=json");
      table.check(values, TypesTest::asJson, value -> jsonRow(SampledTable.JSON.readTree(value)));
    }
  }

  @Test
  void jsonFitsItsSchema() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry = registry()) {
      SampledTable table = new SampledTable(database, 17);
      List<byte[]> values =
          table.pump(
              kafka,
              TOPIC,
              "--output-format=json",
              "--json-schema",
              "--schema-registry=" + url(registry));
      com.networknt.schema.Schema schema =
          com.networknt.schema.SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(onlySchema(registry, database, TOPIC), InputFormat.JSON);
      table.check(
          values,
          TypesTest::asJson,
          value -> {
            byte[] document = Arrays.copyOfRange(value, 5, value.length);
            JsonNode row = SampledTable.JSON.readTree(document);
            assertThat(schema.validate(VALIDATED.readTree(document))).isEmpty();
            return jsonRow(row);
          });
    }
  }

  /** With the one value that no double holds: null in its place. */
  @Test
  void classicAvroHasTheOriginalsTypes() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry = registry()) {
      SampledTable table = new SampledTable(database, 17);
      List<byte[]> values =
          table.pump(
              kafka,
              TOPIC,
              "--type-mapping=classic",
              "--special-values=null",
              "--schema-registry=" + url(registry));
      Schema schema = new Schema.Parser().parse(onlySchema(registry, database, TOPIC));
      table.check(
          values,
          (sample, column) ->
              ClassicCheck.expectation(schema.getField("c" + column).schema(), sample.json()),
          value -> avroRow(avro(schema, value), ClassicCheck::check));
    }
  }

  /** With those values that the connector has no form for: null in their places. */
  @Test
  void debeziumsEnvelopeHasItsTypes() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry = registry()) {
      SampledTable table = new SampledTable(database, 17);
      String topic = "public." + TOPIC;
      List<byte[]> values =
          table.pump(
              kafka,
              topic,
              "--envelope=debezium",
              "--special-values=null",
              "--schema-registry=" + url(registry));
      Schema envelope = new Schema.Parser().parse(onlySchema(registry, database, topic));
      Schema row = DatumCheck.withoutNull(envelope.getField("after").schema());
      table.check(
          values,
          (sample, column) ->
              DebeziumCheck.expectation(row.getField("c" + column).schema(), sample.json()),
          value ->
              avroRow((GenericRecord) avro(envelope, value).get("after"), DebeziumCheck::check));
    }
  }

  /** In JSON a document stands as it is, an interval is text, and a float is a number. */
  private static String asJson(TypeSample sample, int column) {
    return switch (sample.type()) {
      case "json", "jsonb", "jsonb[]", "interval", "real", "double precision" -> "to_json(?)";
      default -> sample.json();
    };
  }

  private static SampledTable.Row jsonRow(JsonNode row) {
    return new SampledTable.Row() {
      @Override
      public int id() {
        return row.get("id").intValue();
      }

      @Override
      public void check(String what, int column, JsonNode expected) {
        assertThat(row.get("c" + column)).as(what).isEqualTo(expected);
      }
    };
  }

  private interface AvroCheck {
    void check(String what, Object datum, Schema field, JsonNode expected);
  }

  private static SampledTable.Row avroRow(GenericRecord row, AvroCheck check) {
    return new SampledTable.Row() {
      @Override
      public int id() {
        return (Integer) row.get("id");
      }

      @Override
      public void check(String what, int column, JsonNode expected) {
        Schema field = row.getSchema().getField("c" + column).schema();
        check.check(what, row.get("c" + column), field, expected);
      }
    };
  }

  private static GenericRecord avro(Schema schema, byte[] value) throws IOException {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    return record;
  }

  /** The text of the one version of the values' subject. */
  private static String onlySchema(
      SchemaRegistryServer registry, TestDatabase database, String topic) throws Exception {
    RestService client = new RestService(url(registry));
    String subject = database.name() + "." + topic + "-value";
    assertThat(client.getAllVersions(subject)).hasSize(1);
    return client.getLatestVersion(subject).getSchema();
  }

  private SchemaRegistryServer registry() throws Exception {
    return SchemaRegistryServer.start(
        SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()));
  }

  private static String url(SchemaRegistryServer registry) {
    return "http://127.0.0.1:" + registry.address().getPort();
  }
}
