package io.bottledwater.pump;

import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.plugin.pgoutput.RowScanner;
import io.bottledwater.source.stream.MessageBatch;
import io.bottledwater.source.stream.StreamWindow;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to rows in the part of the stream that is at hand: before the change that is being
 * decoded, as far as messages are kept, and after it, as far as they have been read ahead. Rows are
 * followed for those relations only that somebody has asked about. One thread.
 */
final class RowHistory implements StreamWindow.Observer {
  /** What becomes of a value after a change. */
  enum Later {
    UNTOUCHED,
    /** A later change brings another value, or ends the row under its key. */
    REPLACED,
    /** The relation's shape changes on the way. */
    UNKNOWN
  }

  private static final long MOST_RESOLVED_BYTES = 8L * 1024 * 1024;

  private final RowScanner scanner = new RowScanner();
  private final Map<Long, Followed> followed = new HashMap<>();
  private final NumberQueue begins = new NumberQueue();
  private final NumberQueue beginLsns = new NumberQueue();
  private final NumberQueue beginXids = new NumberQueue();
  private final NumberQueue commits = new NumberQueue();
  // Values of fields that an update left out, by the update's number.
  private final LinkedHashMap<Long, RowValues> resolved = new LinkedHashMap<>();
  private long resolvedBytes;
  private @Nullable StreamWindow window;
  private boolean inTransactionAtEnd;

  /** A relation whose changes are indexed by key. */
  private static final class Followed {
    final Relation relation;
    final List<String> columns;
    final Map<RowKey, NumberQueue> changes = new HashMap<>();
    // The same in the order of the stream, to forget them by.
    final java.util.ArrayDeque<RowKey> keys = new java.util.ArrayDeque<>();
    final NumberQueue numbers = new NumberQueue();
    // Where the relation is described; what comes before may be of another shape.
    final NumberQueue described = new NumberQueue();
    // What cannot be read with this relation's columns and key.
    final NumberQueue foreign = new NumberQueue();
    boolean isForeign;

    Followed(Relation relation) {
      this.relation = relation;
      this.columns = relation.columns().stream().map(Column::name).toList();
    }
  }

  void attach(StreamWindow stream) {
    window = stream;
  }

  @Override
  public void entered(long number, MessageBatch batch, int index) {
    switch (batch.buffer(index)[batch.offset(index)]) {
      case 'B' -> {
        ByteBuffer message = StreamWindow.message(batch, index);
        begins.add(number);
        beginLsns.add(scanner.beginCommitLsn(message));
        beginXids.add(scanner.beginXid(message));
        inTransactionAtEnd = true;
      }
      case 'C' -> {
        commits.add(number);
        inTransactionAtEnd = false;
      }
      default -> {
        if (!followed.isEmpty()) {
          ByteBuffer message = StreamWindow.message(batch, index);
          Followed relation = followed.get(scanner.relationOid(message));
          if (relation != null) {
            index(relation, number, message);
          }
        }
      }
    }
  }

  @Override
  public void left(long first) {
    while (!begins.isEmpty() && begins.get(0) < first) {
      begins.remove();
      beginLsns.remove();
      beginXids.remove();
    }
    drop(commits, first);
    for (Followed relation : followed.values()) {
      drop(relation.described, first);
      drop(relation.foreign, first);
      while (!relation.numbers.isEmpty() && relation.numbers.get(0) < first) {
        relation.numbers.remove();
        RowKey key = relation.keys.remove();
        NumberQueue changes = Objects.requireNonNull(relation.changes.get(key));
        changes.remove();
        if (changes.isEmpty()) {
          relation.changes.remove(key);
        }
      }
    }
  }

  private static void drop(NumberQueue numbers, long first) {
    while (!numbers.isEmpty() && numbers.get(0) < first) {
      numbers.remove();
    }
  }

  private void index(Followed relation, long number, ByteBuffer message) {
    if (RowScanner.type(message) == 'R') {
      relation.described.add(number);
      relation.isForeign = !scanner.columns(message).equals(relation.columns);
      if (relation.isForeign) {
        relation.foreign.add(number);
      }
      return;
    }
    if (relation.isForeign || !scanner.read(message, relation.columns.size())) {
      relation.foreign.add(number);
      return;
    }
    RowKey before =
        scanner.hasOld() ? RowKey.of(relation.relation, scanner.oldTuple(), null) : null;
    RowKey after = newKey(relation.relation);
    if ((scanner.hasOld() && before == null) || (scanner.hasNew() && after == null)) {
      relation.foreign.add(number);
      return;
    }
    if (after != null) {
      index(relation, number, after);
    }
    if (before != null && !before.equals(after)) {
      index(relation, number, before);
    }
  }

  private static void index(Followed relation, long number, RowKey key) {
    relation.changes.computeIfAbsent(key, k -> new NumberQueue()).add(number);
    relation.keys.add(key);
    relation.numbers.add(number);
  }

  private @Nullable RowKey newKey(Relation relation) {
    return scanner.hasNew()
        ? RowKey.of(relation, scanner.newTuple(), scanner.hasOld() ? scanner.oldTuple() : null)
        : null;
  }

  private Followed follow(Relation relation) {
    Followed known = followed.get(relation.oid());
    if (known != null && known.relation.equals(relation)) {
      return known;
    }
    Followed fresh = new Followed(relation);
    followed.put(relation.oid(), fresh);
    StreamWindow stream = stream();
    for (long i = stream.first(); i < stream.end(); i++) {
      ByteBuffer message = stream.message(i);
      if (scanner.relationOid(message) == relation.oid()) {
        index(fresh, i, message);
      }
    }
    return fresh;
  }

  /**
   * Finds the values that a row had before the change that is being decoded.
   *
   * @param key the row's key before that change
   * @param values is filled where {@code wanted}
   * @return false when the messages that are kept do not hold all of them
   */
  boolean findBefore(Relation relation, RowKey key, boolean[] wanted, RowValues values) {
    Followed rows = follow(relation);
    StreamWindow stream = stream();
    long at = stream.current();
    long from =
        Math.max(rows.described.lastBelow(at), Math.max(rows.foreign.lastBelow(at), -1)) + 1;
    RowKey current = key;
    while (true) {
      NumberQueue changes = rows.changes.get(current);
      at = changes == null ? -1 : changes.lastBelow(at);
      if (at < from || at < stream.first()) {
        return false;
      }
      ByteBuffer message = stream.message(at);
      if (!scanner.read(message, wanted.length) || !current.equals(newKey(relation))) {
        // The row that had this key ended there.
        return false;
      }
      if (collect(scanner.newTuple(), resolved.get(at), wanted, values)) {
        return true;
      }
      if (RowScanner.type(message) != 'U') {
        return false;
      }
      RowKey moved = scanner.hasOld() ? RowKey.of(relation, scanner.oldTuple(), null) : null;
      current = moved == null ? current : moved;
    }
  }

  private static boolean collect(
      Tuple row, @Nullable RowValues known, boolean[] wanted, RowValues values) {
    boolean complete = true;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] && !values.has(i)) {
        if (row.kind(i) >= Tuple.TEXT) {
          values.copy(i, row);
        } else if (row.kind(i) == Tuple.UNCHANGED && known != null) {
          values.copy(i, known);
        }
        complete &= values.has(i);
      }
    }
    return complete;
  }

  /** Remembers the values of the update that is being decoded, for those that follow. */
  void resolved(RowValues values) {
    resolved.put(stream().current(), values);
    resolvedBytes += values.size();
    var oldest = resolved.entrySet().iterator();
    while (resolvedBytes > MOST_RESOLVED_BYTES && oldest.hasNext()) {
      resolvedBytes -= oldest.next().getValue().size();
      oldest.remove();
    }
  }

  /**
   * What becomes of values after the change that is being decoded.
   *
   * @param key the row's key after that change
   * @param before number of the first message that does not count
   */
  Later after(Relation relation, RowKey key, boolean[] wanted, long before) {
    Followed rows = follow(relation);
    StreamWindow stream = stream();
    long foreign = rows.foreign.firstAbove(stream.current());
    long limit = foreign < 0 ? before : Math.min(before, foreign);
    NumberQueue changes = rows.changes.get(key);
    long at = changes == null ? -1 : changes.firstAbove(stream.current());
    while (changes != null && at >= 0 && at < limit) {
      ByteBuffer message = stream.message(at);
      scanner.read(message, wanted.length);
      if (RowScanner.type(message) != 'U'
          || !key.equals(newKey(relation))
          || (scanner.hasOld() && !key.equals(RowKey.of(relation, scanner.oldTuple(), null)))) {
        return Later.REPLACED;
      }
      for (int i = 0; i < wanted.length; i++) {
        if (wanted[i] && scanner.newTuple().kind(i) != Tuple.UNCHANGED) {
          return Later.REPLACED;
        }
      }
      at = changes.firstAbove(at);
    }
    return limit < before ? Later.UNKNOWN : Later.UNTOUCHED;
  }

  /** Number of the commit of the transaction that is being decoded; -1 when it is not here yet. */
  long endOfTransaction() {
    return commits.firstAbove(stream().current());
  }

  /** The same for a later transaction, named by the lower 32 bits of its id. */
  long endOfTransaction(long xid) {
    for (int i = begins.indexAbove(stream().current()); i < begins.size(); i++) {
      if (beginXids.get(i) == xid) {
        return commits.firstAbove(begins.get(i));
      }
    }
    return -1;
  }

  /** Number of the first message that commits at an LSN or later; -1 when it is not known yet. */
  long firstFrom(long lsn) {
    for (int i = begins.indexAbove(stream().current()); i < begins.size(); i++) {
      if (Lsn.compare(beginLsns.get(i), lsn) >= 0) {
        return begins.get(i);
      }
    }
    boolean reached = !inTransactionAtEnd && Lsn.compare(stream().serverPosition(), lsn) >= 0;
    return reached ? stream().end() : -1;
  }

  private StreamWindow stream() {
    return Objects.requireNonNull(window);
  }
}
