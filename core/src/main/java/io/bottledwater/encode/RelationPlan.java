package io.bottledwater.encode;

import io.bottledwater.change.Tuple;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.Topic;
import io.bottledwater.record.TopicNames;
import io.bottledwater.schema.IncompatibleSchemaException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be decided about a relation before its first row: topic, schemas, decoders.
 * What is left for each row is to move bytes. One thread only.
 */
final class RelationPlan {
  /** No topic should ever come near it; a registry that refuses everything would. */
  private static final int MOST_VERSIONS = 1_000;

  private final Topic topic;
  private final RowFields fields;
  private final Envelope envelope;

  private RelationPlan(Topic topic, RowFields fields, Envelope envelope) {
    this.topic = topic;
    this.fields = fields;
    this.envelope = envelope;
  }

  /**
   * For rows that are about to be written. Where the settings have versions of topics, the first
   * one from that which has been reached whose subjects take the schemas.
   *
   * @param streaming whether the rows are the stream's, which then has reached that version
   * @throws IncompatibleSchemaException when the registry refuses a schema
   */
  static RelationPlan compile(Relation relation, EncoderSettings settings, boolean streaming) {
    TopicNames topics = settings.style().topics();
    String topic = topics.topicOf(relation.schema(), relation.name());
    TopicVersions versions = settings.versions();
    if (versions == null) {
      return compileFor(relation, settings, topic);
    }
    int first = versions.of(topic);
    for (int version = first; ; version++) {
      try {
        RelationPlan plan = compileFor(relation, settings, topics.versionOf(topic, version));
        if (streaming) {
          versions.reach(topic, version);
        }
        return plan;
      } catch (IncompatibleSchemaException e) {
        if (version - first == MOST_VERSIONS) {
          throw e;
        }
        versions.announce(topic, version + 1, relation.qualifiedName(), e.found());
      }
    }
  }

  /**
   * For a table as it is now, whose rows may come later, or never. Null when they would need
   * another version of the topic than the one that has been reached: rows from before the change
   * are then still to come, and belong there.
   */
  static @Nullable RelationPlan compileAhead(Relation relation, EncoderSettings settings) {
    TopicVersions versions = settings.versions();
    if (versions == null) {
      return compile(relation, settings, false);
    }
    TopicNames topics = settings.style().topics();
    String topic = topics.topicOf(relation.schema(), relation.name());
    try {
      return compileFor(relation, settings, topics.versionOf(topic, versions.of(topic)));
    } catch (IncompatibleSchemaException e) {
      return null;
    }
  }

  private static RelationPlan compileFor(
      Relation relation, EncoderSettings settings, String topic) {
    RecordStyle style = settings.style();
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

  /** A column that cannot be read in binary from the stream, or null; see {@link RowFields}. */
  static @Nullable String textColumn(Relation relation, EncoderSettings settings) {
    return RowFields.of(relation, settings.style().types(), settings.columns()).textColumn();
  }

  /** The same of this relation. */
  @Nullable String textColumn() {
    return fields.textColumn();
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
    if (row.isComplete()) {
      return true;
    }
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == Tuple.UNCHANGED && (other == null || other.kind(i) < Tuple.TEXT)) {
        return false;
      }
    }
    return true;
  }
}
