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
 * @param partialCommitLsn commit LSN of a transaction that is written in part, or 0
 * @param partialChanges how many of its changes are written
 */
record Position(
    String systemIdentifier,
    int timeline,
    String database,
    String slot,
    long endLsn,
    long commitLsn,
    long xid,
    long sequence,
    long partialCommitLsn,
    long partialChanges) {

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
        Long.parseLong(text(f, "sequence")),
        Lsn.parse(f.getOrDefault("partial_commit_lsn", "0/0")),
        Long.parseLong(f.getOrDefault("partial_changes", "0")));
  }

  StateEntry toEntry() {
    return new StateEntry(
        KEY,
        Map.ofEntries(
            Map.entry("system_identifier", systemIdentifier),
            Map.entry("timeline", Integer.toString(timeline)),
            Map.entry("database", database),
            Map.entry("slot", slot),
            Map.entry("lsn", Lsn.format(endLsn)),
            Map.entry("commit_lsn", Lsn.format(commitLsn)),
            Map.entry("xid", Long.toString(xid)),
            Map.entry("sequence", Long.toString(sequence)),
            Map.entry("partial_commit_lsn", Lsn.format(partialCommitLsn)),
            Map.entry("partial_changes", Long.toString(partialChanges))));
  }

  /** Whether it has moved since the slot was made, or gaps were accepted. */
  boolean hasStreamed() {
    return sequence > 0;
  }

  /** After one or more whole transactions. */
  Position next(long newEndLsn, long newCommitLsn, long newXid) {
    return new Position(
        systemIdentifier,
        timeline,
        database,
        slot,
        newEndLsn,
        newCommitLsn,
        newXid,
        sequence + 1,
        Lsn.INVALID,
        0);
  }

  /** In the middle of a transaction. */
  Position within(long newPartialCommitLsn, long newPartialChanges) {
    return new Position(
        systemIdentifier,
        timeline,
        database,
        slot,
        endLsn,
        commitLsn,
        xid,
        sequence + 1,
        newPartialCommitLsn,
        newPartialChanges);
  }

  /** The same place, as the server counts its timelines now. */
  Position onTimeline(int newTimeline) {
    return new Position(
        systemIdentifier,
        newTimeline,
        database,
        slot,
        endLsn,
        commitLsn,
        xid,
        sequence,
        partialCommitLsn,
        partialChanges);
  }

  private static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the recorded position has no field " + name);
    }
    return value;
  }
}
