package io.bottledwater.kafka.producer;

import io.bottledwater.bench.jmh.SixColumns;
import io.bottledwater.bench.jmh.StreamBench;
import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Records of a transaction of inserts, in Avro, into a batch that is sealed; by row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SixColumns.ROWS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx128m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBatchBench {
  private final byte[] array = new byte[1 << 20];
  private final RowHeaders headers = new RowHeaders();
  private final List<EncodedRecord> records = new ArrayList<>();

  public RecordBatchBench() {
    StreamBench stream = new StreamBench();
    stream.format = "avro";
    stream.prepare(record -> records.add(copy(record)));
    stream.decodeAndEncode();
  }

  private static EncodedRecord copy(EncodedRecord record) {
    EncodedRecord copy = new EncodedRecord(record.topic());
    copy.set(
        record.topic(),
        record.operation(),
        record.key(),
        ByteSlice.of(record.value().toByteArray()));
    copy.setOrigin(record.timestampMillis(), record.commitLsn(), record.xid(), record.sequence());
    return copy;
  }

  /** Returns the batch. */
  @Benchmark
  public ByteBuffer write() {
    RecordBatch batch = new RecordBatch(array);
    for (int i = 0; i < records.size(); i++) {
      EncodedRecord record = records.get(i);
      headers.set(record);
      batch.append(
          record.timestampMillis(),
          record.key(),
          record.value(),
          headers.bytes(),
          headers.length());
    }
    batch.seal(0, true, 1, (short) 0, 0);
    return batch.sealed();
  }
}
