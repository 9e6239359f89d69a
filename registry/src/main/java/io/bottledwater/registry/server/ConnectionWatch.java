package io.bottledwater.registry.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;

/**
 * Keeps slow and idle clients from using up the connections. Jetty's idle timeout starts again with
 * every byte; the limits here are for a whole request and a whole answer. Thread safe.
 */
final class ConnectionWatch implements Connection.Listener {
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final int maxConnections;
  private final Map<Connection, Watched> watched = new ConcurrentHashMap<>();

  private enum Phase {
    /** Opened, and no whole request head has come yet. */
    OPENED,
    READING_BODY,
    /** The registry is at work and limits itself. */
    WORKING,
    ANSWERING,
    /** Between two requests, nothing of the next one seen. */
    KEPT_ALIVE,
    /** Between two requests, part of the next one's head seen. */
    NEXT_STARTED
  }

  private static final class Watched {
    Phase phase = Phase.OPENED;
    long sinceNanos = System.nanoTime();
    long bytesInWhenKept;

    synchronized void enter(Phase next) {
      phase = next;
      sinceNanos = System.nanoTime();
    }

    synchronized void keep(long bytesIn) {
      enter(Phase.KEPT_ALIVE);
      bytesInWhenKept = bytesIn;
    }

    synchronized boolean isOverdue(long bytesIn) {
      if (phase == Phase.KEPT_ALIVE && bytesIn > bytesInWhenKept) {
        enter(Phase.NEXT_STARTED);
      }
      long nanos = System.nanoTime() - sinceNanos;
      return switch (phase) {
        case WORKING -> false;
        case KEPT_ALIVE -> nanos > KEEP_ALIVE_NANOS;
        default -> nanos > SLOW_NANOS;
      };
    }

    /** How long the client has been waited for; -1 while it waits for us. */
    synchronized long waitedForNanos() {
      return phase == Phase.WORKING || phase == Phase.ANSWERING
          ? -1
          : System.nanoTime() - sinceNanos;
    }
  }

  ConnectionWatch(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  @Override
  public void onOpened(Connection connection) {
    watched.put(connection, new Watched());
    if (watched.size() > maxConnections) {
      makeRoom(connection);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    watched.remove(connection);
  }

  void readingBody(Connection connection) {
    enter(connection, Phase.READING_BODY);
  }

  void working(Connection connection) {
    enter(connection, Phase.WORKING);
  }

  void answering(Connection connection) {
    enter(connection, Phase.ANSWERING);
  }

  void answered(Connection connection) {
    Watched entry = watched.get(connection);
    if (entry != null) {
      entry.keep(connection.getBytesIn());
    }
  }

  private void enter(Connection connection, Phase phase) {
    Watched entry = watched.get(connection);
    if (entry != null) {
      entry.enter(phase);
    }
  }

  /** Closes the connections that take too long. To be called about once a second. */
  void sweep() {
    watched.forEach(
        (connection, entry) -> {
          if (entry.isOverdue(connection.getBytesIn())) {
            close(connection);
          }
        });
  }

  /** Closes the connections that nobody waits on; stopping Jetty would wait for their clients. */
  void closeIdle() {
    watched.forEach(
        (connection, entry) -> {
          if (entry.waitedForNanos() >= 0) {
            close(connection);
          }
        });
  }

  /**
   * Closes the connection whose client has been waited for longest. The newcomer is served, so that
   * clients that only hold connections cannot keep a health check out.
   */
  private void makeRoom(Connection newcomer) {
    Connection longest = newcomer;
    long longestNanos = -1;
    for (Map.Entry<Connection, Watched> candidate : watched.entrySet()) {
      long nanos = candidate.getValue().waitedForNanos();
      if (candidate.getKey() != newcomer && nanos > longestNanos) {
        longest = candidate.getKey();
        longestNanos = nanos;
      }
    }
    close(longest);
  }

  private void close(Connection connection) {

    watched.remove(connection);
    connection.getEndPoint().close();
  }
}
