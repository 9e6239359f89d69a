package io.bottledwater.encode;

import io.bottledwater.record.TopicNames;
import io.bottledwater.type.TypeMappings;
import java.util.List;

/**
 * What records look like, whatever their encoding: the names of topics, the types of fields, and
 * what surrounds a row. Thread safe.
 */
public interface RecordStyle {
  TopicNames topics();

  TypeMappings types();

  /**
   * Plans the records of one relation.
   *
   * @param topic the relation's topic
   */
  Envelope envelope(RowFields row, String topic, OutputFormat format);

  /** Makes the style of a session, when its database is known. */
  interface Factory {
    RecordStyle style(Origin origin);
  }

  /**
   * Where the rows come from.
   *
   * @param topicPrefix without the dot that follows it; empty for none
   * @param timeZone the {@code TimeZone} that a session of this role has by itself
   */
  record Origin(String database, String topicPrefix, String timeZone) {
    /** {@code [prefix.]database}, what the standard namespaces begin with. */
    public List<String> namespace() {
      return topicPrefix.isEmpty() ? List.of(database) : List.of(topicPrefix, database);
    }
  }
}
