package io.bottledwater.encode;

import io.bottledwater.record.TopicNames;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.value.RowShape;
import java.util.ArrayList;
import java.util.List;

/** The product's own: one topic a table, required fields in keys, optional ones in values. */
public final class StandardStyle implements RecordStyle {
  private final TypeMappings types;
  private final TopicNames topics;
  private final List<String> namespace;

  public StandardStyle(TypeOptions types, TopicNaming naming, Origin origin) {
    this.namespace = origin.namespace();
    this.types = new TypeMappings(types, namespace);
    this.topics = new TopicNames(origin.topicPrefix(), naming);
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
    String name = row.relation().name();
    List<String> space = new ArrayList<>(namespace);
    space.add(row.relation().schema());
    List<RowShape.Field> keyFields = row.keyFields(true);
    RowWriter key =
        keyFields.isEmpty()
            ? null
            : format.writerFor(new RowShape(topic, true, name, space, keyFields));
    RowWriter value = format.writerFor(new RowShape(topic, false, name, space, row.valueFields()));
    return new RowEnvelope(row, key, value);
  }
}
