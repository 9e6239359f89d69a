package io.bottledwater.pump;

import io.bottledwater.ack.InFlightTransactions;
import io.bottledwater.change.ChangeHandler;
import io.bottledwater.change.LogicalMessage;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.encode.ChangeEncoder;
import io.bottledwater.failpoint.Failpoint;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.sink.SinkWriter;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.CatalogRelationResolver;
import io.bottledwater.source.plugin.pgoutput.PgoutputDecoder;
import io.bottledwater.source.stream.MessageBatch;
import io.bottledwater.source.stream.MessageSource;
import io.bottledwater.source.stream.StreamWindow;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pumps the stream: decodes, encodes, offers, and commits whole transactions with the position that
 * follows them. Commits at once when nothing more is waiting, and in groups under load. One thread.
 */
final class StreamPhase implements ChangeHandler {
  /** What is done now and then between two transactions. */
  interface Housekeeping {
    /**
     * How soon it wants to run.
     *
     * @param drained whether no change is waiting
     * @return 0 or less when it is time
     */
    long dueInMillis(boolean drained);

    /**
     * @param force whether a table was met that needs a snapshot
     * @param reachedLsn what commits before this has been written
     * @return whether the ledger has changed
     */
    boolean run(boolean force, long reachedLsn) throws InterruptedException;

    /** Whatever must be sure before the sink is told to commit; throws if it is not. */
    void beforeCommit();
  }

  private static final Logger log = LoggerFactory.getLogger(StreamPhase.class);

  // Under load a commit costs a round trip to the brokers, so transactions share one until it is as
  // old as the pace allows, or this large.
  private static final long GROUP_CHANGES = 50_000;
  private static final long POLL_MILLIS = 500;

  // An idle position is recorded when it has moved this far, or is this old: WAL of other databases
  // and of tables that are not exported must not pile up on the server.
  private static final long IDLE_BYTES = 8L * 1024 * 1024;
  private static final long IDLE_NANOS = 10_000_000_000L;

  private final ChangeEncoder encoder;
  private final SinkWriter writer;
  private final VersionEntries versions;
  private final InFlightTransactions inFlight;
  private final AtomicBoolean stop;
  private final PumpStatistics statistics;
  private final StreamGate gate;
  private final Predicate<String> messages;
  private final Transaction ownMessage = new Transaction();
  private final Housekeeping housekeeping;
  private Position position;
  private final CommitPace pace = new CommitPace();
  private final long commitWithinNanos;
  private final PgoutputDecoder decoder;
  private final CatalogRelationResolver resolver;
  private final ToastReader toast;

  // What commits before it has been written.
  private long startLsn;

  private boolean skipping;

  // Of the transaction being read: where and when it commits, how many changes it has had so far,
  // and up to which of them an earlier session has written.
  private long currentCommitLsn;
  private long currentCommitMicros;
  private long currentChanges;
  private long writtenChanges;

  // Of the group: how many changes it had before that transaction.
  private long changesBefore;

  private boolean lastOfBatch;
  private @Nullable Position completed;
  private long changes;
  private long openedNanos;
  private long idleRecordedNanos = System.nanoTime();

  StreamPhase(
      ChangeEncoder encoder,
      SinkWriter writer,
      VersionEntries versions,
      InFlightTransactions inFlight,
      Position position,
      PumpStatistics statistics,
      AtomicBoolean stop,
      StreamGate gate,
      Predicate<String> messages,
      Housekeeping housekeeping,
      CatalogRelationResolver resolver,
      ToastReader toast) {
    this.toast = toast;
    this.resolver = resolver;
    this.decoder = new PgoutputDecoder(resolver, this);
    this.gate = gate;
    this.messages = messages;
    this.housekeeping = housekeeping;
    this.encoder = encoder;
    this.writer = writer;
    this.versions = versions;
    this.inFlight = inFlight;
    this.position = position;
    this.startLsn = position.endLsn();
    this.commitWithinNanos = nanos(writer.commitWithinMillis());
    this.statistics = statistics;
    this.stop = stop;
  }

  /** P: everything that commits before it has been written. */
  long endLsn() {
    return position.endLsn();
  }

  /**
   * Goes on from P with a source that starts there, until told to stop, the source has ended, or
   * {@code leave} says so; then commits what is complete.
   *
   * @param leave asked between two batches; the run ends after the next whole transaction
   */
  void run(MessageSource messageSource, BooleanSupplier leave) throws InterruptedException {
    RowHistory history = new RowHistory();
    StreamWindow source = new StreamWindow(messageSource, history);
    history.attach(source);
    toast.attach(source, history, this::whileAwaiting);
    startLsn = position.endLsn();
    boolean leaving = false;
    while (!stop.get() && !source.isEnded() && !(leaving && !decoder.inTransaction())) {
      long due = housekeeping.dueInMillis(source.isDrained());
      if (!decoder.inTransaction() && (gate.metUnknown() || due <= 0)) {
        commit();
        if (housekeeping.run(gate.takeUnknown(), position.endLsn())) {
          gate.forget();
        }
      }
      long waitMillis =
          decoder.inTransaction() ? POLL_MILLIS : Math.max(1, Math.min(POLL_MILLIS, due));
      MessageBatch batch = source.poll(waitMillis);
      if (batch == null) {
        writer.progress();
        splitIfOverdue();
        continue;
      }
      leaving = leaving || leave.getAsBoolean();
      if (batch.startsSession()) {
        resolver.newSession();
      }
      decode(batch, source, leaving);
      if (!decoder.inTransaction()) {
        if (source.isDrained()) {
          commit();
        }
        if (!leaving) {
          idle(batch.serverPosition());
        }
      }
    }
    if (!decoder.inTransaction()) {
      settle();
    }
  }

  // Another source goes on from P, so that all that is complete must lie before it.
  private void settle() {
    Position reached = completed;
    if (reached != null) {
      commit(reached);
    }
  }

  private void decode(MessageBatch batch, StreamWindow source, boolean leaving) {
    int size = batch.size();
    for (int i = 0; i < size && !(leaving && !decoder.inTransaction()); i++) {
      lastOfBatch = i == size - 1 && source.isDrained();
      source.reach(batch, i);
      decoder.decode(batch.buffer(i), batch.offset(i), batch.length(i), batch.lsn(i));
    }
  }

  @Override
  public void onBegin(Transaction transaction) {
    // Sent again after a restart, because the server had not yet been told: written already.
    skipping = Lsn.compare(transaction.commitLsn(), startLsn) < 0;
    if (!skipping) {
      if (completed != null && isGroupFull()) {
        commit();
      }
      gate.begin(transaction.commitLsn(), transaction.xid());
      currentCommitLsn = transaction.commitLsn();
      currentCommitMicros = transaction.commitMicros();
      currentChanges = 0;
      changesBefore = changes;
      writtenChanges =
          position.partialCommitLsn() == currentCommitLsn ? position.partialChanges() : 0;
      encoder.onBegin(transaction);
    }
  }

  @Override
  public void onRead(Relation relation, Tuple row) {
    throw new IllegalStateException("the stream has no snapshot rows");
  }

  @Override
  public void onInsert(Relation relation, Tuple row) {
    if (counts(relation)) {
      encoder.onInsert(relation, row);
    }
  }

  @Override
  public void onUpdate(Relation relation, @Nullable Tuple old, Tuple row) {
    if (counts(relation)) {
      encoder.onUpdate(relation, old, row);
    }
  }

  @Override
  public void onDelete(Relation relation, Tuple old) {
    if (counts(relation)) {
      encoder.onDelete(relation, old);
    }
  }

  @Override
  public void onTruncate(List<Relation> relations) {
    List<Relation> concerned =
        skipping || isWritten() ? List.of() : relations.stream().filter(gate::passes).toList();
    if (!concerned.isEmpty()) {
      count();
      encoder.onTruncate(concerned);
    }
  }

  @Override
  public void onMessage(LogicalMessage message) {
    if (!messages.test(message.prefix())) {
      return;
    }
    if (message.transactional()) {
      if (!skipping && !isWritten()) {
        count();
        encoder.onMessage(message);
      }
      return;
    }
    // Between two transactions it is one of its own, whose position is the message's. Only the end
    // of its WAL record is known, so one that ends at the start has been written.
    if (Lsn.compare(message.endLsn(), startLsn) > 0) {
      ownMessage.begin(message.endLsn(), System.currentTimeMillis() * 1000, 0);
      ownMessage.end(message.endLsn());
      onBegin(ownMessage);
      count();
      encoder.onMessage(message);
      onCommit(ownMessage);
    }
  }

  @Override
  public void onCommit(Transaction transaction) {
    if (skipping) {
      return;
    }
    currentChanges = 0;
    encoder.onCommit(transaction);
    inFlight.offered(transaction.commitEndLsn());
    completed =
        (completed == null ? position : completed)
            .next(transaction.commitEndLsn(), transaction.commitLsn(), transaction.xid());
    statistics.transactionRead(transaction.commitMicros());
    if (lastOfBatch || isGroupFull()) {
      commit();
    }
  }

  private boolean counts(Relation relation) {
    if (skipping || isWritten() || !gate.passes(relation)) {
      return false;
    }
    count();
    return true;
  }

  // Counts every change of the transaction, so that the ordinal does not depend on what passes the
  // gate. Between two changes is also where an over-long transaction can be split.
  private boolean isWritten() {
    if ((currentChanges & 0x3FF) == 0) {
      splitIfOverdue();
    }
    currentChanges++;
    return currentChanges <= writtenChanges;
  }

  /**
   * A transaction that takes longer than the sink can hold records uncommitted is committed in
   * parts: nothing is lost or repeated, but readers may see it in part.
   */
  private void splitIfOverdue() {
    if (changes == 0 || System.nanoTime() - openedNanos < commitWithinNanos) {
      return;
    }
    split(currentChanges);
  }

  private void split(long writtenOfCurrent) {
    Position base = completed == null ? position : completed;
    boolean inside = writtenOfCurrent > 0;
    Position reached = inside ? base.within(currentCommitLsn, writtenOfCurrent) : base;
    write(reached);
    if (inside) {
      statistics.split();
      log.warn(
          "The transaction that commits at {} is written in parts: it takes longer than a Kafka"
              + " transaction may ({} changes so far).",
          Lsn.format(currentCommitLsn),
          writtenOfCurrent);
    }
    committed(reached);
  }

  /**
   * The change at hand waits for what the stream brings later, which may take as long as the server
   * likes: what is complete must not wait with it, nor the sink's transaction run out. The change
   * has been counted, and nothing of it has been offered.
   */
  private void whileAwaiting() {
    changes--;
    Position reached = completed;
    if (changes > 0 && changes == changesBefore && reached != null) {
      commit(reached);
    } else if (changes > 0 && System.nanoTime() - openedNanos > commitWithinNanos) {
      split(currentChanges - 1);
    }
    count();
  }

  private void count() {
    if (changes == 0) {
      openedNanos = System.nanoTime();
    }
    changes++;
  }

  private static long nanos(long millis) {
    return millis > Long.MAX_VALUE / 1_000_000
        ? Long.MAX_VALUE
        : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private boolean isGroupFull() {
    return changes >= GROUP_CHANGES
        || (changes > 0
            && System.nanoTime() - openedNanos
                > pace.groupNanos(currentCommitMicros, System.currentTimeMillis() * 1000));
  }

  private void commit() {
    Position reached = completed;
    if (reached == null) {
      return;
    }
    if (changes == 0) {
      // Nothing of these transactions concerns us: the position can wait for the next commit.
      idle(reached.endLsn());
      return;
    }
    commit(reached);
  }

  private void commit(Position reached) {
    write(reached);
    Failpoint.COMMITTED.pass();
    committed(reached);
  }

  private void write(Position reached) {
    housekeeping.beforeCommit();
    List<StateEntry> entries = versions.with(gate.entries(reached.toEntry(), position.endLsn()));
    long begunNanos = System.nanoTime();
    writer.commit(entries);
    pace.committed(System.nanoTime() - begunNanos);
    gate.committed(entries);
  }

  private void committed(Position reached) {
    position = reached;
    completed = null;
    inFlight.committed(reached.endLsn());
    statistics.committed(changes, reached.endLsn());
    changes = 0;
    changesBefore = 0;
    idleRecordedNanos = System.nanoTime();
  }

  /**
   * The server has nothing for us before {@code serverPosition}. It is recorded before it is
   * confirmed, so that the slot never gets ahead of what the sink knows.
   */
  private void idle(long serverPosition) {
    Position base = completed == null ? position : completed;
    long reached = Lsn.max(serverPosition, base.endLsn());
    if (changes > 0 || position.partialChanges() > 0) {
      return;
    }
    statistics.idle(reached);
    if (Lsn.compare(reached, position.endLsn()) <= 0) {
      return;
    }
    long now = System.nanoTime();
    if (reached - position.endLsn() < IDLE_BYTES && now - idleRecordedNanos < IDLE_NANOS) {
      return;
    }
    Position recorded = base.next(reached, base.commitLsn(), base.xid());
    write(recorded);
    if (completed != null) {
      committed(base);
    }
    position = recorded;
    idleRecordedNanos = now;
    inFlight.idle(reached);
  }
}
