package io.bottledwater.bench.jmh;

import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.RecordConsumer;
import io.bottledwater.source.plugin.pgoutput.PgoutputDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A transaction of inserts from pgoutput's messages to records, by row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SixColumns.ROWS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx128m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBench {
  @Param({"avro", "json", "protobuf"})
  public String format;

  private byte[][] messages;
  private PgoutputDecoder decoder;
  private long bytes;

  @Setup
  public void prepare() {
    prepare(record -> bytes += size(record));
  }

  /** The same for a test. */
  public void prepare(RecordConsumer out) {
    messages = SixColumns.transaction();
    decoder = Encoders.decoder(Encoders.encoder(format, out));
  }

  static int size(EncodedRecord record) {
    return record.key().length + record.value().length();
  }

  /** Returns how many bytes the records have had so far. */
  @Benchmark
  public long decodeAndEncode() {
    for (byte[] message : messages) {
      decoder.decode(message, 0, message.length, 1);
    }
    return bytes;
  }
}
