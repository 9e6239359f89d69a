package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.sink.StateEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of the stream concern the pump. A publication may hold more tables than were asked
 * for; a table whose snapshot is still to be taken must not be heard before; and what a table's
 * basis sees has been written with the snapshot. One thread.
 */
final class StreamGate {
  private final BiPredicate<String, String> wanted;
  private final TableLedger ledger;
  private final EarlyChanges early;
  private final Map<Long, Verdict> verdicts = new HashMap<>();
  private final Set<Long> unknown = new HashSet<>();
  private final Set<Long> leftOut = new HashSet<>();
  private boolean toBeReadAgain;
  private @Nullable Relation last;
  private @Nullable Verdict lastVerdict;
  private long commitLsn;
  private long xid;

  /** What holds for all changes of a relation. */
  private record Verdict(
      Relation relation, boolean open, boolean toBeRead, TableLedger.@Nullable Drop drop) {}

  /**
   * @param early is told of transactions that change tables which are still to be read
   */
  StreamGate(BiPredicate<String, String> wanted, TableLedger ledger, EarlyChanges early) {
    this.wanted = wanted;
    this.ledger = ledger;
    this.early = early;
  }

  void begin(long transactionCommitLsn, long transactionXid) {
    commitLsn = transactionCommitLsn;
    xid = transactionXid;
  }

  /** Whether a change of the relation is to be written. */
  boolean passes(Relation relation) {
    Verdict verdict = verdict(relation);
    if (verdict.toBeRead) {
      early.add(xid);
    }
    if (!verdict.open) {
      return false;
    }
    TableLedger.Drop drop = verdict.drop;
    return drop == null || Lsn.compare(commitLsn, drop.until()) >= 0 || !drop.basis().sees(xid);
  }

  /** Whether a table was met in the stream that needs a snapshot. */
  boolean metUnknown() {
    return !unknown.isEmpty() || toBeReadAgain;
  }

  /** Passes on that such a table was met; its changes stay out until the ledger knows it. */
  boolean takeUnknown() {
    boolean met = metUnknown();
    unknown.clear();
    toBeReadAgain = false;
    return met;
  }

  /**
   * What is to be committed together with a position: the position, and that changes before it were
   * left out of tables whose rows the sink holds.
   *
   * @param fromLsn the position before
   */
  List<StateEntry> entries(StateEntry position, long fromLsn) {
    if (leftOut.isEmpty()) {
      return List.of(position);
    }
    List<StateEntry> entries = new ArrayList<>();
    entries.add(position);
    for (long oid : leftOut) {
      entries.addAll(
          TableGaps.open(ledger, oid, "its name does not pass --tables or is excluded", fromLsn));
    }
    return entries;
  }

  /** What {@link #entries} gave has been committed. */
  void committed(List<StateEntry> entries) {
    if (!leftOut.isEmpty()) {
      ledger.committed(entries);
      leftOut.clear();
      // It may have its name back by now.
      toBeReadAgain = true;
    }
  }

  /** The ledger has changed. */
  void forget() {
    verdicts.clear();
    unknown.clear();
    last = null;
    lastVerdict = null;
  }

  private Verdict verdict(Relation relation) {
    Verdict verdict = lastVerdict;
    if (verdict != null && relation == last) {
      return verdict;
    }
    verdict = verdicts.get(relation.oid());
    if (verdict == null || verdict.relation != relation) {
      verdict = judge(relation);
      verdicts.put(relation.oid(), verdict);
    }
    last = relation;
    lastVerdict = verdict;
    return verdict;
  }

  private Verdict judge(Relation relation) {
    if (relation.schema().startsWith("pg_")
        || relation.schema().equals("information_schema")
        || !wanted.test(relation.schema(), relation.name())) {
      if (ledger.knows(relation.oid()) && !ledger.isRequested(relation.oid())) {
        leftOut.add(relation.oid());
      }
      return new Verdict(relation, false, false, null);
    }
    if (ledger.knows(relation.oid())) {
      return new Verdict(
          relation, true, !ledger.isDone(relation.oid()), ledger.drop(relation.oid()));
    }
    unknown.add(relation.oid());
    return new Verdict(relation, false, true, null);
  }
}
