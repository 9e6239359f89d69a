package io.bottledwater.e2e.campaign;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges records in the order in which they are read, and keeps the tables that they amount to.
 * Memory grows with the number of rows and of ledger entries. All methods exclude each other.
 */
final class TopicState {
  private final Violations violations;
  private final boolean wholeSnapshot;
  private final Map<String, Map<String, Map<String, Object>>> tables = new HashMap<>();
  private final Map<String, String> snapshotKeys = new HashMap<>();
  private final Map<String, Track> tracks = new HashMap<>();
  private final TreeMap<Long, Group> groups = new TreeMap<>(Long::compareUnsigned);
  private final Map<String, Integer> ledger = new HashMap<>();
  private long dueLsn;
  private long records;
  private long duplicates;
  private long transactions;

  /** How far a partition has been read. */
  private static final class Track {
    long offset = -1;
    long lsn;
    long sequence = -1;
  }

  /** What has been seen of a transaction. */
  private static final class Group {
    int rows;
    int expected = -1;
    long sum;
    boolean sumKnown = true;
    boolean reported;

    boolean isComplete() {
      return rows == expected;
    }
  }

  /**
   * @param wholeSnapshot whether every row that exists at the start comes with the snapshot; not so
   *     where a snapshot is interrupted and rows change meanwhile
   */
  TopicState(Violations violations, boolean wholeSnapshot) {
    this.violations = violations;
    this.wholeSnapshot = wholeSnapshot;
  }

  synchronized void accept(Seen seen) {
    records++;
    if (seen.row() != null && String.valueOf(seen.row().get("note")).startsWith(Bank.ROLLED_BACK)) {
      violations.add(Rule.O6, seen.where());
    }
    if (!seen.isSnapshot()) {
      place(seen);
    }
    if (seen.table().equals(Bank.LEDGER)) {
      enter(seen);
    } else if (Bank.ACCOUNTS.contains(seen.table())) {
      apply(seen);
    }
  }

  /** O5, and the half of O4 that offsets show: a gap is where a Kafka transaction ended. */
  private void place(Seen seen) {
    Track track =
        tracks.computeIfAbsent(seen.table() + "-" + seen.partition(), name -> new Track());
    int order = Long.compareUnsigned(seen.lsn(), track.lsn);
    if (order < 0 || (order == 0 && seen.sequence() <= track.sequence)) {
      duplicates++;
      violations.add(Rule.O5, seen.where() + " after " + Seen.lsnText(track.lsn));
    } else {
      boolean gap = track.offset >= 0 && seen.offset() != track.offset + 1;
      if (gap && order == 0) {
        violations.add(Rule.O4, seen.where() + " stands in another Kafka transaction");
      } else if (gap && Long.compareUnsigned(track.lsn, dueLsn) > 0) {
        dueLsn = track.lsn;
      }
      track.lsn = seen.lsn();
      track.sequence = seen.sequence();
    }
    track.offset = seen.offset();
  }

  private void enter(Seen seen) {
    if (seen.row() == null) {
      violations.add(Rule.O3, seen.where() + " is no insert");
      return;
    }
    int rows = (int) seen.number("n_rows");
    if (ledger.put(seen.key(), rows) != null) {
      violations.add(Rule.O3, seen.where() + " came twice");
    }
    if (!seen.isSnapshot()) {
      Group group = group(seen);
      group.expected = rows;
      settle(seen.lsn(), group);
    }
  }

  private void apply(Seen seen) {
    Map<String, Map<String, Object>> rows =
        tables.computeIfAbsent(seen.table(), name -> new HashMap<>());
    Map<String, Object> before = rows.get(seen.key());
    checkVersion(seen, before);
    if (seen.row() == null) {
      rows.remove(seen.key());
    } else {
      rows.put(seen.key(), seen.row());
    }
    if (seen.isSnapshot()) {
      return;
    }
    Group group = group(seen);
    group.rows++;
    if (before == null && !seen.operation().equals("c")) {
      group.sumKnown = false;
    }
    group.sum += balance(seen.row()) - balance(before);
    settle(seen.lsn(), group);
  }

  private void checkVersion(Seen seen, Map<String, Object> before) {
    switch (seen.operation()) {
      case "r" -> {
        if (before != null || snapshotKeys.put(seen.table() + seen.key(), "") != null) {
          violations.add(Rule.O2, seen.where() + " read twice");
        }
      }
      case "c" -> {
        if (before != null || seen.number("ver") != 1) {
          violations.add(Rule.O2, seen.where() + " inserted twice");
        }
      }
      case "u" -> {
        long ver = seen.number("ver");
        if (before == null) {
          if (wholeSnapshot) {
            violations.add(Rule.O2, seen.where() + " has no version before " + ver);
          }
        } else if (ver != version(before) + 1) {
          violations.add(
              Rule.O2, seen.where() + " is version " + ver + " after " + version(before));
        }
      }
      default -> {
        if (before == null && wholeSnapshot) {
          violations.add(Rule.O2, seen.where() + " deletes what is not there");
        }
      }
    }
  }

  private Group group(Seen seen) {
    Group group = groups.get(seen.lsn());
    if (group == null) {
      group = new Group();
      groups.put(seen.lsn(), group);
    }
    return group;
  }

  private void settle(long lsn, Group group) {
    if (group.isComplete()) {
      transactions++;
      groups.remove(lsn);
      if (group.sumKnown && group.sum != 0) {
        violations.add(Rule.O4, Seen.lsnText(lsn) + " changes the sum");
      }
    }
  }

  /**
   * Commit LSN up to which every transaction must be visible to whoever reads from now to the
   * topics' ends: a later Kafka transaction has been seen.
   */
  synchronized long dueLsn() {
    return dueLsn;
  }

  /**
   * The other half of O4: the reader has read to the ends that were asked for after {@code due}.
   */
  synchronized void checkDue(long due) {
    for (Map.Entry<Long, Group> entry : groups.headMap(due, true).entrySet()) {
      Group group = entry.getValue();
      if (!group.reported) {
        group.reported = true;
        violations.add(Rule.O4, incomplete(entry.getKey(), group) + ", a later one is visible");
      }
    }
  }

  /** Nothing more will come. */
  synchronized void finish() {
    groups.forEach((lsn, group) -> violations.add(Rule.O3, incomplete(lsn, group)));
  }

  private static String incomplete(long lsn, Group group) {
    return "transaction "
        + Seen.lsnText(lsn)
        + " has "
        + group.rows
        + " rows of "
        + (group.expected < 0 ? "no ledger entry" : Integer.toString(group.expected));
  }

  private static long balance(Map<String, Object> row) {
    return row == null ? 0 : ((Number) row.get("balance")).longValue();
  }

  private static long version(Map<String, Object> row) {
    return ((Number) row.get("ver")).longValue();
  }

  synchronized boolean hasLedger(String id) {
    return ledger.containsKey(id);
  }

  synchronized Map<String, Integer> ledger() {
    return new HashMap<>(ledger);
  }

  /** The rows of a table by key. */
  synchronized Map<String, Map<String, Object>> rows(String table) {
    return new HashMap<>(tables.getOrDefault(table, Map.of()));
  }

  synchronized long records() {
    return records;
  }

  synchronized long duplicates() {
    return duplicates;
  }

  synchronized long transactions() {
    return transactions;
  }
}
