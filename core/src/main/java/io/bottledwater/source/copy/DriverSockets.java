package io.bottledwater.source.copy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.slf4j.LoggerFactory;

/**
 * Puts a {@link MessageInput} under a connection of the driver. The driver has made the connection,
 * with TLS and login, and goes on to use it for all but the messages that are looked at in place.
 *
 * <p>How to get at a connection's socket is nothing that the driver promises; where it cannot be
 * had, CopyData is read by the driver, which takes longer.
 */
final class DriverSockets {
  private static final @Nullable Field STREAM = streamField();

  private DriverSockets() {}

  /**
   * @param connection between two statements
   * @return null when its messages are the driver's alone
   */
  static @Nullable MessageInput inputOf(Connection connection) throws SQLException {
    PGStream stream = streamOf(connection);
    if (stream == null) {
      return null;
    }
    // Otherwise it looks for messages once a second where it cannot see whether there are any.
    stream.setMinStreamAvailableCheckDelay(0);
    if (stream.isGssEncrypted()) {
      return null;
    }
    try {
      Socket socket = stream.getSocket();
      if (socket instanceof MessageSocket before) {
        return before.input();
      }
      if (stream.hasMessagePending()) {
        // A notice perhaps, of which the driver may hold a part.
        return null;
      }
      MessageSocket replaced = new MessageSocket(socket);
      stream.changeSocket(replaced);
      return replaced.input();
    } catch (IOException e) {
      throw new PSQLException("The connection failed.", PSQLState.CONNECTION_FAILURE, e);
    }
  }

  private static @Nullable PGStream streamOf(Connection connection) throws SQLException {
    if (STREAM == null || !(connection instanceof PgConnection driver)) {
      return null;
    }
    QueryExecutor executor = driver.getQueryExecutor();
    try {
      return executor instanceof QueryExecutorBase ? (PGStream) STREAM.get(executor) : null;
    } catch (IllegalAccessException e) {
      return null;
    }
  }

  private static @Nullable Field streamField() {
    try {
      Field field = QueryExecutorBase.class.getDeclaredField("pgStream");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      LoggerFactory.getLogger(DriverSockets.class)
          .warn("This version of the PostgreSQL driver is not known; COPY will take longer.");
      return null;
    }
  }
}
