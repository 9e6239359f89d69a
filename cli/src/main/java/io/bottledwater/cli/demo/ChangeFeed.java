package io.bottledwater.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.cli.consume.DataPrinter;
import io.bottledwater.cli.consume.TopicReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Prints what arrives in Kafka, for somebody who watches: topic, operation, key and value. So that
 * it can be read, only the first rows of each table's snapshot are printed, and at most {@value
 * #LINES_PER_SECOND} changes a second; the rest is counted. One thread only, but for the getters.
 */
public final class ChangeFeed {
  private static final int LINES_PER_SECOND = 10;
  private static final int SNAPSHOT_LINES = 2;
  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration POLL_LIMIT = Duration.ofMillis(100);

  private final TopicReader reader;
  private final DataPrinter printer;
  private final PrintStream out;
  private final PrintStream notes;
  private final int width;
  private final long startNanos;
  private final List<String> topics;

  private final Map<String, Integer> snapshotLines = new HashMap<>();
  private final ByteWriter line = new ByteWriter(512);
  private volatile boolean stopped;
  private volatile long received;
  private volatile long printed;
  private long secondStartNanos;
  private int linesThisSecond;
  private long notShown;
  private long lastNoteNanos;

  /**
   * @param notes what is not a change goes there
   * @param width of a line in characters, 0 for no limit
   * @param startNanos from when on the time to the first change is measured
   */
  public ChangeFeed(
      TopicReader reader,
      DataPrinter printer,
      List<String> topics,
      PrintStream out,
      PrintStream notes,
      int width,
      long startNanos) {
    this.reader = reader;
    this.printer = printer;
    this.topics = topics;
    this.out = out;
    this.notes = notes;
    this.width = width;
    this.startNanos = startNanos;
    this.lastNoteNanos = System.nanoTime();
  }

  /** Prints until {@link #stop}, then what has already arrived. */
  public void run() throws InterruptedException {
    while (!reader.assignExisting(topics) && !stopped) {
      Thread.sleep(POLL_LIMIT.toMillis());
    }
    while (reader.assignExisting(topics)) {
      boolean last = stopped;
      boolean empty = true;
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL_LIMIT)) {
        empty = false;
        take(record);
      }
      out.flush();
      note(System.nanoTime(), last);
      if (last && empty) {
        return;
      }
    }
  }

  /** {@link #run} then returns soon. Any thread may call. */
  public void stop() {
    stopped = true;
  }

  /** Records that arrived. */
  public long received() {
    return received;
  }

  /** Records that were printed. */
  public long printed() {
    return printed;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    received++;
    String operation = operation(record);
    if (!shows(record.topic(), operation)) {
      notShown++;
      return;
    }
    line.reset();
    line.writeBytes(String.format("%-11s  %-8s  ", record.topic(), operation).getBytes(UTF_8));
    printer.print(line, record.key());
    if (record.value() != null) {
      line.writeBytes(new byte[] {' ', ' '});
      printer.print(line, record.value());
    }
    out.println(cut(new String(line.array(), 0, line.position(), UTF_8)));
    printed++;
    if (printed == 1) {
      out.flush();
      notes.printf(
          "bottledwater: first row printed %.1f s after the start%n",
          (System.nanoTime() - startNanos) / 1e9);
    }
  }

  private boolean shows(String topic, String operation) {
    if (operation.equals("snapshot")) {
      return snapshotLines.merge(topic, 1, Integer::sum) <= SNAPSHOT_LINES;
    }
    long now = System.nanoTime();
    if (now - secondStartNanos > SECOND_NANOS) {
      secondStartNanos = now;
      linesThisSecond = 0;
    }
    return ++linesThisSecond <= LINES_PER_SECOND;
  }

  private void note(long now, boolean last) {
    if (notShown > 0 && (last || now - lastNoteNanos > NOTE_NANOS)) {
      notes.printf("bottledwater: and %,d more that are not shown%n", notShown);
      notShown = 0;
      lastNoteNanos = now;
    }
  }

  private static String operation(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader("bw.op");
    byte @Nullable [] letter = header == null ? null : header.value();
    return switch (letter == null ? "" : new String(letter, UTF_8)) {
      case "r" -> "snapshot";
      case "c" -> "insert";
      case "u" -> "update";
      case "d" -> "delete";
      default -> record.value() == null ? "delete" : "change";
    };
  }

  private String cut(String text) {
    return width == 0 || text.length() <= width ? text : text.substring(0, width - 3) + "...";
  }
}
