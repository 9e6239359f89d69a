package io.bottledwater.sink;

import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Topic;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Drops every record: what is left is the cost of reading and encoding. For measurement only. */
public final class DiscardSink implements Sink {
  private final Map<String, StateEntry> state = new ConcurrentHashMap<>();
  private final LongAdder records = new LongAdder();

  /** Records dropped so far. */
  public long records() {
    return records.sum();
  }

  @Override
  public Map<String, StateEntry> recover() {
    return Map.copyOf(state);
  }

  @Override
  public void ensureTopics(Collection<Topic> topics) {}

  @Override
  public SinkWriter streamWriter() {
    return new DiscardWriter();
  }

  @Override
  public SinkWriter snapshotWriter(int index) {
    return new DiscardWriter();
  }

  @Override
  public void close() {}

  private final class DiscardWriter implements SinkWriter {
    private long accepted;

    @Override
    public void accept(EncodedRecord record) {
      accepted++;
    }

    @Override
    public void commit(List<StateEntry> entries) {
      records.add(accepted);
      accepted = 0;
      entries.forEach(entry -> state.put(entry.key(), entry));
    }

    @Override
    public void close() {}
  }
}
