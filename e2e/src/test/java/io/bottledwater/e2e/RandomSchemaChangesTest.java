package io.bottledwater.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.e2e.SchemaScript.Seen;
import io.bottledwater.registry.server.SchemaRegistryServer;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import io.bottledwater.testkit.TestPostgres;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Random scripts of DDL and rows, each on a table of its own, many of them at once, through one
 * pump that is killed and stopped meanwhile. What an independent reader has of the topics is
 * compared with what the scripts know. {@code -Dbottledwater.schema.scripts=N} runs N of them,
 * {@code -Dbottledwater.schema.seed=S} the same again.
 */
class RandomSchemaChangesTest {
  private static final int SCRIPTS = Integer.getInteger("bottledwater.schema.scripts", 200);
  private static final long SEED =
      Long.getLong("bottledwater.schema.seed", System.nanoTime() & 0xFFFFFF);
  private static final int WRITERS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int DIFFERENCES_SHOWN = 3;

  private final TestKafka kafka = TestKafka.shared();
  private final Map<String, List<Seen>> seen = new HashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  @Test
  void bringsEveryRowInTheShapeInWhichItWasWritten() throws Exception {
    System.out.println("bottledwater.schema.seed=" + SEED + ", scripts: " + SCRIPTS);
    try (TestDatabase database = TestPostgres.version(17).newDatabase();
        SchemaRegistryServer registry =
            SchemaRegistryServer.start(
                SchemaRegistryServer.Settings.of("127.0.0.1", 0, kafka.bootstrapServers()));
        KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(IsolationLevel.READ_COMMITTED)) {
      RegistryAvro avro = new RegistryAvro(registry);
      avro.acceptAll();
      List<SchemaScript> scripts = scripts(database);
      database.execute("CREATE TABLE the_end (id int PRIMARY KEY)");
      try (PumpUnderTest pump =
          PumpUnderTest.of(database, kafka)
              .with("--schema-registry=" + avro.url(), "--topic-partitions=1")
              .start()) {
        pump.process().awaitLine("Streaming from", PATIENCE);
        AtomicInteger done = new AtomicInteger();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> running = new ArrayList<>();
        for (SchemaScript script : scripts) {
          running.add(
              writers.submit(
                  () -> {
                    try (Connection connection = database.open()) {
                      script.run(connection);
                      return done.incrementAndGet();
                    }
                  }));
        }
        for (int restart = 1; restart <= 3; restart++) {
          int soFar = scripts.size() * restart / 4;
          while (done.get() < soFar && !anyFailed(running)) {
            Thread.sleep(50);
          }
          if (restart == 2) {
            pump.process().awaitLine("Streaming from", PATIENCE);
            assertThat(pump.stop()).isZero();
          } else {
            pump.kill9();
          }
          pump.start();
        }
        writers.shutdown();
        for (Future<?> script : running) {
          script.get();
        }
        database.execute("INSERT INTO the_end VALUES (1)");
        List<String> differences = compare(database, scripts, consumer, avro);
        assertThat(pump.stop()).isZero();
        assertThat(differences.subList(0, Math.min(DIFFERENCES_SHOWN, differences.size())))
            .as("%d differences, bottledwater.schema.seed=%d", differences.size(), SEED)
            .isEmpty();
      }
      seesWhatIsMissing(scripts);
    }
    int records = seen.values().stream().mapToInt(List::size).sum();
    System.out.println(SCRIPTS + " scripts, " + records + " records: 0 differences");
    assertThat(records).isGreaterThan(SCRIPTS);
  }

  private static List<SchemaScript> scripts(TestDatabase database) throws Exception {
    List<SchemaScript> scripts = new ArrayList<>();
    Random seeds = new Random(SEED);
    try (Connection connection = database.open()) {
      for (int i = 0; i < SCRIPTS; i++) {
        SchemaScript script = new SchemaScript("s" + i, database.name(), seeds.nextLong());
        script.begin(connection);
        scripts.add(script);
      }
    }
    return scripts;
  }

  private static boolean anyFailed(List<Future<?>> running) {
    for (Future<?> script : running) {
      if (script.isDone()) {
        try {
          script.get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
          return true;
        }
      }
    }
    return false;
  }

  /** Reads on until nothing differs, or what differs has had time enough to come. */
  private List<String> compare(
      TestDatabase database,
      List<SchemaScript> scripts,
      KafkaConsumer<byte[], byte[]> consumer,
      RegistryAvro avro)
      throws Exception {
    List<String> differences = new ArrayList<>();
    try (Connection connection = database.open()) {
      for (SchemaScript script : scripts) {
        script.checkTable(connection, differences);
      }
    }
    if (!differences.isEmpty()) {
      return differences;
    }
    String end = database.name() + ".the_end";
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long settled = Long.MAX_VALUE;
    do {
      read(database.name() + ".", consumer, avro);
      if (!seen.containsKey(end)) {
        differences = List.of("the end has not come");
        continue;
      }
      // Tables that the pump has yet to notice follow within seconds.
      settled = Math.min(settled, System.nanoTime() + Duration.ofSeconds(60).toNanos());
      differences = new ArrayList<>();
      for (SchemaScript script : scripts) {
        script.checkTopics(seen, differences);
      }
    } while (!differences.isEmpty() && System.nanoTime() < Math.min(deadline, settled));
    return differences;
  }

  /** So that no agreement is owed to a comparison that overlooks things. */
  private void seesWhatIsMissing(List<SchemaScript> scripts) {
    Map<String, List<Seen>> less = new HashMap<>();
    seen.forEach((topic, records) -> less.put(topic, records.subList(0, records.size() - 1)));
    List<String> differences = new ArrayList<>();
    for (SchemaScript script : scripts) {
      script.checkTopics(less, differences);
    }
    assertThat(differences).hasSizeGreaterThan(scripts.size() / 2);
  }

  private void read(String prefix, KafkaConsumer<byte[], byte[]> consumer, RegistryAvro avro)
      throws Exception {
    Set<TopicPartition> partitions = new HashSet<>();
    for (String topic : kafka.topics()) {
      if (topic.startsWith(prefix) && !topic.startsWith(prefix + "bottledwater.")) {
        partitions.add(new TopicPartition(topic, 0));
      }
    }
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      consumer.seek(partition, positions.getOrDefault(partition, 0L));
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    boolean more = true;
    while (more && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
        GenericRecord key = avro.read(record.key());
        seen.computeIfAbsent(record.topic(), x -> new ArrayList<>())
            .add(
                new Seen(
                    TopicReader.header(record, "bw.op"),
                    text(key.getSchema().getFields().get(0), key),
                    look(key),
                    look(avro.read(record.value()))));
      }
      more = false;
      for (TopicPartition partition : partitions) {
        positions.put(partition, consumer.position(partition));
        more |= positions.get(partition) < ends.get(partition);
      }
    }
  }

  /** Each field as SchemaScript has it: name:type=value. */
  private static String look(GenericRecord record) {
    if (record == null) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      fields.add(field.doc() + ":" + field.getProp("pg.type") + "=" + text(field, record));
    }
    return String.join("|", fields);
  }

  private static String text(Schema.Field field, GenericRecord record) {
    Object value = record.get(field.pos());
    if (value instanceof ByteBuffer bytes) {
      return new BigDecimal(new BigInteger(bytes.array()), 2).toPlainString();
    }
    if (value != null && "date".equals(field.getProp("pg.type"))) {
      return LocalDate.ofEpochDay((Integer) value).toString();
    }
    return String.valueOf(value);
  }
}
