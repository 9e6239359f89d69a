package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.Topic;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The records of the control topic: what happened to a whole table. Key {@code {topic}}; value
 * {@code {operation, schema, table, topic, lsn, xid, committed_at}}.
 */
final class ControlPlan {
  private final Topic topic;
  private final RowWriter key;
  private final RowWriter value;

  private ControlPlan(Topic topic, RowWriter key, RowWriter value) {
    this.topic = topic;
    this.key = key;
    this.value = value;
  }

  static ControlPlan compile(EncoderSettings settings) {
    String name = settings.style().topics().controlTopic();
    List<String> namespace = List.of("bottledwater");
    RowWriter key =
        settings
            .format()
            .writerFor(
                new RowShape(
                    name,
                    true,
                    "control",
                    namespace,
                    List.of(new RowShape.Field("topic", ValueType.Simple.STRING, true, "text"))));
    RowWriter value =
        settings
            .format()
            .writerFor(
                new RowShape(
                    name,
                    false,
                    "control",
                    namespace,
                    List.of(
                        text("operation"),
                        text("schema"),
                        text("table"),
                        text("topic"),
                        text("lsn"),
                        new RowShape.Field("xid", ValueType.Simple.LONG, false, "xid"),
                        new RowShape.Field(
                            "committed_at", ValueType.Simple.TIMESTAMPTZ, false, "timestamptz"))));
    // Not compacted: each truncation stands for itself.
    return new ControlPlan(new Topic(name, false), key, value);
  }

  private static RowShape.Field text(String name) {
    return new RowShape.Field(name, ValueType.Simple.STRING, false, "text");
  }

  Topic topic() {
    return topic;
  }

  byte[] key(String tableTopic) {
    key.begin();
    write(key, 0, tableTopic);
    return key.finish();
  }

  ByteSlice value(String tableTopic, Relation relation, long lsn, long xid, long timestampMillis) {
    value.begin();
    write(value, 0, "truncate");
    write(value, 1, relation.schema());
    write(value, 2, relation.name());
    write(value, 3, tableTopic);
    write(value, 4, Lsn.format(lsn));
    value.field(5);
    value.writeLong(xid);
    value.field(6);
    value.writeTimestampTz(timestampMillis * 1000);
    return value.lend();
  }

  private static void write(RowWriter out, int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.field(field);
    out.writeString(bytes, 0, bytes.length);
  }
}
