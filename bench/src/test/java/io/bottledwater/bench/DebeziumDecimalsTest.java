package io.bottledwater.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers as {@code --envelope=debezium} writes them with {@code --numeric}, beside what a real
 * Debezium writes with the same {@code decimal.handling.mode}. {@code DebeziumComparisonTest} has
 * the default. A negative scale is left out: Debezium takes it for one of 2046 digits.
 */
class DebeziumDecimalsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ROWS = 6;

  /** JSON has no such numbers, and neither connector nor converter says how they are written. */
  private static final String ONLY_TEXT = "('NaN', NULL)";

  private static Servers servers;
  private static TestKafka kafka;

  @BeforeAll
  static void start() {
    servers = Servers.start();
    kafka = TestKafka.at(servers.kafka().bootstrapServers());
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"string", "double"})
  void areWhatDebeziumWrites(String mode) throws Exception {
    TestDatabase database = TestDatabase.create(servers.postgres(), "decimals_" + mode);
    database.execute(
        "CREATE TABLE numbers (id serial PRIMARY KEY, n numeric, n2 numeric(10,2),"
            + " n30 numeric(30,0), n40 numeric(40,5), m money, an numeric[],"
            + " an2 numeric(10,2)[])",
        "ALTER TABLE numbers REPLICA IDENTITY FULL",
        insert("1.50", "'{1.50,NULL,-0.001}', '{1.5,NULL}'"),
        insert("-12345.678", "'{}', NULL"));
    try (RunningProcess debezium = debezium(database, mode);
        RunningProcess pump = pump(database, mode)) {
      pump.awaitLine("Streaming from", PATIENCE);
      await(debezium, "dbz_" + mode, 2);
      database.execute(
          insert("0", "'{1e20}', '{0}'"),
          insert("1e-7", "NULL, '{12345678.9}'"),
          "UPDATE numbers SET n = n + 0.10 WHERE id = 1",
          mode.equals("string")
              ? "INSERT INTO numbers (n, n2) VALUES " + ONLY_TEXT
              : "INSERT INTO numbers (n) VALUES (7)");
      List<JsonNode> theirs = await(debezium, "dbz_" + mode, ROWS);
      List<JsonNode> ours = await(pump, "bw_" + mode, ROWS);
      for (int i = 0; i < ROWS; i++) {
        for (String row : List.of("before", "after")) {
          assertThat(numbers(ours.get(i).get(row)))
              .as(i + " " + row)
              .isEqualTo(numbers(theirs.get(i).get(row)));
        }
      }
    }
  }

  /** The same, with every number as a double: 1500 and 1500.0 are one. */
  private static JsonNode numbers(JsonNode node) {
    if (node.isNumber()) {
      return DoubleNode.valueOf(node.doubleValue());
    }
    if (node.isArray()) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(element -> array.add(numbers(element)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JSON.createObjectNode();
      node.fieldNames().forEachRemaining(name -> object.set(name, numbers(node.get(name))));
      return object;
    }
    return node;
  }

  private static String insert(String number, String arrays) {
    return "INSERT INTO numbers (n, n2, n30, n40, m, an, an2) SELECT n, n, n * 1000, n,"
        + " n::numeric(10,2)::money, "
        + arrays
        + " FROM (SELECT "
        + number
        + "::numeric AS n) AS given";
  }

  private static RunningProcess debezium(TestDatabase database, String mode) {
    String name = "dbz_" + mode;
    Path directory = servers.scratch(name);
    Map<String, String> worker = ConnectWorker.properties(servers, directory);
    for (String side : List.of("key", "value")) {
      worker.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
      worker.put(side + ".converter.schemas.enable", "false");
    }
    Map<String, String> connector = DebeziumSubject.connector(servers, name, database.name());
    connector.put("slot.name", name);
    connector.put("publication.name", name);
    connector.put("poll.interval.ms", "50");
    connector.put("decimal.handling.mode", mode);
    return ConnectWorker.start(directory, worker, connector);
  }

  private static RunningProcess pump(TestDatabase database, String mode) {
    return ProcessRunner.java("io.bottledwater.cli.Main")
        .environment("CLASSPATH", BuildFiles.pumpClassPath())
        .environment("BOTTLEDWATER_POSTGRES", database.uri())
        .arguments(
            "--envelope=debezium",
            "--numeric=" + mode,
            "--output-format=json",
            "--slot=bw_" + mode,
            "--topic-prefix=bw_" + mode,
            "--broker=" + servers.kafka().bootstrapServers())
        .start();
  }

  private static List<JsonNode> await(RunningProcess writer, String prefix, int count)
      throws IOException, InterruptedException {
    String topic = prefix + ".public.numbers";
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<JsonNode> values = new ArrayList<>();
      if (kafka.topics().contains(topic)) {
        for (ConsumerRecord<byte[], byte[]> record :
            kafka.readAll(topic, IsolationLevel.READ_COMMITTED)) {
          values.add(JSON.readTree(record.value()));
        }
      }
      if (values.size() >= count) {
        return values;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            topic + " has " + values.size() + ": " + String.join("\n", writer.stderr()));
      }
      Thread.sleep(200);
    }
  }
}
