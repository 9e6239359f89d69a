package io.bottledwater.cli;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.cli.consume.DataPrinter;
import io.bottledwater.cli.consume.LineFormat;
import io.bottledwater.cli.consume.StartAt;
import io.bottledwater.cli.consume.TopicReader;
import io.bottledwater.config.HostPort;
import io.bottledwater.config.Option;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;

/** Prints a topic's records, one line of JSON each. */
final class ConsumeCommand implements Command {
  private static final Duration REGISTRY_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL_LIMIT = Duration.ofMillis(500);
  private static final int FLUSH_BYTES = 64 * 1024;

  @Override
  public String name() {
    return "consume";
  }

  @Override
  public String summary() {
    return "Prints a topic's records as JSON, one a line, decoded by the schema registry whatever"
        + " the format.";
  }

  @Override
  public List<Option<?>> options() {
    return ConsumeOptions.ALL;
  }

  @Override
  public int run(ParsedOptions options, Console console) {
    String topic =
        options
            .find(ConsumeOptions.TOPIC)
            .orElseThrow(
                () -> usage(ConsumeOptions.TOPIC + ": no topic is named.", "Write --topic=NAME."));
    StartAt start = startAt(options);
    OptionalInt partition =
        options.find(ConsumeOptions.PARTITION).stream().mapToInt(Integer::intValue).findFirst();
    String brokers =
        options.get(ConsumeOptions.BOOTSTRAP_SERVER).stream()
            .map(HostPort::toString)
            .collect(Collectors.joining(","));
    // What it would say, the command says in one line of its own.
    LogSetup.silence("org.apache.kafka.clients");
    try (HttpSchemaRegistry registry =
            new HttpSchemaRegistry(options.get(PumpOptions.SCHEMA_REGISTRY), REGISTRY_LIMIT);
        TopicReader reader =
            new TopicReader(brokers, options.get(ConsumeOptions.ISOLATION_LEVEL))) {
      console.stopSignal().onStop(reader::wakeup);
      reader.assign(topic, partition, start);
      print(reader, new DataPrinter(registry::schemaById), options, console.out());
    } catch (WakeupException e) {
      // Asked to stop; what was printed is whole lines.
      return ExitCode.OK;
    }
    return ExitCode.OK;
  }

  private static void print(
      TopicReader reader, DataPrinter printer, ParsedOptions options, PrintStream out) {
    LineFormat format = options.get(ConsumeOptions.PROPERTY);
    long left = options.find(ConsumeOptions.MAX_MESSAGES).orElse(Integer.MAX_VALUE);
    boolean limited = options.isGiven(ConsumeOptions.MAX_MESSAGES);
    long patienceNanos =
        options
            .find(ConsumeOptions.TIMEOUT_MS)
            .map(millis -> Duration.ofMillis(millis).toNanos())
            .orElse(Long.MAX_VALUE);
    ByteWriter line = new ByteWriter(1024);
    ByteWriter lines = new ByteWriter(FLUSH_BYTES);
    long lastRecordNanos = System.nanoTime();
    while (true) {
      long waited = System.nanoTime() - lastRecordNanos;
      if (waited > patienceNanos) {
        return;
      }
      Duration limit = Duration.ofNanos(Math.min(patienceNanos - waited, POLL_LIMIT.toNanos()));
      ConsumerRecords<byte[], byte[]> records = reader.poll(limit);
      try {
        for (ConsumerRecord<byte[], byte[]> record : records) {
          // By itself, so that no part of it is written when the registry fails.
          line.reset();
          format.print(line, record, printer);
          lines.writeBytes(line.array(), 0, line.position());
          if ((limited && --left == 0) || (lines.position() >= FLUSH_BYTES && !write(lines, out))) {
            return;
          }
        }
      } finally {
        // Also before a failure is reported: the records before it have been read.
        write(lines, out);
      }
      // Without a record, too: whoever read the lines may have gone.
      if (out.checkError()) {
        return;
      }
      if (!records.isEmpty()) {
        lastRecordNanos = System.nanoTime();
      }
    }
  }

  /** False when nobody reads any more, as after {@code | head}. */
  private static boolean write(ByteWriter lines, PrintStream out) {
    out.write(lines.array(), 0, lines.position());
    lines.reset();
    return !out.checkError();
  }

  private static StartAt startAt(ParsedOptions options) {
    boolean beginning = options.get(ConsumeOptions.FROM_BEGINNING);
    if (options.find(ConsumeOptions.OFFSET).isEmpty()) {
      return beginning ? new StartAt.Earliest() : new StartAt.Latest();
    }
    StartAt start = options.get(ConsumeOptions.OFFSET);
    if (beginning) {
      throw usage(
          ConsumeOptions.OFFSET + " and " + ConsumeOptions.FROM_BEGINNING + " exclude each other.",
          "Leave one out.");
    }
    if (start instanceof StartAt.Offset && options.find(ConsumeOptions.PARTITION).isEmpty()) {
      throw usage(
          ConsumeOptions.OFFSET + " is a number, and no partition is named.",
          "Add --partition=N: each partition counts its own offsets.");
    }
    return start;
  }

  private static BottledWaterException usage(String found, String advice) {
    return new BottledWaterException(ErrorCode.USAGE, found, advice, null);
  }
}
