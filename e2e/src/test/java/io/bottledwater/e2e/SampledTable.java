package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TypeSample;
import io.bottledwater.testkit.TypeSamples;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A table {@code samples} with a column {@code c0, c1, ...} for each type of {@code docs/types.md},
 * and its records: half of the rows come with the snapshot, the same ones again with the stream.
 */
final class SampledTable {
  /** The least id of the rows that the stream brings. */
  private static final int STREAMED = 1000;

  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(10_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  private final TestDatabase database;
  private final int version;
  private final List<TypeSample> samples;

  SampledTable(TestDatabase database, int version) {
    this.database = database;
    this.version = version;
    this.samples = TypeSamples.of(version);
  }

  List<TypeSample> samples() {
    return samples;
  }

  /**
   * The values of all records.
   *
   * @param topic after the prefix, which is the database's name
   */
  List<byte[]> pump(TestKafka kafka, String topic, String... options) {
    TypeSamples.create(database, version);
    TypeSamples.createTable(database, "samples", samples);
    int rows = TypeSamples.insert(database, "samples", samples, 1);
    try (PumpUnderTest pump =
        PumpUnderTest.of(database, kafka).with("--tables=public.samples").with(options)) {
      pump.startStreaming();
      TypeSamples.insert(database, "samples", samples, STREAMED);
      List<ConsumerRecord<byte[], byte[]>> records =
          TopicReader.await(kafka, database.name() + "." + topic, 2 * rows);
      assertThat(pump.stop()).isZero();
      assertThat(records).hasSize(2 * rows);
      return records.stream().map(ConsumerRecord::value).toList();
    }
  }

  /** SQL for what a reader must see in a column, as JSON; {@code ?} stands for the column. */
  interface Expectation {
    String of(TypeSample sample, int column);
  }

  /** What an independent reader made of a record. */
  interface Row {
    int id();

    /** Compares the value of a column with what the server says of it. */
    void check(String what, int column, JsonNode expected);
  }

  interface Reader {
    Row read(byte[] value) throws Exception;
  }

  /** Every value of every record is what the server says, and every type has had one in each. */
  void check(List<byte[]> values, Expectation expectation, Reader reader) throws Exception {
    Map<Integer, JsonNode[]> expected = rows(expectation);
    Set<Integer> seen = new HashSet<>();
    Set<String> inSnapshot = new TreeSet<>();
    Set<String> inStream = new TreeSet<>();
    for (byte[] value : values) {
      Row row = reader.read(value);
      seen.add(row.id());
      for (int i = 0; i < samples.size(); i++) {
        String type = samples.get(i).type();
        JsonNode json = expected.get(row.id())[i];
        row.check(type + " in row " + row.id(), i, json);
        if (!json.isNull()) {
          (row.id() < STREAMED ? inSnapshot : inStream).add(samples.get(i).name());
        }
      }
    }
    assertThat(seen).isEqualTo(expected.keySet());
    assertThat(inSnapshot).isEqualTo(inStream).isEqualTo(TypesPage.names(version));
  }

  private Map<Integer, JsonNode[]> rows(Expectation expectation) throws Exception {
    StringBuilder sql = new StringBuilder("SELECT id");
    for (int i = 0; i < samples.size(); i++) {
      String column = "c" + i;
      // A composite value whose attributes are all null is null to IS NULL, and yet a value.
      sql.append(", CASE WHEN ").append(column).append("::text IS NOT NULL THEN ");
      sql.append(expectation.of(samples.get(i), i).replace("?", column)).append("::text END");
    }
    Map<Integer, JsonNode[]> rows = new HashMap<>();
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET extra_float_digits = 3;"
              + " SET search_path = pg_catalog, public");
      try (ResultSet r = statement.executeQuery(sql + " FROM samples")) {
        while (r.next()) {
          JsonNode[] row = new JsonNode[samples.size()];
          for (int i = 0; i < row.length; i++) {
            String json = r.getString(i + 2);
            row[i] = json == null ? NullNode.getInstance() : JSON.readTree(json);
          }
          rows.put(r.getInt(1), row);
        }
      }
    }
    return rows;
  }
}
