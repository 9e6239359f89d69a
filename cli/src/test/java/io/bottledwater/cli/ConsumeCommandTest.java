package io.bottledwater.cli;

import static io.bottledwater.cli.BottledWaterProcess.DEADLINE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.config.ListenAddress;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.platform.Platform;
import io.bottledwater.platform.PlatformSettings;
import io.bottledwater.testkit.ProcessRunner;
import io.bottledwater.testkit.RunningProcess;
import io.bottledwater.testkit.TemporaryDirectories;
import io.bottledwater.testkit.TestKafka;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConsumeCommandTest {
  private static Path data;
  private static Platform platform;
  private static TestKafka kafka;
  private static KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void startPlatform() {
    data = TemporaryDirectories.create("consume");
    ListenAddress any = new ListenAddress("127.0.0.1", 0);
    platform =
        Platform.start(
            new PlatformSettings(data, any, Optional.of(any)),
            fault -> {
              throw fault;
            });
    kafka = TestKafka.at(platform.bootstrapServers());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stopPlatform() {
    producer.close();
    platform.close();
    TemporaryDirectories.delete(data);
  }

  @Test
  void printsWhatConfluentsSerializerWrote() throws Exception {
    kafka.createTopic("plants", 1, Map.of());
    runConfluentProducer("plants");

    List<String> lines =
        consume(
            "--topic=plants", "--from-beginning", "--max-messages=2", "--property=print.key=true");

    assertThat(lines)
        .containsExactly(
            "{\"id\":7}\t{\"id\":7,\"name\":\"fern \\\"x\\\"\",\"height\":null}",
            "{\"id\":7}\tnull");
  }

  @Test
  void printsJsonAndTextAndBytesWithHeaders() throws Exception {
    kafka.createTopic("mixed", 1, Map.of());
    ProducerRecord<byte[], byte[]> json =
        new ProducerRecord<>("mixed", bytes("{\"id\":1}"), bytes("{\"a\": [1,\n\t2.50]}"));
    json.headers().add(new RecordHeader("bw.op", bytes("c")));
    json.headers().add(new RecordHeader("n", bytes("1")));
    json.headers().add(new RecordHeader("n", null));
    produce(json);
    produce(new ProducerRecord<>("mixed", null, bytes("plain text")));
    produce(new ProducerRecord<>("mixed", bytes("k"), new byte[] {(byte) 0xff, 0}));

    List<String> lines =
        consume(
            "--topic=mixed",
            "--from-beginning",
            "--max-messages=3",
            "--property=print.key=true",
            "--property=print.headers=true",
            "--property=key.separator= | ");

    assertThat(lines)
        .containsExactly(
            "{\"bw.op\":\"c\",\"n\":[\"1\",null]} | {\"id\":1} | {\"a\": [1,  2.50]}",
            "{} | null | \"plain text\"",
            "{} | \"k\" | {\"base64\":\"/wA=\"}");
  }

  @Test
  void startsAtThePartitionsOffset() throws Exception {
    kafka.createTopic("parts", 2, Map.of());
    for (int i = 0; i < 5; i++) {
      produce(new ProducerRecord<>("parts", i % 2, null, bytes("" + i)));
    }

    // As many as there are, so that nothing depends on how soon they come.
    assertThat(
            consume(
                "--topic=parts",
                "--partition=0",
                "--offset=1",
                "--max-messages=2",
                "--timeout-ms=60000"))
        .containsExactly("2", "4");
    // Had both partitions been read above, this would begin with the same record.
    assertThat(
            consume(
                "--topic=parts",
                "--partition=1",
                "--offset=1",
                "--max-messages=1",
                "--timeout-ms=60000"))
        .containsExactly("3");
  }

  @Test
  void endsWhenNothingComesInTime() {
    kafka.createTopic("silent", 1, Map.of());

    assertThat(consume("--topic=silent", "--from-beginning", "--timeout-ms=1500")).isEmpty();
  }

  @Test
  void leavesOutAbortedTransactionsUnlessAskedForThem() throws Exception {
    kafka.createTopic("aborted", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> transactions =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.bootstrapServers(), "transactional.id", "consume"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      transactions.initTransactions();
      transactions.beginTransaction();
      transactions.send(new ProducerRecord<>("aborted", null, bytes("1"))).get();
      transactions.abortTransaction();
      transactions.beginTransaction();
      transactions.send(new ProducerRecord<>("aborted", null, bytes("2"))).get();
      transactions.commitTransaction();
    }

    assertThat(consume("--topic=aborted", "--from-beginning", "--max-messages=1"))
        .containsExactly("2");
    assertThat(
            consume(
                "--topic=aborted",
                "--from-beginning",
                "--max-messages=2",
                "--isolation-level=read_uncommitted"))
        .containsExactly("1", "2");
  }

  @Test
  void printsWhatIsWrittenFromNowOnAndEndsOnSigterm() throws Exception {
    kafka.createTopic("live", 1, Map.of());
    produce(new ProducerRecord<>("live", null, bytes("\"old\"")));
    try (RunningProcess consume = start("--topic=live")) {
      // Nothing tells when it has begun to read: write until a record is printed.
      while (consume.stdout().isEmpty() && consume.isAlive()) {
        produce(new ProducerRecord<>("live", null, bytes("\"new\"")));
      }
      consume.terminate();

      assertThat(consume.awaitExit(DEADLINE)).isZero();
      assertThat(consume.stdout()).isNotEmpty().containsOnly("\"new\"");
      assertThat(consume.stderr()).isEmpty();
    }
  }

  @Test
  void endsQuietlyWhenNobodyReadsAnyMore() throws Exception {
    kafka.createTopic("long", 1, Map.of());
    byte[] value = bytes("\"" + "x".repeat(10_000) + "\"");
    for (int i = 0; i < 200; i++) {
      produce(new ProducerRecord<>("long", null, value));
    }
    // Under a shell of its own, which puts the first program's exit code on standard error.
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(Main.class.getName());
    command.addAll(
        List.of(
            "consume",
            "--topic=long",
            "--from-beginning",
            "--max-messages=200",
            "--bootstrap-server=" + platform.bootstrapServers()));
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            "{ '" + String.join("' '", command) + "'; echo \"code $?\" >&2; } | head -n 1");
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();

    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);

    assertThat(out.lines()).hasSize(1);
    assertThat(err).isEqualTo("code 0\n");
  }

  @Test
  void saysWhichTopicIsMissing() {
    try (RunningProcess consume = start("--topic=nowhere")) {
      assertThat(consume.awaitExit(DEADLINE)).isEqualTo(3);
      assertThat(consume.stderr()).hasSize(1);
      assertThat(consume.stderr().get(0)).contains("BW-TOPIC-MISSING").contains("nowhere");
    }
  }

  @Test
  void saysThatKafkaIsOutOfReach() {
    try (RunningProcess consume =
        BottledWaterProcess.start("consume", "--topic=t", "--bootstrap-server=127.0.0.1:1")) {
      assertThat(consume.awaitExit(DEADLINE)).isEqualTo(4);
      assertThat(consume.stderr()).hasSize(1);
      assertThat(consume.stderr().get(0)).contains("BW-KAFKA-UNREACHABLE").contains("127.0.0.1:1");
    }
  }

  /** In this process: the options as the command line has them, standard output as lines. */
  private static List<String> consume(String... arguments) {
    ConsumeCommand command = new ConsumeCommand();
    CommandLineSource given =
        CommandLineSource.parse(command, command.options(), List.of(with(arguments)));
    ParsedOptions options = ParsedOptions.resolve(command.options(), List.of(given), List.of());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    Console console =
        new Console(InputStream.nullInputStream(), stream, stream, Map.of(), new StopSignal());

    assertThat(command.run(options, console)).isZero();
    return out.toString(UTF_8).lines().toList();
  }

  private static String[] with(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + platform.bootstrapServers());
    all.add("--schema-registry=" + platform.registryUrl().orElseThrow());
    return all.toArray(String[]::new);
  }

  private static RunningProcess start(String... arguments) {
    List<String> all = new ArrayList<>(List.of("consume"));
    all.addAll(List.of(with(arguments)));
    return BottledWaterProcess.start(all.toArray(String[]::new));
  }

  private static void runConfluentProducer(String topic) throws Exception {
    Path jar =
        Path.of(
            KafkaAvroSerializer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (RunningProcess producer =
        ProcessRunner.java(ConfluentProducer.class)
            .environment(
                "CLASSPATH",
                jar + System.getProperty("path.separator") + System.getProperty("java.class.path"))
            .arguments(platform.bootstrapServers(), platform.registryUrl().orElseThrow(), topic)
            .start()) {
      assertThat(producer.awaitExit(DEADLINE)).as(() -> "" + producer.stderr()).isZero();
    }
  }

  private static void produce(ProducerRecord<byte[], byte[]> record) throws Exception {
    producer.send(record).get();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
