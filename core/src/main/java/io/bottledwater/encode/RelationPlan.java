package io.bottledwater.encode;

import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.Topic;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be decided about a relation before its first row: topic, schemas, decoders.
 * What is left for each row is to move bytes. One thread only.
 */
final class RelationPlan {
  private final Topic topic;
  private final RowFields fields;
  private final Envelope envelope;

  private RelationPlan(Topic topic, RowFields fields, Envelope envelope) {
    this.topic = topic;
    this.fields = fields;
    this.envelope = envelope;
  }

  static RelationPlan compile(Relation relation, EncoderSettings settings) {
    RecordStyle style = settings.style();
    String topic = style.topics().topicOf(relation.schema(), relation.name());
    RowFields fields = RowFields.of(relation, style.types(), settings.columns());
    Envelope envelope = style.envelope(fields, topic, settings.format());
    return new RelationPlan(new Topic(topic, envelope.isKeyed()), fields, envelope);
  }

  Topic topic() {
    return topic;
  }

  RowFields fields() {
    return fields;
  }

  Envelope envelope() {
    return envelope;
  }

  /** Whether ALTER TYPE can change what values look like. */
  boolean hasAlterableTypes() {
    return fields.hasAlterableTypes();
  }

  BitSet binaryColumns() {
    return fields.binaryColumns();
  }

  /** Columns of which no value is written, so that none need be read. */
  BitSet hiddenColumns() {
    return fields.hiddenColumns();
  }

  /** Settles fields that {@code row} leaves out and whose value makes no difference. */
  void settle(Tuple row) {
    fields.settle(row);
  }

  /** Whether all the fields that {@code row} leaves out are present in {@code other}. */
  static boolean completes(Tuple row, @Nullable Tuple other) {
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == Tuple.UNCHANGED && (other == null || other.kind(i) < Tuple.TEXT)) {
        return false;
      }
    }
    return true;
  }
}
