package io.bottledwater.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The limit for a snapshot, as a process: {@code COPY (FORMAT binary)} of whole tables, one after
 * the other, in one session, to nowhere. Arguments: JDBC URL, user, tables. Prints {@code done} and
 * waits for the end of its standard input.
 */
final class CopyReader {
  private CopyReader() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    try (Connection connection = LimitConnection.open(arguments[0], arguments[1], false)) {
      for (String table : arguments[2].split(",")) {
        CopyOut copy =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY public." + table + " TO STDOUT (FORMAT binary)");
        while (copy.readFromCopy() != null) {
          // To nowhere.
        }
      }
      LimitConnection.done();
    }
  }
}
