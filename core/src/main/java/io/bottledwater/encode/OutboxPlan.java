package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.RecordHeader;
import io.bottledwater.record.Topic;
import io.bottledwater.record.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outbox: each row becomes one record of a topic that the row itself names. Key and value are
 * the columns' own bytes, without schema: {@code bytea} as it is, anything else as PostgreSQL's
 * text in UTF-8. All columns come as text. One thread only.
 *
 * <pre>
 *   topic     [prefix.]outbox.event.(aggregatetype)
 *   key       aggregateid                              null: no key
 *   value     payload                                  null: no value
 *   headers   id, type, and further columns by name    left out when null
 * </pre>
 */
final class OutboxPlan {
  private static final int BYTEA = 17;

  private final Relation relation;
  private final TopicNames names;
  private final TopicOpener opener;
  private final int route;
  private final int key;
  private final int payload;
  private final int[] headerColumns;
  private final String[] headerNames;
  private final Map<String, Topic> topics = new HashMap<>();

  private OutboxPlan(
      Relation relation, TopicNames names, TopicOpener opener, OutboxSettings settings) {
    this.relation = relation;
    this.names = names;
    this.opener = opener;
    this.route = column(relation, settings.routeColumn());
    this.key = column(relation, settings.keyColumn());
    this.payload = column(relation, settings.payloadColumn());
    List<String> columns = new ArrayList<>(List.of(settings.idColumn(), settings.typeColumn()));
    columns.addAll(settings.headerColumns());
    this.headerNames = columns.toArray(new String[0]);
    this.headerNames[0] = "id";
    this.headerNames[1] = "type";
    this.headerColumns = columns.stream().mapToInt(name -> column(relation, name)).toArray();
  }

  /**
   * @throws BottledWaterException {@code BW-OUTBOX} when the table lacks a column
   */
  static OutboxPlan compile(
      Relation relation, TopicNames names, TopicOpener opener, OutboxSettings settings) {
    return new OutboxPlan(relation, names, opener, settings);
  }

  private static int column(Relation relation, String name) {
    for (int i = 0; i < relation.columns().size(); i++) {
      if (relation.columns().get(i).name().equals(name)) {
        return i;
      }
    }
    throw new BottledWaterException(
        ErrorCode.OUTBOX,
        "The outbox " + relation.qualifiedName() + " has no column " + name + ".");
  }

  Relation relation() {
    return relation;
  }

  Topic topic(Tuple row, long lsn) {
    if (row.kind(route) < Tuple.TEXT || row.length(route) == 0) {
      throw new BottledWaterException(
          ErrorCode.OUTBOX,
          "A row of the outbox "
              + relation.qualifiedName()
              + " has no "
              + relation.columns().get(route).name()
              + ", so it names no topic (transaction at "
              + Lsn.format(lsn)
              + ").");
    }
    String name =
        new String(row.buffer(), row.offset(route), row.length(route), StandardCharsets.UTF_8);
    Topic topic = topics.get(name);
    if (topic == null) {
      // Not compacted: each event stands for itself.
      topic = new Topic(names.outboxTopic(name), false);
      opener.ensureTopics(List.of(topic));
      topics.put(name, topic);
    }
    return topic;
  }

  byte @Nullable [] key(Tuple row) {
    return bytes(row, key);
  }

  @Nullable ByteSlice value(Tuple row) {
    byte[] bytes = bytes(row, payload);
    return bytes == null ? null : ByteSlice.of(bytes);
  }

  List<RecordHeader> headers(Tuple row) {
    List<RecordHeader> headers = new ArrayList<>(headerColumns.length);
    for (int i = 0; i < headerColumns.length; i++) {
      byte[] value = bytes(row, headerColumns[i]);
      if (value != null) {
        headers.add(new RecordHeader(headerNames[i], value));
      }
    }
    return headers;
  }

  private byte @Nullable [] bytes(Tuple row, int index) {
    if (row.kind(index) < Tuple.TEXT) {
      return null;
    }
    int offset = row.offset(index);
    int end = offset + row.length(index);
    Column column = relation.columns().get(index);
    if (column.type().withoutDomains().oid() != BYTEA) {
      return Arrays.copyOfRange(row.buffer(), offset, end);
    }
    // Sessions are opened with bytea_output hex: \x and two digits a byte.
    String text = new String(row.buffer(), offset, end - offset, StandardCharsets.US_ASCII);
    try {
      return HexFormat.of().parseHex(text, 2, text.length());
    } catch (IllegalArgumentException e) {
      throw new BottledWaterException(
          ErrorCode.VALUE_MALFORMED,
          "Column " + relation.qualifiedName() + "." + column.name() + " is no bytea in hex form.");
    }
  }
}
