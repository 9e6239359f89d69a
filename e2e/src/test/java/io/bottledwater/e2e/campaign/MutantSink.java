package io.bottledwater.e2e.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import io.bottledwater.record.Topic;
import io.bottledwater.sink.Sink;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A sink that is right, but for its stream's writer. */
final class MutantSink implements Sink {
  private final Mutant mutant;
  private final Sink sink;
  private final Supplier<SinkWriter> unfenced;
  private final Map<String, Long> readUntil = new HashMap<>();

  MutantSink(Mutant mutant, Sink sink, Supplier<SinkWriter> unfenced) {
    this.mutant = mutant;
    this.sink = sink;
    this.unfenced = unfenced;
  }

  @Override
  public Map<String, StateEntry> recover() {
    Map<String, StateEntry> state = sink.recover();
    return mutant == Mutant.CHUNK_FILTER_BY_LSN ? withoutBasis(state) : state;
  }

  // No transaction is seen by such a basis, so nothing is left out for having been seen.
  private Map<String, StateEntry> withoutBasis(Map<String, StateEntry> state) {
    Map<String, StateEntry> changed = new HashMap<>(state);
    state.forEach(
        (key, entry) -> {
          Map<String, String> fields = new HashMap<>(entry.fields());
          if ("done".equals(fields.get("status")) && fields.containsKey("until")) {
            fields.put("basis", "3:3:");
            changed.put(key, new StateEntry(key, fields));
            String table = fields.get("name");
            readUntil.put(table.substring(table.indexOf('.')), Seen.lsn(fields.get("until")));
          }
        });
    return changed;
  }

  @Override
  public void ensureTopics(Collection<Topic> topics) {
    sink.ensureTopics(topics);
  }

  @Override
  public SinkWriter streamWriter() {
    SinkWriter writer = sink.streamWriter();
    return switch (mutant) {
      case EARLY_ACKNOWLEDGE -> new Early(writer);
      case RECORDS_HELD_BACK -> new HeldBack(writer);
      case FIRST_CHANGE_SKIPPED -> new FirstSkipped(writer);
      case TRANSACTION_SPLIT -> new Split(writer);
      case RECORD_REPEATED -> new Repeated(writer);
      case TRANSACTIONS_REORDERED -> new Reordered(writer);
      case NOT_FENCED -> unfenced.get();
      case AUTOMATIC_FLUSH, SLOW -> new Slow(writer);
      case CHUNK_FILTER_BY_LSN -> new FilteredByLsn(writer, readUntil);
      default -> writer;
    };
  }

  @Override
  public SinkWriter snapshotWriter(int index) {
    return sink.snapshotWriter(index);
  }

  @Override
  public void close() {
    sink.close();
  }

  private static EncodedRecord copy(EncodedRecord record) {
    EncodedRecord copy = new EncodedRecord(record.topic());
    ByteSlice value = record.value();
    copy.set(
        record.topic(),
        record.operation(),
        record.key(),
        value == null ? null : ByteSlice.of(value.toByteArray()));
    copy.setOrigin(record.timestampMillis(), record.commitLsn(), record.xid(), record.sequence());
    return copy;
  }

  private abstract static class Wrapper implements SinkWriter {
    final SinkWriter writer;

    Wrapper(SinkWriter writer) {
      this.writer = writer;
    }

    @Override
    public void accept(EncodedRecord record) {
      writer.accept(record);
    }

    @Override
    public void commit(List<StateEntry> state) {
      writer.commit(state);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  private static final class Early extends Wrapper {
    private static final long DELAY_MILLIS = 1500;

    private final ScheduledExecutorService later =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "late-commits");
              thread.setDaemon(true);
              return thread;
            });
    private List<EncodedRecord> records = new ArrayList<>();

    Early(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      records.add(copy(record));
    }

    @Override
    public void commit(List<StateEntry> state) {
      List<EncodedRecord> accepted = records;
      records = new ArrayList<>();
      var unused =
          later.schedule(
              () -> {
                accepted.forEach(writer::accept);
                writer.commit(state);
              },
              DELAY_MILLIS,
              TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
      later.shutdownNow();
      super.close();
    }
  }

  private static final class HeldBack extends Wrapper {
    private List<EncodedRecord> held = new ArrayList<>();
    private List<EncodedRecord> records = new ArrayList<>();

    HeldBack(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      records.add(copy(record));
    }

    @Override
    public void commit(List<StateEntry> state) {
      held.forEach(writer::accept);
      held = records;
      records = new ArrayList<>();
      writer.commit(state);
    }
  }

  /** Takes its time to commit a certain transaction. */
  private static final class Slow extends Wrapper {
    private boolean slow;

    Slow(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      ByteSlice value = record.value();
      slow |=
          value != null && new String(value.toByteArray(), UTF_8).contains(MutantScenes.HELD_BACK);
      writer.accept(record);
    }

    @Override
    public void commit(List<StateEntry> state) {
      if (slow) {
        slow = false;
        Scene.sleep(MutantScenes.HELD_BACK_FOR.toMillis());
      }
      writer.commit(state);
    }
  }

  private static final class FilteredByLsn extends Wrapper {
    private final Map<String, Long> readUntil;

    FilteredByLsn(SinkWriter writer, Map<String, Long> readUntil) {
      super(writer);
      this.readUntil = readUntil;
    }

    @Override
    public void accept(EncodedRecord record) {
      String topic = record.topic().name();
      Long until = readUntil.get(topic.substring(topic.lastIndexOf('.')));
      if (until == null || Long.compareUnsigned(record.commitLsn(), until) >= 0) {
        writer.accept(record);
      }
    }
  }

  private static final class FirstSkipped extends Wrapper {
    FirstSkipped(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      if (record.sequence() != 0) {
        writer.accept(record);
      }
    }
  }

  private static final class Split extends Wrapper {
    Split(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      if (record.sequence() == 2) {
        writer.commit(List.of());
      }
      writer.accept(record);
    }
  }

  private static final class Repeated extends Wrapper {
    private static final int PERIOD = 100;

    private int accepted;

    Repeated(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      writer.accept(record);
      if (++accepted % PERIOD == 0 && record.operation() == Operation.UPDATE) {
        writer.accept(record);
      }
    }
  }

  private static final class Reordered extends Wrapper {
    private final List<List<EncodedRecord>> transactions = new ArrayList<>();

    Reordered(SinkWriter writer) {
      super(writer);
    }

    @Override
    public void accept(EncodedRecord record) {
      int last = transactions.size() - 1;
      if (last < 0 || transactions.get(last).get(0).commitLsn() != record.commitLsn()) {
        transactions.add(new ArrayList<>());
        last++;
      }
      transactions.get(last).add(copy(record));
    }

    @Override
    public void commit(List<StateEntry> state) {
      Collections.reverse(transactions);
      transactions.forEach(transaction -> transaction.forEach(writer::accept));
      transactions.clear();
      writer.commit(state);
    }
  }
}
