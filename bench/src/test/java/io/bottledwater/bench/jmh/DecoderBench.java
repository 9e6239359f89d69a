package io.bottledwater.bench.jmh;

import io.bottledwater.change.ChangeHandler;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.plugin.pgoutput.PgoutputDecoder;
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

/** The decoder of pgoutput alone: a transaction of inserts, by row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SixColumns.ROWS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx128m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecoderBench {
  private final byte[][] messages = SixColumns.transaction();
  private final Counter counter = new Counter();
  private final PgoutputDecoder decoder = Encoders.decoder(counter);

  /** Returns how many fields it has seen so far. */
  @Benchmark
  public long decode() {
    for (byte[] message : messages) {
      decoder.decode(message, 0, message.length, 1);
    }
    return counter.fields;
  }

  private static final class Counter implements ChangeHandler {
    long fields;

    @Override
    public void onInsert(Relation relation, Tuple row) {
      fields += row.size();
    }

    @Override
    public void onBegin(Transaction transaction) {}

    @Override
    public void onRead(Relation relation, Tuple row) {}

    @Override
    public void onUpdate(Relation relation, Tuple old, Tuple row) {}

    @Override
    public void onDelete(Relation relation, Tuple old) {}

    @Override
    public void onTruncate(List<Relation> relations) {}

    @Override
    public void onCommit(Transaction transaction) {}
  }
}
