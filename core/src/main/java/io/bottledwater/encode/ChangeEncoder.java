package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.ChangeHandler;
import io.bottledwater.change.LogicalMessage;
import io.bottledwater.change.Transaction;
import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Operation;
import io.bottledwater.record.RecordConsumer;
import io.bottledwater.record.Topic;
import io.bottledwater.record.TopicNames;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns changes into records: which key, which value, how many records. Compiles a {@link
 * RelationPlan} when a relation is first seen and whenever it has changed. One thread only.
 *
 * <pre>
 *   insert                 key, new row
 *   update                 key, new row
 *   update of the key      old key, null;  new key, new row
 *   delete                 key, null                          (unkeyed: nothing)
 *   truncate               one record a table on the control topic
 *   row of the outbox      one record on the topic that it names
 *   logical message        one record on the topic of messages
 * </pre>
 */
public final class ChangeEncoder implements ChangeHandler {
  private static final Logger log = LoggerFactory.getLogger(ChangeEncoder.class);

  /** Plans of relations whose types were altered since they were described, at most. */
  private static final int MAX_ALTERED = 256;

  private final EncoderSettings settings;
  private final TopicOpener topics;
  private final UnchangedToast unchangedToast;
  private final TypeHistory types;
  private final Map<Relation, RelationPlan> altered = new IdentityHashMap<>();
  private final RecordConsumer out;
  private final Map<Relation, RelationPlan> plans = new IdentityHashMap<>();
  private final Map<Long, Relation> newest = new HashMap<>();
  private final Tuple fetched = new Tuple();
  private final EncodedRecord record = new EncodedRecord(new Topic("", false));
  private @Nullable ControlPlan control;
  private @Nullable MessagePlan messages;
  private @Nullable OutboxPlan outboxPlan;
  private @Nullable Relation lastRelation;
  private @Nullable RelationPlan lastPlan;
  private Transaction transaction = new Transaction();
  private long timestampMillis;
  private long sequence;
  private long skippedUpdates;
  private boolean binary;

  public ChangeEncoder(
      EncoderSettings settings,
      TopicOpener topics,
      UnchangedToast unchangedToast,
      TypeHistory types,
      RecordConsumer out) {
    this.types = types;
    this.settings = settings;
    this.topics = topics;
    this.unchangedToast = unchangedToast;
    this.out = out;
  }

  @Override
  public void onBegin(Transaction begun) {
    transaction = begun;
    timestampMillis = Math.floorDiv(begun.commitMicros(), 1000L);
    sequence = 0;
  }

  @Override
  public void onRead(Relation relation, Tuple row) {
    write(relation, Operation.READ, row);
  }

  @Override
  public void onInsert(Relation relation, Tuple row) {
    write(relation, Operation.CREATE, row);
  }

  private void write(Relation relation, Operation operation, Tuple row) {
    if (isOutbox(relation)) {
      event(relation, operation, row);
      return;
    }
    RelationPlan plan = plan(relation);
    plan.settle(row);
    Envelope envelope = plan.envelope();
    Tuple toast = null;
    // An update by which a row comes to pass the publication's row filter is sent as an insert.
    if (!RelationPlan.completes(row, null)) {
      toast = fetched;
      if (!unchangedToast.fetch(relation, null, row, transaction, fetched)) {
        skipped(relation);
        sequence++;
        return;
      }
    }
    byte[] key = envelope.key(row, transaction);
    emit(plan.topic(), operation, key, envelope.value(operation, null, row, toast, transaction));
    sequence++;
  }

  // An update or a delete of the row is housekeeping of whoever wrote it: the event has been sent.
  private void event(Relation relation, Operation operation, Tuple row) {
    OutboxPlan plan = outboxPlan(relation);
    record.set(plan.topic(row, transaction.commitLsn()), operation, plan.key(row), plan.value(row));
    record.setHeaders(plan.headers(row));
    record.setOrigin(timestampMillis, transaction.commitLsn(), transaction.xid(), sequence);
    out.accept(record);
    sequence++;
  }

  private boolean isOutbox(Relation relation) {
    OutboxSettings outbox = settings.outbox();
    return outbox != null && outbox.isAbout(relation);
  }

  private OutboxPlan outboxPlan(Relation relation) {
    OutboxPlan plan = outboxPlan;
    if (plan == null || plan.relation() != relation) {
      settings.columns().checkUntouched(relation);
      plan =
          OutboxPlan.compile(
              relation,
              settings.style().topics(),
              topics,
              Objects.requireNonNull(settings.outbox()));
      outboxPlan = plan;
    }
    return plan;
  }

  @Override
  public void onUpdate(Relation relation, @Nullable Tuple old, Tuple row) {
    if (isOutbox(relation)) {
      sequence++;
      return;
    }
    RelationPlan plan = plan(relation);
    plan.settle(row);
    Envelope envelope = plan.envelope();
    byte[] key = keyOfUpdated(envelope, relation, old, row);
    Tuple toast = old;
    boolean gone = false;
    if (!RelationPlan.completes(row, old)) {
      toast = fetched;
      gone = !unchangedToast.fetch(relation, old, row, transaction, fetched);
    }
    if (gone) {
      skipped(relation);
    }
    byte[] oldKey = old == null || key == null ? key : envelope.key(old, transaction);
    boolean moved = oldKey != null && !Arrays.equals(oldKey, key);
    // Before anything is emitted, for this is where a value can be refused.
    Operation operation = moved ? envelope.moved() : Operation.UPDATE;
    ByteSlice value =
        gone ? null : envelope.value(operation, moved ? null : old, row, toast, transaction);
    if (moved && old != null) {
      // The delete may have a value too.
      value = value == null ? null : ByteSlice.of(value.toByteArray());
      delete(plan, oldKey, old);
    }
    if (value != null) {
      emit(plan.topic(), operation, key, value);
    }
    sequence++;
  }

  // The row has been deleted, has changed its key or has got another value since, and the record of
  // that follows: the last record of the key is exact without this one.
  private void skipped(Relation relation) {
    skippedUpdates++;
    if (Long.bitCount(skippedUpdates) == 1) {
      log.warn(
          "Skipped an update of {} at {}: it left out a large value, which has been replaced since,"
              + " or the row has gone ({} skipped so far); a later record stands for it. REPLICA"
              + " IDENTITY FULL avoids this.",
          relation.qualifiedName(),
          Lsn.format(transaction.commitLsn()),
          skippedUpdates);
    }
  }

  /** Updates that were skipped because a value that the WAL left out could not be read any more. */
  public long skippedUpdates() {
    return skippedUpdates;
  }

  /**
   * Registers the schemas and opens the topics of relations ahead of their first row. Plans are not
   * kept: the stream describes each relation anew, and with thousands of them most are idle.
   */
  public void prepare(List<Relation> relations) {
    List<Relation> rows = relations.stream().filter(relation -> !isOutbox(relation)).toList();
    rows.forEach(this::checkKeyed);
    new Preparation(settings, topics).of(rows);
    follow(relations);
  }

  /** Compares what comes of these relations with how they are now: a masked column is not lost. */
  public void follow(List<Relation> relations) {
    relations.stream().filter(this::isOutbox).forEach(this::outboxPlan);
    relations.stream().filter(relation -> !isOutbox(relation)).forEach(this::supersede);
  }

  /**
   * Registers the schemas of a relation, as its first row would. Any thread.
   *
   * @throws BottledWaterException {@code BW-SCHEMA-REFUSED} and what else the registry has to say
   */
  public static void registerSchemas(Relation relation, EncoderSettings settings) {
    OutboxSettings outbox = settings.outbox();
    if (outbox == null || !outbox.isAbout(relation)) {
      RelationPlan.compileAhead(relation, settings);
    }
  }

  /** No more rows of this relation will come. */
  public void forget(Relation relation) {
    plans.remove(relation);
    newest.remove(relation.oid(), relation);
    if (lastRelation == relation) {
      lastRelation = null;
      lastPlan = null;
    }
  }

  /**
   * What must be sent as text, in words; null when everything can be read in binary.
   *
   * @param relations all that are published
   */
  public static @Nullable String needsText(List<Relation> relations, EncoderSettings settings) {
    if (settings.outbox() != null) {
      return "there is an outbox";
    }
    for (Relation relation : relations) {
      String column = RelationPlan.textColumn(relation, settings);
      if (column != null) {
        return "of column " + column;
      }
    }
    return null;
  }

  /** The stream sends binary values from here on. */
  public void expectBinary() {
    binary = true;
  }

  /** Columns of a relation whose binary form is understood, and better than text. */
  public BitSet binaryColumns(Relation relation) {
    return isOutbox(relation) ? new BitSet() : plan(relation).binaryColumns();
  }

  /** Columns of a relation of which no value is written. */
  public BitSet hiddenColumns(Relation relation) {
    return isOutbox(relation) ? new BitSet() : plan(relation).hiddenColumns();
  }

  private byte @Nullable [] keyOfUpdated(
      Envelope envelope, Relation relation, @Nullable Tuple old, Tuple row) {
    // A key so long that it was TOASTed is left out of the new row when it did not change.
    for (int column : relation.keyColumns()) {
      if (row.kind(column) == Tuple.UNCHANGED && old != null) {
        return envelope.key(old, transaction);
      }
    }
    return envelope.key(row, transaction);
  }

  @Override
  public void onDelete(Relation relation, Tuple old) {
    if (isOutbox(relation)) {
      sequence++;
      return;
    }
    RelationPlan plan = plan(relation);
    delete(plan, plan.envelope().key(old, transaction), old);
    sequence++;
  }

  // An envelope that says more of a delete than its key is followed by a null, which is what lets
  // compaction drop the key.
  private void delete(RelationPlan plan, byte @Nullable [] key, Tuple old) {
    ByteSlice value = plan.envelope().value(Operation.DELETE, old, null, null, transaction);
    if (value != null) {
      emit(plan.topic(), Operation.DELETE, key, value);
    }
    if (key != null) {
      emit(plan.topic(), Operation.DELETE, key, null);
    }
  }

  @Override
  public void onTruncate(List<Relation> relations) {
    for (Relation relation : relations) {
      if (isOutbox(relation)) {
        continue;
      }
      ControlPlan plan = controlPlan();
      String topic = topicNow(relation);
      emit(
          plan.topic(),
          Operation.TRUNCATE,
          plan.key(topic),
          plan.value(topic, relation, transaction.commitLsn(), transaction.xid(), timestampMillis));
    }
    sequence++;
  }

  private String topicNow(Relation relation) {
    String topic = settings.style().topics().topicOf(relation.schema(), relation.name());
    TopicVersions versions = settings.versions();
    return versions == null ? topic : TopicNames.version(topic, versions.of(topic));
  }

  @Override
  public void onMessage(LogicalMessage message) {
    MessagePlan plan = messages;
    if (plan == null) {
      plan = MessagePlan.compile(settings);
      topics.ensureTopics(List.of(plan.topic()));
      messages = plan;
    }
    emit(plan.topic(), Operation.MESSAGE, plan.key(message), plan.value(message));
    sequence++;
  }

  private ControlPlan controlPlan() {
    ControlPlan plan = control;
    if (plan == null) {
      plan = ControlPlan.compile(settings);
      topics.ensureTopics(List.of(plan.topic()));
      control = plan;
    }
    return plan;
  }

  @Override
  public void onCommit(Transaction committed) {}

  private void emit(
      Topic topic, Operation operation, byte @Nullable [] key, @Nullable ByteSlice value) {
    record.set(topic, operation, key, value);
    record.setOrigin(timestampMillis, transaction.commitLsn(), transaction.xid(), sequence);
    out.accept(record);
  }

  private RelationPlan plan(Relation relation) {
    RelationPlan plan = described(relation);
    // A snapshot has no xid; its rows come in the form of the types that its COPY sees.
    return plan.hasAlterableTypes() && transaction.xid() != 0 ? asWritten(relation, plan) : plan;
  }

  private RelationPlan asWritten(Relation relation, RelationPlan plan) {
    Relation seen = types.asOf(relation, transaction);
    if (seen == relation) {
      return plan;
    }
    RelationPlan known = altered.get(seen);
    if (known == null) {
      if (altered.size() >= MAX_ALTERED) {
        altered.clear();
      }
      known = compile(seen);
      topics.ensureTopics(List.of(known.topic()));
      altered.put(seen, known);
    }
    return known;
  }

  private RelationPlan described(Relation relation) {
    RelationPlan plan = lastPlan;
    if (plan != null && relation == lastRelation) {
      return plan;
    }
    plan = plans.get(relation);
    if (plan == null) {
      plan = compile(relation);
      topics.ensureTopics(List.of(plan.topic()));
      remember(relation, plan);
    }
    lastRelation = relation;
    lastPlan = plan;
    return plan;
  }

  private RelationPlan compile(Relation relation) {
    checkKeyed(relation);
    // A snapshot has no xid.
    RelationPlan plan = RelationPlan.compile(relation, settings, transaction.xid() != 0);
    String textColumn = binary ? plan.textColumn() : null;
    if (textColumn != null) {
      throw new TextFormNeededException("of column " + textColumn);
    }
    return plan;
  }

  private void checkKeyed(Relation relation) {
    if (!relation.isKeyed() && !settings.allowUnkeyed()) {
      throw new BottledWaterException(
          ErrorCode.UNKEYED_TABLE,
          "No primary key or replica identity index: "
              + relation.qualifiedName()
              + ", in the transaction at "
              + Lsn.format(transaction.commitLsn())
              + ".");
    }
  }

  private void remember(Relation relation, RelationPlan plan) {
    supersede(relation);
    plans.put(relation, plan);
  }

  private void supersede(Relation relation) {
    Relation superseded = newest.put(relation.oid(), relation);
    if (superseded != null) {
      settings.columns().checkRenamed(superseded, relation);
      plans.remove(superseded);
    }
  }
}
