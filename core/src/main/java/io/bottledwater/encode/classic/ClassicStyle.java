package io.bottledwater.encode.classic;

import io.bottledwater.encode.Envelope;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.RowEnvelope;
import io.bottledwater.encode.RowFields;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.TopicNames;
import io.bottledwater.record.TopicNaming;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.classic.ClassicMappings;
import io.bottledwater.value.RowShape;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Bottled Water's records: the value is named for the table, the key for its index, and every field
 * may be null, keys included.
 */
public final class ClassicStyle implements RecordStyle {
  private static final List<String> NAMESPACE =
      List.of("com", "martinkl", "bottledwater", "dbschema");

  private final TopicNames topics;
  private final TypeMappings types;

  /**
   * @param specialValues not {@code STRING}
   * @throws BottledWaterException {@code BW-TIME-ZONE} when Java does not know the server's zone
   */
  public ClassicStyle(SpecialValues specialValues, TopicNaming naming, Origin origin) {
    this.topics = new TopicNames(origin.topicPrefix(), naming);
    this.types = new ClassicMappings(zone(origin.timeZone()), specialValues);
  }

  private static ZoneRules zone(String name) {
    // PostgreSQL takes names in any case.
    String known =
        ZoneId.getAvailableZoneIds().stream()
            .filter(id -> id.equalsIgnoreCase(name))
            .findFirst()
            .orElse(ZoneId.SHORT_IDS.getOrDefault(name, ""));
    if (known.isEmpty()) {
      throw new BottledWaterException(
          ErrorCode.TIME_ZONE, "The server's TimeZone is " + name + ".");
    }
    return ZoneId.of(known).getRules();
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
    List<String> namespace = new ArrayList<>(NAMESPACE);
    namespace.add(table.schema());
    if (table.columns().isEmpty()) {
      return new EmptyRow(
          format.writerFor(
              new RowShape(topic, false, table.name(), namespace, List.of(EmptyRow.FIELD))));
    }
    RowWriter key =
        table.isKeyed()
            ? format.writerFor(
                new RowShape(topic, true, keyName(table), namespace, row.keyFields(false)))
            : null;
    RowWriter value =
        format.writerFor(new RowShape(topic, false, table.name(), namespace, row.valueFields()));
    return new RowEnvelope(row, key, value);
  }

  private static String keyName(Relation table) {
    // An index that has been dropped since: its usual name.
    return table.keyIndex().isEmpty() ? table.name() + "_pkey" : table.keyIndex();
  }
}
