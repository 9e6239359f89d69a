package io.bottledwater.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The limit for streaming, as a process: everything that waits in a slot, as pgoutput sends it
 * (protocol 1, text), to nowhere. Arguments: JDBC URL, user, slot, publication, the LSN to reach.
 * Prints {@code done} and waits for the end of its standard input.
 */
final class StreamReader {
  private static final int STATUS_SECONDS = 10;

  private StreamReader() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    long end = Long.parseUnsignedLong(arguments[4]);
    try (Connection connection = LimitConnection.open(arguments[0], arguments[1], true);
        PGReplicationStream stream =
            connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(arguments[2])
                .withStartPosition(LogSequenceNumber.valueOf(0))
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", arguments[3])
                .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                .withAutomaticFlush(false)
                .start()) {
      // A commit message carries the position behind the transaction only in its body, but the
      // server's next keepalive says that everything before it has been sent.
      while (Long.compareUnsigned(stream.getLastReceiveLSN().asLong(), end) < 0) {
        if (stream.readPending() == null) {
          Thread.onSpinWait();
        }
      }
      LimitConnection.done();
    }
  }
}
