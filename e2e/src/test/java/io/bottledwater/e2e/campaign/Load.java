package io.bottledwater.e2e.campaign;

import io.bottledwater.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions that move amounts between accounts without pause: transactions of two to five rows in
 * three tables and a ledger entry, some rolled back whole, some with a savepoint rolled back. A
 * session whose connection breaks comes back, and learns from the ledger what became of its last
 * transaction. Several threads; their random choices follow from the seed, their interleaving does
 * not.
 */
final class Load implements AutoCloseable {
  private static final int SESSIONS = 3;
  private static final long RECONNECT_MILLIS = 100;
  private static final long RECONNECT_LIMIT_NANOS = 180_000_000_000L;
  private static final int MOST_OWN_ACCOUNTS = 50;

  private final TestDatabase database;
  private final List<Session> sessions = new ArrayList<>();
  private final AtomicInteger committed = new AtomicInteger();
  private final AtomicInteger rolledBack = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();
  private volatile boolean stop;
  private volatile boolean pause;
  private volatile Throwable failure;

  /**
   * @param rate transactions a second, of all sessions together; an upper limit
   */
  Load(TestDatabase database, int rate, long seed) {
    this.database = database;
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int lane = 0; lane < SESSIONS; lane++) {
      sessions.add(new Session(lane, seeds.split(), 1_000_000_000L * SESSIONS / rate));
    }
    sessions.forEach(session -> session.thread.start());
  }

  int committed() {
    return committed.get();
  }

  /** Transactions whose commit was cut off, and that were resolved from the ledger. */
  int unknown() {
    return unknown.get();
  }

  /** Stands still between two transactions until {@link #resume}. */
  void pause() {
    pause = true;
  }

  void resume() {
    pause = false;
  }

  private final class Session {
    private final int lane;
    private final SplittableRandom random;
    private final long periodNanos;
    private final Thread thread;
    private final Deque<Long> ownAccounts = new ArrayDeque<>();
    private long nextAccount;
    private int connections;
    private Connection connection;
    private Statement statement;

    Session(int lane, SplittableRandom random, long periodNanos) {
      this.lane = lane;
      this.random = random;
      this.periodNanos = periodNanos;
      this.nextAccount = 1_000_000L * (lane + 1);
      this.thread = new Thread(this::run, "load-" + lane);
    }

    private void run() {
      try {
        long next = System.nanoTime();
        while (!stop) {
          long now = System.nanoTime();
          if (pause || next - now > 0) {
            Thread.sleep(pause ? 20 : Math.max(1, (next - now) / 1_000_000));
            continue;
          }
          // Time lost to a fault is not made up for.
          next = Math.max(next + periodNanos, now - periodNanos * 10);
          perform(plan());
        }
      } catch (Throwable e) {
        failure = e;
      } finally {
        disconnect();
      }
    }

    /** A transaction as one string, so that it costs one round trip. */
    private record Plan(String id, String sql, boolean commits, long opens, long closes) {}

    private Plan plan() {
      boolean commits = random.nextInt(10) != 0;
      String id = new UUID(random.nextLong(), random.nextLong()).toString();
      String note = commits ? "moved" : Bank.ROLLED_BACK;
      // Rows are locked in one order by all, so sessions never deadlock.
      TreeMap<String, String> targets = new TreeMap<>();
      int rows = 2 + random.nextInt(4);
      while (targets.size() < rows) {
        String table = Bank.ACCOUNTS.get(random.nextInt(Bank.ACCOUNTS.size()));
        int row = 1 + random.nextInt(Bank.ROWS);
        targets.put(table + String.format("%06d", row), table + " " + row);
      }
      StringBuilder sql = new StringBuilder("BEGIN;");
      long left = 0;
      int changes = 0;
      int number = 0;
      for (String target : targets.values()) {
        String table = target.substring(0, target.indexOf(' '));
        String row = target.substring(target.indexOf(' ') + 1);
        if (number == 0 && random.nextInt(8) == 0) {
          sql.append("SAVEPOINT s;");
          update(sql, table, row, 7, Bank.ROLLED_BACK);
          sql.append("ROLLBACK TO SAVEPOINT s;");
        }
        number++;
        long amount = number == rows ? -left : random.nextInt(-100, 100);
        left += amount;
        if (random.nextInt(10) == 0) {
          update(sql, table, row, amount, note);
          update(sql, table, row, 0, note);
          changes += 2;
        } else {
          update(sql, table, row, amount, note);
          changes++;
        }
      }
      long opens = 0;
      long closes = 0;
      if (random.nextInt(6) == 0) {
        if (ownAccounts.size() < MOST_OWN_ACCOUNTS && random.nextBoolean()) {
          opens = nextAccount++;
          sql.append("INSERT INTO accounts_c VALUES (" + opens + ", 0, 1, '" + note + "', NULL);");
          changes++;
        } else if (!ownAccounts.isEmpty()) {
          closes = ownAccounts.getFirst();
          sql.append("DELETE FROM accounts_c WHERE id = " + closes + ";");
          changes++;
        }
      }
      sql.append("INSERT INTO ledger VALUES ('" + id + "', " + changes + ");");
      sql.append(commits ? "COMMIT" : "ROLLBACK");
      return new Plan(id, sql.toString(), commits, opens, closes);
    }

    private static void update(
        StringBuilder sql, String table, String row, long amount, String note) {
      sql.append("UPDATE ")
          .append(table)
          .append(" SET balance = balance + (")
          .append(amount)
          .append("), ver = ver + 1, note = '")
          .append(note)
          .append("' WHERE id = ")
          .append(row)
          .append(';');
    }

    private void perform(Plan plan) throws InterruptedException {
      boolean done;
      try {
        connect();
        statement.execute(plan.sql);
        done = plan.commits;
      } catch (SQLException e) {
        disconnect();
        done = plan.commits && resolve(plan.id);
      }
      if (!done) {
        rolledBack.incrementAndGet();
        return;
      }
      committed.incrementAndGet();
      if (plan.opens != 0) {
        ownAccounts.addLast(plan.opens);
      }
      if (plan.closes != 0) {
        ownAccounts.remove(plan.closes);
      }
    }

    /** Whether a transaction committed whose answer never came. */
    private boolean resolve(String id) throws InterruptedException {
      unknown.incrementAndGet();
      String previous = name();
      long deadline = System.nanoTime() + RECONNECT_LIMIT_NANOS;
      while (System.nanoTime() - deadline < 0) {
        try {
          connect();
          // The old backend may still be about to commit.
          if (isEmpty("SELECT FROM pg_stat_activity WHERE application_name = '" + previous + "'")) {
            return !isEmpty("SELECT FROM ledger WHERE id = '" + id + "'");
          }
        } catch (SQLException e) {
          disconnect();
        }
        Thread.sleep(RECONNECT_MILLIS);
      }
      throw new AssertionError("the database never came back");
    }

    private boolean isEmpty(String sql) throws SQLException {
      try (ResultSet r = statement.executeQuery(sql)) {
        return !r.next();
      }
    }

    private String name() {
      return "load-" + lane + "-" + connections;
    }

    private void connect() throws SQLException {
      if (connection != null) {
        return;
      }
      connections++;
      connection =
          DriverManager.getConnection(
              database.jdbcUrl()
                  + "?preferQueryMode=simple&connectTimeout=5&socketTimeout=60&ApplicationName="
                  + name(),
              database.server().user(),
              database.server().password());
      statement = connection.createStatement();
    }

    private void disconnect() {
      try {
        if (connection != null) {
          connection.close();
        }
      } catch (SQLException e) {
        // It is broken: that is why it is closed.
      }
      connection = null;
    }
  }

  /** Ends the sessions and says when one failed. */
  @Override
  public void close() {
    stop = true;
    for (Session session : sessions) {
      try {
        session.thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (failure != null) {
      throw new AssertionError("a session of the load failed", failure);
    }
  }
}
