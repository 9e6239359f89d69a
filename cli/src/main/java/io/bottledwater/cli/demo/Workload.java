package io.bottledwater.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Keeps the shop busy: {@value #TRANSACTIONS_PER_SECOND} transactions a second with inserts,
 * updates and deletes, on a thread of its own. What the tables hold stays within bounds.
 */
public final class Workload implements AutoCloseable {
  private static final int TRANSACTIONS_PER_SECOND = 12;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1) / TRANSACTIONS_PER_SECOND;
  private static final long STOP_MILLIS = 5_000;

  /** A round of transactions, again and again; each string is one transaction. */
  private static final String[] ROUND = {
    """
    INSERT INTO readings
    SELECT id, clock_timestamp(), round((15 + random() * 12)::numeric, 2), 40 + random() * 30
    FROM sensors WHERE enabled ORDER BY random() LIMIT 2;
    """,
    """
    WITH placed AS (
      INSERT INTO orders (customer_id, total, note)
      SELECT id, 11.90, CASE WHEN random() < 0.3 THEN 'leave it with the neighbours' END
      FROM customers ORDER BY random() LIMIT 1 RETURNING id)
    INSERT INTO order_items
    SELECT id, 1, 'basil seeds', 2, 2.95 FROM placed UNION ALL
    SELECT id, 2, 'plant labels', 1, 6.00 FROM placed;
    """,
    """
    UPDATE orders SET status = 'paid'
    WHERE id = (SELECT id FROM orders WHERE status = 'new' ORDER BY placed_at LIMIT 1);
    """,
    """
    INSERT INTO readings
    SELECT id, clock_timestamp(), round((15 + random() * 12)::numeric, 2), NULL
    FROM sensors WHERE enabled ORDER BY random() LIMIT 1;
    """,
    """
    UPDATE orders SET status = 'packed'
    WHERE id = (SELECT id FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 1);
    """,
    """
    DELETE FROM readings
    WHERE (sensor_id, taken_at) IN (SELECT sensor_id, taken_at FROM readings ORDER BY taken_at LIMIT 3);
    """,
    """
    UPDATE orders SET status = 'shipped', note = 'parcel ' || floor(random() * 1000000)
    WHERE id = (SELECT id FROM orders WHERE status = 'packed' ORDER BY placed_at LIMIT 1);
    """,
    """
    UPDATE sensors SET settings = jsonb_set(settings, '{alarm,above}', to_jsonb(28 + floor(random() * 8)))
    WHERE id = 1 + floor(random() * 24);
    """,
    """
    UPDATE orders SET status = 'delivered'
    WHERE id = (SELECT id FROM orders WHERE status = 'shipped' ORDER BY placed_at LIMIT 1);
    """,
    """
    DELETE FROM orders
    WHERE id = (SELECT id FROM orders WHERE status = 'delivered' ORDER BY placed_at LIMIT 1);
    """,
  };

  private final DemoDatabase database;
  private final Consumer<Exception> onFailure;
  private final Thread thread = new Thread(this::run, "demo-workload");
  private final AtomicLong transactions = new AtomicLong();
  private volatile boolean stopped;

  /**
   * @param onFailure called at most once, from the workload's thread, which then ends
   */
  public Workload(DemoDatabase database, Consumer<Exception> onFailure) {
    this.database = database;
    this.onFailure = onFailure;
  }

  public void start() {
    thread.start();
  }

  /** Transactions committed so far. */
  public long transactions() {
    return transactions.get();
  }

  /** Returns when the last transaction has been committed. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join(STOP_MILLIS);
  }

  private void run() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      long next = System.nanoTime();
      for (int i = 0; !stopped; i = (i + 1) % ROUND.length) {
        // Several statements in one string are one transaction.
        statement.execute(ROUND[i]);
        transactions.incrementAndGet();
        next += PAUSE_NANOS;
        long pause = next - System.nanoTime();
        if (pause > 0) {
          TimeUnit.NANOSECONDS.sleep(pause);
        } else {
          // A slow machine does less, rather than all at once later.
          next = System.nanoTime();
        }
      }
    } catch (SQLException | InterruptedException e) {
      if (!stopped) {
        onFailure.accept(e);
      }
    }
  }
}
