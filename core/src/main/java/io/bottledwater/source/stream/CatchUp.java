package io.bottledwater.source.stream;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.copy.CopyMessages;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the backlog of a replication slot through PostgreSQL's decoding functions and COPY, which
 * cost the server less than half of what the replication stream does: that sends every message by a
 * system call of its own. Ends near the tip, where the stream takes over.
 *
 * <p>Two sessions, each with a temporary copy of the slot and a thread of its own, take turns:
 * while the result of one large window is fetched, the server decodes the next.
 *
 * <pre>
 *   copy 0   decode 1 │ fetch 1    │ decode 3 │ fetch 3
 *   copy 1            │ decode 2 │ wait │ fetch 2 │ decode 4 ...
 * </pre>
 *
 * <p>The slot itself is confirmed as the stream would do it: to what {@code flushLsn} says and
 * nothing else. A crash loses the copies and nothing that matters.
 *
 * <p>A window holds whole transactions. One that is very large, or a long-running one that holds
 * the slot's restart position back, is left to the stream, see {@link WindowPlanner}.
 */
public final class CatchUp implements MessageSource {
  /** How it ended. */
  public enum Outcome {
    /** The rest is for the stream. */
    CAUGHT_UP,
    /** What comes next is for the stream; a later backlog may be read again. */
    LEFT,
    /** The server does not let us, for instance for want of slots or of space for the result. */
    UNAVAILABLE
  }

  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);
  private static final int BATCH_MESSAGES = 512;
  private static final long BATCH_BYTES = 256 * 1024;
  private static final long WAIT_MILLIS = 1000;

  // Confirming costs the server a pass over the WAL from the slot's restart position, and is worth
  // it where that position moves: only then can WAL go.
  private static final long CONFIRM_BYTES = 128L * 1024 * 1024;

  private final String slot;
  private final long startLsn;
  private final LongSupplier flushLsn;
  private final String address;
  private final MessageQueue queue;

  // Filled by whose turn it is to fetch.
  private final MessageMemory memory = new MessageMemory();
  private final WindowPlanner planner = new WindowPlanner();
  private final List<SlotCopy> copies;
  private final List<Thread> readers = new ArrayList<>();
  private final Semaphore[] decodeTurn = {new Semaphore(1), new Semaphore(0)};
  private final Semaphore[] fetchTurn = {new Semaphore(1), new Semaphore(0)};

  // Passed on with the turn to decode.
  private boolean begun;

  private volatile boolean fetching;
  private volatile boolean closed;
  private volatile @Nullable Outcome outcome;
  private volatile long leftAtLsn;
  private volatile String leftBecause = "";

  private CatchUp(
      PostgresConnector connector,
      String slot,
      List<SlotCopy> copies,
      long startLsn,
      LongSupplier flushLsn,
      long queueBytes) {
    this.slot = slot;
    this.copies = copies;
    this.startLsn = startLsn;
    this.flushLsn = flushLsn;
    this.address = connector.address();
    this.queue = new MessageQueue(queueBytes);
  }

  /**
   * Starts reading.
   *
   * @param startLsn everything that commits before it has been written
   * @param flushLsn what may be confirmed, asked again and again
   * @param queueBytes how much may be read ahead
   * @return null when the server does not let us, which the log says
   */
  public static @Nullable CatchUp start(
      PostgresConnector connector,
      String slot,
      PluginOptions options,
      long startLsn,
      LongSupplier flushLsn,
      long queueBytes) {
    List<SlotCopy> copies = new ArrayList<>();
    try {
      copies.add(SlotCopy.of(connector, slot, options));
      copies.add(SlotCopy.of(connector, slot, options));
    } catch (SQLException e) {
      copies.forEach(SlotCopy::close);
      if (isDisconnected(e)) {
        throw PostgresErrors.translate(e, "copying slot " + slot, connector.address());
      }
      sayUnavailable("SQLSTATE " + e.getSQLState());
      return null;
    } catch (BottledWaterException e) {
      copies.forEach(SlotCopy::close);
      if (PostgresErrors.isShortage(e)) {
        sayUnavailable("the server has no connection left for it");
        return null;
      }
      throw e;
    }
    CatchUp result = new CatchUp(connector, slot, copies, startLsn, flushLsn, queueBytes);
    for (int i = 0; i < copies.size(); i++) {
      int index = i;
      Thread reader = new Thread(() -> result.read(index), "bw-catch-up-" + index);
      reader.setDaemon(true);
      result.readers.add(reader);
    }
    result.readers.forEach(Thread::start);
    return result;
  }

  @Override
  public @Nullable MessageBatch poll(long waitMillis) throws InterruptedException {
    return queue.poll(waitMillis);
  }

  @Override
  public boolean isDrained() {
    return !fetching && queue.isEmpty();
  }

  @Override
  public boolean isEnded() {
    return queue.isEnded();
  }

  /** How it ended, once it has. */
  public Outcome outcome() {
    return Objects.requireNonNull(outcome);
  }

  /** Up to where the WAL was left to the stream, which then goes on from there. */
  public long leftAtLsn() {
    return leftAtLsn;
  }

  /** Why, as a clause. */
  public String leftBecause() {
    return leftBecause;
  }

  /**
   * Confirms to the slot what the sink holds, when everything has been handed out and written and
   * WAL can go; otherwise the stream that follows does.
   */
  public void confirm() throws InterruptedException {
    for (Thread reader : readers) {
      reader.join();
    }
    try {
      SlotCopy session = copies.get(0);
      long restart = Lsn.INVALID;
      for (SlotCopy copy : copies) {
        // One that could not step on is gone.
        SlotCopy.Extent extent = session.extent(copy.name());
        restart = extent == null ? restart : Lsn.max(restart, extent.restartLsn());
      }
      confirm(session, restart, 1);
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "confirming to slot " + slot, address);
    }
  }

  private void read(int index) {
    SlotCopy own = copies.get(index);
    SlotCopy other = copies.get(1 - index);
    try {
      while (true) {
        decodeTurn[index].acquire();
        if (outcome != null) {
          return;
        }
        Window window = decode(own, other);
        // Until windows are large, the next one depends on what this one has brought.
        boolean ahead = window == null || planner.isFullGrown();
        if (ahead) {
          decodeTurn[1 - index].release();
        }
        fetchTurn[index].acquire();
        if (window == null) {
          queue.end();
          return;
        }
        fetch(own, window);
        fetchTurn[1 - index].release();
        if (!ahead) {
          decodeTurn[1 - index].release();
        }
      }
    } catch (SQLException e) {
      fail(PostgresErrors.translate(e, "reading the backlog", address));
    } catch (InterruptedException e) {
      fail(new BottledWaterException(ErrorCode.POSTGRES_UNREACHABLE, "Reading was stopped.", e));
    } catch (BottledWaterException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new BottledWaterException(ErrorCode.BUG, "The reader of the backlog failed.", e));
    }
  }

  // The other reader may wait for a turn that never comes: closing interrupts it.
  private void fail(BottledWaterException e) {
    queue.fail(e);
  }

  /** A window that the server has decoded. */
  private record Window(long fromLsn, CopyMessages copy, boolean hasMore) {}

  private @Nullable Window decode(SlotCopy own, SlotCopy other) throws SQLException {
    // The other copy stands where the last window ends.
    SlotCopy.Extent reached = begun ? extent(own, other.name()) : start(own);
    begun = true;
    confirm(own, reached.restartLsn(), CONFIRM_BYTES);
    long from = reached.confirmedLsn();
    long walEnd = own.walEnd();
    if (planner.isNearTip(from, walEnd)) {
      outcome = Outcome.CAUGHT_UP;
      return null;
    }
    if (planner.isForTheStream()) {
      return leave(walEnd, "values are large, at which the stream is better");
    }
    if (planner.isTooMuch(reached.restartLsn(), from)) {
      return leave(
          from,
          "the server would decode too much at once or again, as with a large or long transaction");
    }
    try {
      if (Lsn.compare(extent(own, own.name()).confirmedLsn(), from) < 0) {
        own.stepTo(other.name());
      }
      CopyMessages copy = own.read(planner.upTo(from, walEnd));
      // Comes when all of it has been decoded.
      return new Window(from, copy, copy.next());
    } catch (SQLException e) {
      if (closed || isDisconnected(e) || PostgresErrors.isWithoutBinaryForm(e)) {
        throw e;
      }
      sayUnavailable("SQLSTATE " + e.getSQLState());
      outcome = Outcome.UNAVAILABLE;
      return null;
    }
  }

  private @Nullable Window leave(long lsn, String reason) {
    leftAtLsn = lsn;
    leftBecause = reason;
    outcome = Outcome.LEFT;
    return null;
  }

  private SlotCopy.Extent start(SlotCopy own) throws SQLException {
    if (Lsn.compare(extent(own, own.name()).confirmedLsn(), startLsn) < 0) {
      own.advance(own.name(), startLsn);
    }
    return extent(own, own.name());
  }

  private SlotCopy.Extent extent(SlotCopy session, String name) throws SQLException {
    SlotCopy.Extent extent = session.extent(name);
    if (extent == null) {
      throw new BottledWaterException(
          ErrorCode.SLOT_MISSING, "Slot " + name + " was dropped while its backlog was read.");
    }
    return extent;
  }

  private void fetch(SlotCopy own, Window window) throws SQLException, InterruptedException {
    fetching = true;
    CopiedMessages rows = new CopiedMessages();
    MessageBatch batch = memory.take();
    batch.startSession();
    long bytes = 0;
    long messages = 0;
    CopyMessages copy = window.copy;
    boolean more = window.hasMore;
    while (more) {
      if (rows.find(copy)) {
        batch.add(copy.buffer(), rows.offset(), rows.length(), copy.isDetached(), rows.lsn());
        bytes += rows.length();
        messages++;
        if (batch.size() == BATCH_MESSAGES || batch.bytes() > BATCH_BYTES) {
          batch.serverPosition(window.fromLsn);
          hand(batch);
          batch = memory.take();
        }
      }
      more = copy.next();
    }
    if (!rows.isComplete()) {
      throw new BottledWaterException(
          ErrorCode.WIRE, "COPY of a backlog ended without its trailer.");
    }
    long end = extent(own, own.name()).confirmedLsn();
    planner.returned(window.fromLsn, end, messages, bytes);
    batch.serverPosition(end);
    fetching = false;
    hand(batch);
  }

  private void hand(MessageBatch batch) throws InterruptedException {
    while (!queue.offer(batch, WAIT_MILLIS)) {
      if (closed) {
        throw new InterruptedException();
      }
    }
  }

  // A copy's restart position is where the slot's would be, had all been written.
  private void confirm(SlotCopy session, long restartLsn, long leastBytes) throws SQLException {
    SlotCopy.Extent extent = extent(session, slot);
    long flushed = flushLsn.getAsLong();
    if (Lsn.compare(flushed, extent.confirmedLsn()) <= 0
        || Lsn.min(restartLsn, flushed) - extent.restartLsn() < leastBytes) {
      return;
    }
    try {
      session.advance(slot, flushed);
    } catch (SQLException e) {
      if ("55006".equals(e.getSQLState())) {
        // The walsender of a stream that has just been closed: the next time will do.
        return;
      }
      if (isDisconnected(e)) {
        throw e;
      }
      // Lost, or dropped: the next session finds out, and says what to do.
      throw new BottledWaterException(
          ErrorCode.POSTGRES_UNREACHABLE,
          "Slot " + slot + " could not be confirmed (SQLSTATE " + e.getSQLState() + ").",
          e);
    }
  }

  private static boolean isDisconnected(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.startsWith("08") || state.startsWith("57P");
  }

  private static void sayUnavailable(String why) {
    log.info(
        "The backlog cannot be read ahead of the stream ({}); it comes through the stream.", why);
  }

  /** Ends the sessions, and their copies of the slot with them. */
  @Override
  public void close() {
    closed = true;
    if (readers.stream().anyMatch(Thread::isAlive)) {
      copies.forEach(SlotCopy::cancel);
      readers.forEach(Thread::interrupt);
    }
    try {
      for (Thread reader : readers) {
        reader.join(5000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    copies.forEach(SlotCopy::close);
  }
}
