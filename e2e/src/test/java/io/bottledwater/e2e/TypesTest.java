package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import io.bottledwater.testkit.TypeSample;
import io.bottledwater.testkit.TypeSamples;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of {@code docs/types.md}, with extreme values, in the snapshot and in the stream: what
 * an independent reader makes of the records is what PostgreSQL says of the rows.
 */
class TypesTest {
  /** Ids of the rows that the stream brings. */
  private static final int STREAMED = 1000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(10_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  private final TestKafka kafka = TestKafka.shared();

  @ParameterizedTest
  @ValueSource(ints = {10, 14, 17, 18})
  void avrosOwnReaderReadsWhatPostgresHolds(int version) throws Exception {
    List<TypeSample> samples = TypeSamples.of(version);
    assertThat(samples).hasSizeGreaterThan(60);
    try (TestDatabase database = TestPostgres.version(version).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()))) {
      String url = "http://127.0.0.1:" + registry.address().getPort();
      List<ConsumerRecord<byte[], byte[]>> records =
          pump(database, version, samples, "--schema-registry=" + url);
      CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(url, 100);
      assertThat(client.getAllVersions(database.name() + ".samples-value")).hasSize(1);
      Map<Integer, List<JsonNode>> expected =
          rows(database, samples.stream().map(TypeSample::json).toList(), samples);
      Set<Integer> seen = new HashSet<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        ByteBuffer wire = ByteBuffer.wrap(record.value());
        assertThat(wire.get()).isZero();
        Schema schema = (Schema) client.getSchemaById(wire.getInt()).rawSchema();
        BinaryDecoder decoder =
            DecoderFactory.get().binaryDecoder(record.value(), 5, record.value().length - 5, null);
        GenericRecord row = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
        assertThat(decoder.isEnd()).isTrue();
        int id = (Integer) row.get("id");
        seen.add(id);
        for (int i = 0; i < samples.size(); i++) {
          String what = samples.get(i).type() + " in row " + id;
          DatumCheck.check(
              what, row.get("c" + i), schema.getField("c" + i).schema(), expected.get(id).get(i));
        }
      }
      assertThat(seen).isEqualTo(expected.keySet());
    }
  }

  @Test
  void jsonIsWhatPostgresMakesOfTheRows() throws Exception {
    List<TypeSample> samples = TypeSamples.of(17);
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      List<ConsumerRecord<byte[], byte[]>> records =
          pump(database, 17, samples, "--output-format=json");
      Map<Integer, List<JsonNode>> expected =
          rows(database, samples.stream().map(TypesTest::asJson).toList(), samples);
      Set<Integer> seen = new HashSet<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        JsonNode row = JSON.readTree(record.value());
        int id = row.get("id").intValue();
        seen.add(id);
        for (int i = 0; i < samples.size(); i++) {
          assertThat(row.get("c" + i))
              .as("%s in row %d", samples.get(i).type(), id)
              .isEqualTo(expected.get(id).get(i));
        }
      }
      assertThat(seen).isEqualTo(expected.keySet());
    }
  }

  /** In JSON a document stands as it is, an interval is text, and a float is a number. */
  private static String asJson(TypeSample sample) {
    return switch (sample.type()) {
      case "json", "jsonb", "jsonb[]", "interval", "real", "double precision" -> "to_json(?)";
      default -> sample.json();
    };
  }

  /** Rows for the snapshot, the pump, the same rows for the stream; all records. */
  private List<ConsumerRecord<byte[], byte[]>> pump(
      TestDatabase database, int version, List<TypeSample> samples, String option) {
    TypeSamples.create(database, version);
    TypeSamples.createTable(database, "samples", samples);
    int rows = TypeSamples.insert(database, "samples", samples, 1);
    try (PumpUnderTest pump =
        PumpUnderTest.of(database, kafka).with(option, "--tables=public.samples")) {
      pump.startStreaming();
      TypeSamples.insert(database, "samples", samples, STREAMED);
      List<ConsumerRecord<byte[], byte[]>> records =
          TopicReader.await(kafka, database.name() + ".samples", 2 * rows);
      assertThat(pump.stop()).isZero();
      assertThat(records).hasSize(2 * rows);
      return records;
    }
  }

  /** What the server says of each column of each row, by id. */
  private static Map<Integer, List<JsonNode>> rows(
      TestDatabase database, List<String> expressions, List<TypeSample> samples) throws Exception {
    StringBuilder sql = new StringBuilder("SELECT id");
    for (int i = 0; i < samples.size(); i++) {
      String column = "c" + i;
      // A composite value whose attributes are all null is null to IS NULL, and yet a value.
      sql.append(", CASE WHEN ").append(column).append("::text IS NOT NULL THEN ");
      sql.append(expressions.get(i).replace("?", column)).append("::text END");
    }
    Map<Integer, List<JsonNode>> rows = new HashMap<>();
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET extra_float_digits = 3;"
              + " SET search_path = pg_catalog, public");
      try (ResultSet r = statement.executeQuery(sql + " FROM samples")) {
        while (r.next()) {
          List<JsonNode> row = new ArrayList<>();
          for (int i = 0; i < samples.size(); i++) {
            String json = r.getString(i + 2);
            row.add(json == null ? NullNode.getInstance() : JSON.readTree(json));
          }
          rows.put(r.getInt(1), row);
        }
      }
    }
    return rows;
  }
}
