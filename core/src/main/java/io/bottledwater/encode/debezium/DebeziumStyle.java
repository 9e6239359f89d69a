package io.bottledwater.encode.debezium;

import io.bottledwater.encode.Envelope;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.RowFields;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.TopicNames;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.debezium.DebeziumMappings;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.List;

/**
 * Debezium's records: {@code <topic>.Key}, and {@code <topic>.Envelope} with the row before and
 * after, where it comes from, and what was done. Fields of the key are required, all others may be
 * null, whatever NOT NULL says: a delete knows the key alone.
 */
public final class DebeziumStyle implements RecordStyle {
  private final TopicNames topics;
  private final TypeMappings types;
  private final String name;
  private final String database;

  /**
   * @param types one of the mappings that have Debezium's types
   */
  public DebeziumStyle(DebeziumMappings types, TopicNaming naming, Origin origin) {
    this.types = types;
    this.topics = new TopicNames(origin.topicPrefix(), naming);
    this.database = origin.database();
    this.name = origin.topicPrefix().isEmpty() ? database : origin.topicPrefix();
  }

  @Override
  public TopicNames topics() {
    return topics;
  }

  @Override
  public TypeMappings types() {
    return types;
  }

  @Override
  public Envelope envelope(RowFields row, String topic, OutputFormat format) {
    Relation table = row.relation();
    List<String> namespace = List.of(topic.split("\\."));
    RowWriter key =
        table.isKeyed()
            ? format.writerFor(new RowShape(topic, true, "Key", namespace, row.keyFields(true)))
            : null;
    ValueType.Struct value = new ValueType.Struct("Value", namespace, row.valueFields(true));
    RowWriter envelope =
        format.writerFor(
            new RowShape(topic, false, "Envelope", namespace, DebeziumEnvelope.fields(value)));
    return new DebeziumEnvelope(
        row, key, envelope, new SourceBlock(name, database, table.schema(), table.name()));
  }
}
