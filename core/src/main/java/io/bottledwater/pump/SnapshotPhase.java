package io.bottledwater.pump;

import io.bottledwater.change.Transaction;
import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.postgres.PgSnapshot;
import io.bottledwater.postgres.Relation;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.snapshot.Chunk;
import io.bottledwater.source.snapshot.SnapshotProgress;
import io.bottledwater.source.snapshot.SnapshotReader;
import io.bottledwater.source.snapshot.TableLocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of a snapshot with several threads, each with its own database session, encoder
 * and sink writer. What a thread has read is committed together with the ledger entries that say
 * so.
 */
final class SnapshotPhase {
  /**
   * A chunk to read.
   *
   * @param fileNode the file that its pages were planned in
   * @param rowFilter condition of the publication, or null
   * @param basis leaves out row versions that this earlier snapshot does not see, or null
   * @param headerLsn the LSN that the rows carry in their header
   */
  record Task(
      Chunk chunk,
      long fileNode,
      @Nullable String rowFilter,
      @Nullable PgSnapshot basis,
      long headerLsn) {}

  /** Makes a thread's encoder around its writer. */
  interface EncoderFactory {
    ChangeEncoder encoder(SinkWriter writer);
  }

  /** Makes a thread's writer. */
  interface WriterFactory {
    SinkWriter writer(int index);
  }

  // Small tables share a transaction until it is this old.
  private static final long COMMIT_NANOS = 500_000_000L;

  private final String address;
  private final TableLocks locks;
  private final String snapshotName;
  private final long untilNanos;
  private final SnapshotProgress progress;
  private final Queue<Task> tasks;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final AtomicBoolean stop;
  private final PumpStatistics statistics;
  private final BooleanSupplier leaseLost;
  private final List<StateEntry> committed = new ArrayList<>();

  /**
   * @param untilNanos no chunk is begun after this time of {@code System.nanoTime()}
   */
  SnapshotPhase(
      String address,
      TableLocks locks,
      String snapshotName,
      long untilNanos,
      SnapshotProgress progress,
      PumpStatistics statistics,
      List<Task> tasks,
      AtomicBoolean stop,
      BooleanSupplier leaseLost) {
    this.statistics = statistics;
    this.leaseLost = leaseLost;
    this.address = address;
    this.locks = locks;
    this.snapshotName = snapshotName;
    this.untilNanos = untilNanos;
    this.progress = progress;
    this.tasks = new ConcurrentLinkedQueue<>(tasks);
    this.stop = stop;
  }

  /**
   * Reads everything, or as much as there is time for.
   *
   * @param snapshotMicros the snapshot's time, since 1970-01-01T00:00Z
   * @return the ledger entries committed
   * @throws BottledWaterException the first failure of any thread, after all have ended
   */
  List<StateEntry> run(
      int threads, long snapshotMicros, WriterFactory writers, EncoderFactory encoders)
      throws InterruptedException {
    int count = Math.max(1, Math.min(threads, tasks.size()));
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      Thread thread =
          new Thread(
              () -> readAll(index, snapshotMicros, writers, encoders), "bw-snapshot-" + index);
      thread.setDaemon(true);
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return committed;
  }

  private void readAll(
      int index, long snapshotMicros, WriterFactory writers, EncoderFactory encoders) {
    try (SnapshotReader reader =
            SnapshotReader.open(locks, index, snapshotName, address, progress);
        SinkWriter writer = writers.writer(index)) {
      ChangeEncoder encoder = encoders.encoder(writer);
      Transaction snapshot = new Transaction();
      List<StateEntry> written = new ArrayList<>();
      long openedNanos = System.nanoTime();
      Task task = next();
      while (task != null && failure.get() == null && !stop.get()) {
        Relation relation = task.chunk().relation();
        snapshot.begin(task.headerLsn(), snapshotMicros, 0);
        encoder.onBegin(snapshot);
        long rows =
            reader.read(
                task.chunk(),
                encoder.binaryColumns(relation),
                encoder.hiddenColumns(relation),
                task.rowFilter(),
                task.basis(),
                encoder);
        written.add(TableLedger.chunkEntry(task.chunk(), task.fileNode(), rows));
        if (System.nanoTime() - openedNanos > COMMIT_NANOS) {
          commit(writer, written);
          openedNanos = System.nanoTime();
        }
        task = next();
        if (task == null || !task.chunk().relation().equals(relation)) {
          encoder.forget(relation);
        }
      }
      commit(writer, written);
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    } catch (Error e) {
      failure.compareAndSet(
          null, new BottledWaterException(ErrorCode.BUG, "A snapshot reader failed.", e));
    }
  }

  private @Nullable Task next() {
    return System.nanoTime() - untilNanos > 0 ? null : tasks.poll();
  }

  /** Whether there was time for everything. */
  boolean isComplete() {
    return tasks.isEmpty();
  }

  private void commit(SinkWriter writer, List<StateEntry> written) {
    if (written.isEmpty()) {
      return;
    }
    if (leaseLost.getAsBoolean()) {
      throw new BottledWaterException(ErrorCode.SLOT_IN_USE, "The slot's lease was lost.");
    }
    Failpoint.CHUNK_READ.pass();
    writer.commit(written);
    Failpoint.CHUNK_COMMITTED.pass();
    statistics.advanced();
    synchronized (committed) {
      committed.addAll(written);
    }
    written.clear();
  }
}
