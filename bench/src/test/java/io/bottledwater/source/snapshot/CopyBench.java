package io.bottledwater.source.snapshot;

import io.bottledwater.bench.jmh.Encoders;
import io.bottledwater.bench.jmh.SixColumns;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.record.RecordConsumer;
import java.util.BitSet;
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

/** Rows of the snapshot from the messages of COPY to records, by row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SixColumns.ROWS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx128m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CopyBench {
  @Param({"avro", "json", "protobuf"})
  public String format;

  private final Tuple row = new Tuple();
  private BitSet binaryColumns;
  private byte[][] messages;
  private ChangeEncoder encoder;
  private long bytes;

  @Setup
  public void prepare() {
    prepare(record -> bytes += record.key().length + record.value().length());
  }

  /** The same for a test. */
  public void prepare(RecordConsumer out) {
    encoder = Encoders.encoder(format, out);
    Transaction snapshot = new Transaction();
    snapshot.begin(1, 0, 0);
    encoder.onBegin(snapshot);
    binaryColumns = encoder.binaryColumns(SixColumns.RELATION);
    messages = SixColumns.copy(binaryColumns);
  }

  /** Returns how many bytes the records have had so far. */
  @Benchmark
  public long decodeAndEncode() {
    CopyDecoder decoder =
        new CopyDecoder("bench_rows", SixColumns.RELATION.columns().size(), binaryColumns);
    for (byte[] message : messages) {
      if (decoder.decode(message, 0, message.length, row)) {
        encoder.onRead(SixColumns.RELATION, row);
      }
    }
    return bytes;
  }
}
