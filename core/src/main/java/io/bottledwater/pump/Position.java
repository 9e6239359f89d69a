package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.sink.StateEntry;
import java.util.Map;

/**
 * How far the sink holds the stream, and of which server.
 *
 * @param endLsn P: everything that commits before it has been written; start here
 * @param commitLsn where the last written transaction's commit record starts, or 0
 * @param xid of the last written transaction, or 0
 * @param sequence rises by one with every entry
 */
record Position(
    String systemIdentifier,
    int timeline,
    String database,
    String slot,
    long endLsn,
    long commitLsn,
    long xid,
    long sequence) {

  static final String KEY = "position";

  static Position of(StateEntry entry) {
    Map<String, String> f = entry.fields();
    return new Position(
        text(f, "system_identifier"),
        Integer.parseInt(text(f, "timeline")),
        text(f, "database"),
        text(f, "slot"),
        Lsn.parse(text(f, "lsn")),
        Lsn.parse(text(f, "commit_lsn")),
        Long.parseLong(text(f, "xid")),
        Long.parseLong(text(f, "sequence")));
  }

  StateEntry toEntry() {
    return new StateEntry(
        KEY,
        Map.of(
            "system_identifier",
            systemIdentifier,
            "timeline",
            Integer.toString(timeline),
            "database",
            database,
            "slot",
            slot,
            "lsn",
            Lsn.format(endLsn),
            "commit_lsn",
            Lsn.format(commitLsn),
            "xid",
            Long.toString(xid),
            "sequence",
            Long.toString(sequence)));
  }

  Position next(long newEndLsn, long newCommitLsn, long newXid) {
    return new Position(
        systemIdentifier, timeline, database, slot, newEndLsn, newCommitLsn, newXid, sequence + 1);
  }

  private static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the recorded position has no field " + name);
    }
    return value;
  }
}
