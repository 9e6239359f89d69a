package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import java.util.HashMap;
import java.util.HashSet;
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

  /** Whether a table was met in the stream that needs a snapshot first. */
  boolean metUnknown() {
    return !unknown.isEmpty();
  }

  /** Passes on that such a table was met; its changes stay out until the ledger knows it. */
  boolean takeUnknown() {
    boolean met = !unknown.isEmpty();
    unknown.clear();
    return met;
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
