package io.bottledwater.e2e;

import io.bottledwater.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session that changes table {@code items} without pause: transactions of a few inserts, updates,
 * deletes and changes of key, some with a savepoint rolled back, some rolled back whole.
 */
final class RandomWriter implements AutoCloseable {
  private final Thread thread;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger committed = new AtomicInteger();
  private volatile Throwable failure;

  /**
   * @param lane writers with different lanes insert different keys
   */
  RandomWriter(TestDatabase database, int keys, int lane, long seed) {
    this.thread = new Thread(() -> run(database, keys, lane, new SplittableRandom(seed)), "writer");
    thread.start();
  }

  int committed() {
    return committed.get();
  }

  private void run(TestDatabase database, int keys, int lane, SplittableRandom random) {
    long nextKey = 1_000_000_000L * (lane + 1);
    try (Connection connection = database.open();
        Statement statement = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO items SELECT ?, 1, 2.50, 'new', clock_timestamp(), true");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE items SET customer = customer + 1, note = 'changed' WHERE id = ?");
        PreparedStatement rekey =
            connection.prepareStatement("UPDATE items SET id = ? WHERE id = ?");
        PreparedStatement delete = connection.prepareStatement("DELETE FROM items WHERE id = ?")) {
      while (!stop.get()) {
        statement.execute("BEGIN");
        // Each writer changes the rows of its own lane only, so they never deadlock.
        int changes = 1 + random.nextInt(5);
        for (int i = 0; i < changes; i++) {
          long row = (long) random.nextInt(keys) / 4 * 4 + lane;
          if (i == 1 && random.nextInt(10) == 0) {
            statement.execute("SAVEPOINT s");
            update.setLong(1, row);
            update.executeUpdate();
            statement.execute("ROLLBACK TO SAVEPOINT s");
          }
          switch (random.nextInt(10)) {
            case 0, 1 -> {
              insert.setLong(1, nextKey++);
              insert.executeUpdate();
            }
            case 2 -> {
              delete.setLong(1, row);
              delete.executeUpdate();
            }
            case 3 -> {
              rekey.setLong(1, nextKey++);
              rekey.setLong(2, row);
              rekey.executeUpdate();
            }
            default -> {
              update.setLong(1, row);
              update.executeUpdate();
            }
          }
        }
        if (random.nextInt(10) == 0) {
          statement.execute("ROLLBACK");
        } else {
          statement.execute("COMMIT");
          committed.incrementAndGet();
        }
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  /** Ends the session and says when it failed. */
  @Override
  public void close() {
    stop.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError("a writer failed", failure);
    }
  }
}
