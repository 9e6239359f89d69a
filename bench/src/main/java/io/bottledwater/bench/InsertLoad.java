package io.bottledwater.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Transactions that insert one row each, on a schedule that does not wait for them: each is due at
 * its own time, whatever became of those before it, and is begun by the first connection that is
 * free. Times are those of {@link System#nanoTime}.
 */
final class InsertLoad implements AutoCloseable {
  // Several commits share one write to the disk, if there are several at a time.
  private static final int CONNECTIONS = 16;

  private final long firstId;
  private final int transactionsPerSecond;
  private final int count;
  private final long[] begun;
  private final long[] committed;
  private final AtomicInteger next = new AtomicInteger();
  private final List<Connection> connections = new ArrayList<>();
  private final List<PreparedStatement> inserts = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<Future<?>> running = new ArrayList<>();
  private long startedAt;

  /**
   * @param job whose table gets the rows
   * @param firstId of {@code count} consecutive ones
   */
  InsertLoad(Servers servers, Job job, long firstId, int count) throws SQLException {
    this.firstId = firstId;
    this.count = count;
    this.transactionsPerSecond = job.scenario().transactionsPerSecond();
    this.begun = new long[count];
    this.committed = new long[count];
    for (int i = 0; i < CONNECTIONS; i++) {
      Connection connection = servers.connect(job.database());
      connections.add(connection);
      inserts.add(
          connection.prepareStatement(
              "INSERT INTO "
                  + job.workload().tables().get(0)
                  + " SELECT "
                  + job.workload().shape().rowValues()
                  + " FROM (SELECT ?::bigint AS i) AS given"));
    }
  }

  /** Inserts a row at once, outside the schedule. */
  void insert(long id) throws SQLException {
    insert(inserts.get(0), id);
  }

  // A statement by itself is a transaction: it returns when its commit is on the disk.
  private static void insert(PreparedStatement insert, long id) throws SQLException {
    insert.setLong(1, id);
    insert.executeUpdate();
  }

  /** Begins; returns at once. */
  void start() {
    startedAt = System.nanoTime();
    for (PreparedStatement insert : inserts) {
      running.add(
          threads.submit(
              () -> {
                run(insert);
                return null;
              }));
    }
  }

  private void run(PreparedStatement insert) throws SQLException {
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      long wait = due(i) - System.nanoTime();
      while (wait > 0) {
        LockSupport.parkNanos(wait);
        wait = due(i) - System.nanoTime();
      }
      begun[i] = System.nanoTime();
      insert(insert, firstId + i);
      committed[i] = System.nanoTime();
    }
  }

  /** When a transaction should begin. */
  long due(int index) {
    return startedAt + index * 1_000_000_000L / transactionsPerSecond;
  }

  /** Waits until all are committed; only then are the times to be had. */
  void await() throws InterruptedException {
    for (Future<?> thread : running) {
      try {
        thread.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("The load has failed", e.getCause());
      }
    }
  }

  /** When a transaction was begun. */
  long begun(int index) {
    return begun[index];
  }

  /** When a transaction's COMMIT had returned. */
  long committed(int index) {
    return committed[index];
  }

  @Override
  public void close() throws SQLException {
    next.set(count);
    threads.shutdownNow();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
