package io.bottledwater.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.utils.converter.avro.AvroData;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the pump writes with {@code --envelope=debezium}, field by field beside what a real Debezium
 * writes for the same changes of the same database. What may differ is listed here; anything else
 * fails.
 */
class DebeziumComparisonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Who wrote a record, and when. */
  private static final Set<String> SOURCE_DIFFERS = Set.of("version", "name");

  /** Each has a snapshot of its own. */
  private static final Set<String> SNAPSHOT_DIFFERS =
      Set.of("ts_ms", "ts_us", "ts_ns", "snapshot", "sequence", "txId", "lsn");

  /** Debezium has no null among the labels in an array, PostgreSQL has. */
  private static final Pattern LABELS_REQUIRED =
      Pattern.compile("\\[\"null\",(\\{[^{}]*\\{\"allowed\"[^{}]*}[^{}]*Enum\"})](?=})");

  private static Servers servers;
  private static TestKafka kafka;

  @BeforeAll
  static void runBoth() {
    servers = Servers.start();
    kafka = TestKafka.at(servers.kafka().bootstrapServers());
    TestDatabase database = TestDatabase.create(servers.postgres(), "shop");
    database.execute(ComparedTables.BEFORE_THE_START);
    try (RunningProcess debezium = debezium(database);
        RunningProcess json = pump(database, "json");
        RunningProcess avro = pump(database, "avro")) {
      json.awaitLine("Streaming from", PATIENCE);
      avro.awaitLine("Streaming from", PATIENCE);
      await(debezium, "dbz", "types", 2);
      for (String change : ComparedTables.CHANGES) {
        database.execute(change);
      }
      await(debezium, "dbz", ComparedTables.LAST, 1);
      await(json, "json", ComparedTables.LAST, 1);
      await(avro, "avro", ComparedTables.LAST, 1);
    }
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  private static RunningProcess debezium(TestDatabase database) {
    Path directory = servers.scratch("dbz");
    Map<String, String> worker = ConnectWorker.properties(servers, directory);
    for (String side : List.of("key", "value")) {
      worker.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
      worker.put(side + ".converter.schemas.enable", "true");
    }
    Map<String, String> connector = DebeziumSubject.connector(servers, "dbz", database.name());
    connector.put("slot.name", "dbz");
    connector.put("publication.name", "dbz");
    connector.put("poll.interval.ms", "50");
    return ConnectWorker.start(directory, worker, connector);
  }

  private static RunningProcess pump(TestDatabase database, String format) {
    return ProcessRunner.java("io.bottledwater.cli.Main")
        .environment("CLASSPATH", BuildFiles.pumpClassPath())
        .environment("BOTTLEDWATER_POSTGRES", database.uri())
        .arguments(
            "--envelope=debezium",
            "--output-format=" + format,
            "--slot=" + format,
            "--topic-prefix=" + format,
            "--allow-unkeyed",
            "--broker=" + servers.kafka().bootstrapServers(),
            "--schema-registry=" + servers.registryUrl())
        .start();
  }

  private static void await(RunningProcess writer, String prefix, String table, int count) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (read(prefix, table).size() < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            prefix
                + " has not written "
                + count
                + " records of "
                + table
                + ": "
                + String.join("\n", writer.stderr()));
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String prefix, String table) {
    String topic = prefix + ".public." + table;
    if (!kafka.topics().contains(topic)) {
      return List.of();
    }
    return kafka.readAll(topic, IsolationLevel.READ_COMMITTED);
  }

  @Test
  void jsonIsWhatDebeziumWrites() throws IOException {
    List<String> differences = new ArrayList<>();
    for (String table : ComparedTables.NAMES) {
      List<ConsumerRecord<byte[], byte[]>> theirs = new ArrayList<>(read("dbz", table));
      // A null that follows a delete without a key says nothing, and is not written.
      theirs.removeIf(record -> record.key() == null && record.value() == null);
      List<ConsumerRecord<byte[], byte[]>> ours = read("json", table);
      assertThat(ours.size()).as(table).isEqualTo(theirs.size());
      for (int i = 0; i < theirs.size(); i++) {
        String at = table + "[" + i + "]";
        compare(payload(theirs.get(i).key()), tree(ours.get(i).key()), at + ".key", differences);
        compareValues(payload(theirs.get(i).value()), tree(ours.get(i).value()), at, differences);
      }
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void avroHasTheSchemasOfConnectsConverter() throws Exception {
    for (String table : ComparedTables.NAMES) {
      ConsumerRecord<byte[], byte[]> record = read("dbz", table).get(0);
      if (record.key() != null) {
        assertThat(registered(table + "-key")).isEqualTo(converted(record.key(), true));
      }
      JsonNode ours = registered(table + "-value");
      withoutLeftOut(ours, table);
      JsonNode theirs = converted(record.value(), false);
      assertThat(JSON.readTree(LABELS_REQUIRED.matcher(ours.toString()).replaceAll("$1")))
          .as(table)
          .isEqualTo(theirs);
    }
  }

  private static JsonNode registered(String subject) throws Exception {
    URI uri =
        URI.create(servers.registryUrl() + "/subjects/avro.public." + subject + "/versions/latest");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    String schema = JSON.readTree(response.body()).get("schema").asText();
    return JSON.readTree(new Schema.Parser().parse(schema).toString());
  }

  /** What the converter makes of Debezium's schema, under the name of the pump's topic. */
  private static JsonNode converted(byte[] bytes, boolean key) throws IOException {
    SchemaAndValue theirs = converter(true, key).toConnectData("topic", bytes);
    String schema = new AvroData(100).fromConnectSchema(theirs.schema()).toString();
    return JSON.readTree(schema.replace("dbz.public.", "avro.public."));
  }

  /** Without the columns that Debezium leaves out. */
  private static void withoutLeftOut(JsonNode envelope, String table) {
    if (table.equals("types")) {
      for (JsonNode field : envelope.get("fields")) {
        if (field.get("name").asText().equals("before")) {
          Iterator<JsonNode> columns = field.get("type").get(1).get("fields").elements();
          while (columns.hasNext()) {
            if (ComparedTables.LEFT_OUT.contains(columns.next().get("name").asText())) {
              columns.remove();
            }
          }
        }
      }
    }
  }

  @Test
  void avroHasTheSameValuesAsJson() throws Exception {
    CachedSchemas schemas = new CachedSchemas();
    List<String> differences = new ArrayList<>();
    for (String table : ComparedTables.NAMES) {
      List<ConsumerRecord<byte[], byte[]>> json = read("json", table);
      List<ConsumerRecord<byte[], byte[]>> avro = read("avro", table);
      assertThat(avro.size()).as(table).isEqualTo(json.size());
      for (int i = 0; i < json.size(); i++) {
        String at = table + "[" + i + "]";
        compare(
            tree(json.get(i).key()),
            schemas.json(table + "-key", avro.get(i).key()),
            at + ".key",
            differences);
        compareValues(
            tree(json.get(i).value()),
            schemas.json(table + "-value", avro.get(i).value()),
            at,
            differences);
      }
    }
    assertThat(differences).isEmpty();
  }

  /** Reads the pump's Avro with Avro's own reader and Connect's converter. */
  private static final class CachedSchemas {
    private final AvroData data = new AvroData(100);
    private final Map<String, Schema> schemas = new HashMap<>();

    JsonNode json(String subject, byte[] bytes) throws Exception {
      if (bytes == null) {
        return JSON.nullNode();
      }
      Schema schema = schemas.get(subject);
      if (schema == null) {
        schema = new Schema.Parser().parse(registered(subject).toString());
        schemas.put(subject, schema);
      }
      Object datum =
          new GenericDatumReader<>(schema)
              .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
      SchemaAndValue value = data.toConnectData(schema, datum);
      return tree(converter(false, false).fromConnectData("topic", value.schema(), value.value()));
    }
  }

  private static JsonConverter converter(boolean schemas, boolean key) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", schemas, "replace.null.with.default", false), key);
    return converter;
  }

  private static void compareValues(
      JsonNode theirs, JsonNode ours, String at, List<String> differences) {
    if (theirs.isNull() || ours.isNull()) {
      compare(theirs, ours, at, differences);
      return;
    }
    assertThat(names(ours)).as(at).containsExactlyElementsOf(names(theirs));
    boolean snapshot = theirs.get("op").asText().equals("r");
    for (String row : List.of("before", "after")) {
      compareRows(theirs.get(row), ours.get(row), at + "." + row, differences);
    }
    for (String field : names(theirs.get("source"))) {
      if (!SOURCE_DIFFERS.contains(field) && !(snapshot && SNAPSHOT_DIFFERS.contains(field))) {
        compare(
            theirs.get("source").get(field),
            ours.get("source").get(field),
            at + ".source." + field,
            differences);
      }
    }
    assertThat(names(ours.get("source"))).containsExactlyElementsOf(names(theirs.get("source")));
    assertThat(ours.get("source").get("snapshot").asText()).isEqualTo(snapshot ? "true" : "false");
    compare(theirs.get("op"), ours.get("op"), at + ".op", differences);
    compare(theirs.get("transaction"), ours.get("transaction"), at + ".transaction", differences);
    assertThat(ours.get("ts_ms").asLong()).isPositive();
  }

  /** Debezium leaves columns out; they must be there all the same, as text or null. */
  private static void compareRows(
      JsonNode theirs, JsonNode ours, String at, List<String> differences) {
    if (theirs.isNull() || ours.isNull()) {
      compare(theirs, ours, at, differences);
      return;
    }
    Set<String> more = new TreeSet<>(names(ours));
    more.removeAll(names(theirs));
    if (at.startsWith("types") && !more.isEmpty()) {
      assertThat(more).containsExactlyInAnyOrderElementsOf(ComparedTables.LEFT_OUT);
    } else {
      assertThat(more).isEmpty();
    }
    for (String field : names(theirs)) {
      compare(theirs.get(field), ours.get(field), at + "." + field, differences);
    }
  }

  private static void compare(JsonNode theirs, JsonNode ours, String at, List<String> differences) {
    if (ours == null || !equal(theirs, ours)) {
      differences.add(at + ": Debezium " + theirs + ", pump " + ours);
    }
  }

  private static boolean equal(JsonNode theirs, JsonNode ours) {
    if (theirs.isNumber() && ours.isNumber()) {
      // The two do not write the same digits of a double.
      return theirs.decimalValue().compareTo(ours.decimalValue()) == 0
          || theirs.isBigDecimal() && theirs.doubleValue() == ours.doubleValue();
    }
    if (theirs.isContainerNode() && ours.isContainerNode() && theirs.size() == ours.size()) {
      if (theirs.isArray()) {
        for (int i = 0; i < theirs.size(); i++) {
          if (!equal(theirs.get(i), ours.get(i))) {
            return false;
          }
        }
        return true;
      }
      for (String name : names(theirs)) {
        if (!ours.has(name) || !equal(theirs.get(name), ours.get(name))) {
          return false;
        }
      }
      return true;
    }
    return theirs.equals(ours);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    Iterator<String> fields = object.fieldNames();
    fields.forEachRemaining(names::add);
    return names;
  }

  private static JsonNode payload(byte[] bytes) throws IOException {
    JsonNode record = tree(bytes);
    return record.isNull() ? record : record.get("payload");
  }

  private static JsonNode tree(byte[] bytes) throws IOException {
    return bytes == null
        ? JSON.nullNode()
        : JSON.reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .readTree(new String(bytes, UTF_8));
  }
}
