package io.bottledwater.source.plugin.pgoutput;

import io.bottledwater.bytes.ByteReader;
import io.bottledwater.change.ChangeHandler;
import io.bottledwater.change.LogicalMessage;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the messages of the pgoutput plugin, protocol version 1 (PostgreSQL manual, "Logical
 * Replication Message Formats"), and calls the handler for each. Tuples point into the message's
 * own buffer: nothing is copied.
 *
 * <pre>
 * Begin     'B' final-LSN:int64 commit-time:int64 xid:int32
 * Commit    'C' flags:int8 commit-LSN:int64 end-LSN:int64 commit-time:int64
 * Origin    'O' LSN:int64 name:cstring
 * Relation  'R' oid:int32 schema:cstring name:cstring identity:int8 n:int16
 *               n * (flags:int8 name:cstring type:int32 typmod:int32)
 * Type      'Y' oid:int32 schema:cstring name:cstring
 * Insert    'I' oid:int32 'N' tuple
 * Update    'U' oid:int32 [('K'|'O') tuple] 'N' tuple
 * Delete    'D' oid:int32 ('K'|'O') tuple
 * Truncate  'T' n:int32 options:int8 n * oid:int32
 * Message   'M' flags:int8 LSN:int64 prefix:cstring length:int32 bytes
 * tuple     n:int16 n * ('n' | 'u' | 't' length:int32 text | 'b' length:int32 bytes)
 * </pre>
 *
 * <p>One thread only.
 */
public final class PgoutputDecoder {
  /** Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's epoch. */
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

  private final RelationResolver resolver;
  private final ChangeHandler handler;
  private final RelationTable relations = new RelationTable();
  private final ByteReader in = new ByteReader();
  private final Tuple oldTuple = new Tuple();
  private final Tuple newTuple = new Tuple();
  private final Transaction transaction = new Transaction();
  private final LogicalMessage message = new LogicalMessage();
  private boolean inTransaction;

  public PgoutputDecoder(RelationResolver resolver, ChangeHandler handler) {
    this.resolver = resolver;
    this.handler = handler;
  }

  /**
   * Decodes one message.
   *
   * @param lsn where what it says stands in the WAL
   * @throws BottledWaterException {@code BW-WIRE} with offset and LSN when it is malformed
   */
  public void decode(byte[] buffer, int offset, int length, long lsn) {
    in.wrap(buffer, offset, length);
    transaction.at(lsn);
    try {
      decodeMessage();
    } catch (ByteReader.UnderflowException e) {
      throw malformed("a message ends early", e);
    }
    if (in.remaining() != 0) {
      throw malformed(in.remaining() + " bytes are left over", null);
    }
  }

  /** Whether a Begin has been seen whose Commit has not. */
  public boolean inTransaction() {
    return inTransaction;
  }

  private void decodeMessage() {
    byte type = in.readByte();
    switch (type) {
      case 'I' -> insert();
      case 'U' -> update();
      case 'D' -> delete();
      case 'B' -> begin();
      case 'C' -> commit();
      case 'R' -> relation();
      case 'T' -> truncate();
      case 'Y', 'O' -> in.skip(in.remaining());
      case 'M' -> message();
      default -> throw malformed("message type " + (type & 0xFF) + " is unknown", null);
    }
  }

  private void begin() {
    long commitLsn = in.readInt64();
    long commitMicros = in.readInt64() + POSTGRES_EPOCH_MICROS;
    long xid = in.readInt32() & 0xFFFFFFFFL;
    if (inTransaction) {
      throw malformed("a transaction begins inside another", null);
    }
    inTransaction = true;
    transaction.begin(commitLsn, commitMicros, xid);
    handler.onBegin(transaction);
  }

  private void commit() {
    in.readByte();
    long commitLsn = in.readInt64();
    long endLsn = in.readInt64();
    in.readInt64();
    requireTransaction();
    if (commitLsn != transaction.commitLsn()) {
      throw malformed("the commit LSN differs from the one announced", null);
    }
    inTransaction = false;
    transaction.end(endLsn);
    handler.onCommit(transaction);
  }

  private void insert() {
    requireTransaction();
    Relation relation = readRelation();
    expect((byte) 'N');
    readTuple(newTuple, relation);
    handler.onInsert(relation, newTuple);
  }

  private void update() {
    requireTransaction();
    Relation relation = readRelation();
    byte part = in.readByte();
    Tuple old = null;
    if (part == 'K' || part == 'O') {
      readTuple(oldTuple, relation);
      old = oldTuple;
      part = in.readByte();
    }
    if (part != 'N') {
      throw malformed("an update has no new tuple", null);
    }
    readTuple(newTuple, relation);
    handler.onUpdate(relation, old, newTuple);
  }

  private void delete() {
    requireTransaction();
    Relation relation = readRelation();
    byte part = in.readByte();
    if (part != 'K' && part != 'O') {
      throw malformed("a delete has no old tuple", null);
    }
    readTuple(oldTuple, relation);
    handler.onDelete(relation, oldTuple);
  }

  private void truncate() {
    requireTransaction();
    int count = in.readInt32();
    in.readByte();
    if (count < 0 || count > in.remaining() / 4) {
      throw malformed("a truncate names more relations than it holds", null);
    }
    List<Relation> truncated = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      truncated.add(readRelation());
    }
    handler.onTruncate(truncated);
  }

  private void message() {
    boolean transactional = (in.readByte() & 1) != 0;
    long endLsn = in.readInt64();
    String prefix = in.readCString();
    int length = in.readInt32();
    int offset = in.skip(length);
    if (transactional) {
      requireTransaction();
    } else if (inTransaction) {
      throw malformed("a message of its own stands inside a transaction", null);
    }
    message.set(transactional, endLsn, prefix, in.buffer(), offset, length);
    handler.onMessage(message);
  }

  private void relation() {
    int oid = in.readInt32();
    String schema = in.readCString();
    String name = in.readCString();
    ReplicaIdentity identity;
    try {
      identity = ReplicaIdentity.of((char) (in.readByte() & 0xFF));
    } catch (IllegalArgumentException e) {
      throw malformed("the replica identity is unknown", e);
    }
    int count = in.readUnsignedInt16();
    String[] columns = new String[count];
    long[] types = new long[count];
    int[] typmods = new int[count];
    boolean[] identityColumns = new boolean[count];
    for (int i = 0; i < count; i++) {
      identityColumns[i] = (in.readByte() & 1) != 0;
      columns[i] = in.readCString();
      types[i] = in.readInt32() & 0xFFFFFFFFL;
      typmods[i] = in.readInt32();
    }
    // An empty name stands for pg_catalog.
    String resolvedSchema = schema.isEmpty() ? "pg_catalog" : schema;
    Relation described =
        resolver.resolve(
            oid & 0xFFFFFFFFL,
            resolvedSchema,
            name,
            identity,
            columns,
            types,
            typmods,
            identityColumns);
    // The server describes a relation again after each invalidation; plans are kept by object.
    if (!described.equals(relations.get(oid))) {
      relations.put(oid, described);
    }
  }

  private Relation readRelation() {
    int oid = in.readInt32();
    Relation relation = relations.get(oid);
    if (relation == null) {
      throw malformed("relation " + (oid & 0xFFFFFFFFL) + " was never described", null);
    }
    return relation;
  }

  private void readTuple(Tuple tuple, Relation relation) {
    int count = in.readUnsignedInt16();
    if (count != relation.columns().size()) {
      throw malformed("a tuple of " + relation.qualifiedName() + " has " + count + " fields", null);
    }
    tuple.begin(in.buffer(), count);
    for (int i = 0; i < count; i++) {
      byte kind = in.readByte();
      switch (kind) {
        case 't' -> readField(tuple, i, Tuple.TEXT);
        case 'b' -> readField(tuple, i, Tuple.BINARY);
        case 'u' -> tuple.setUnchanged(i);
        case 'n' -> {}
        default -> throw malformed("field kind " + (kind & 0xFF) + " is unknown", null);
      }
    }
  }

  private void readField(Tuple tuple, int index, byte kind) {
    int length = in.readInt32();
    tuple.set(index, kind, in.skip(length), length);
  }

  private void expect(byte wanted) {
    if (in.readByte() != wanted) {
      throw malformed("'" + (char) wanted + "' was expected", null);
    }
  }

  private void requireTransaction() {
    if (!inTransaction) {
      throw malformed("a change stands outside a transaction", null);
    }
  }

  private BottledWaterException malformed(String what, @Nullable Throwable cause) {
    return new BottledWaterException(
        ErrorCode.WIRE,
        "pgoutput: "
            + what
            + " (offset "
            + in.offset()
            + ", transaction at "
            + Lsn.format(transaction.commitLsn())
            + ").",
        cause);
  }
}
