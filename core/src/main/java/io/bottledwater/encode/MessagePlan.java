package io.bottledwater.encode;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.change.LogicalMessage;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.record.Topic;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The records of logical messages. Key {@code {prefix}}; value {@code {prefix, content, text,
 * transactional, lsn}}: the content as bytes, and once more as text if it is valid UTF-8.
 */
final class MessagePlan {
  private final Topic topic;
  private final RowWriter key;
  private final RowWriter value;

  private MessagePlan(Topic topic, RowWriter key, RowWriter value) {
    this.topic = topic;
    this.key = key;
    this.value = value;
  }

  static MessagePlan compile(EncoderSettings settings) {
    String name = settings.style().topics().messagesTopic();
    List<String> namespace = List.of("bottledwater");
    RowShape.Field prefix = new RowShape.Field("prefix", ValueType.Simple.STRING, true, "text");
    RowWriter key =
        settings
            .format()
            .writerFor(new RowShape(name, true, "messages", namespace, List.of(prefix)));
    RowWriter value =
        settings
            .format()
            .writerFor(
                new RowShape(
                    name,
                    false,
                    "messages",
                    namespace,
                    List.of(
                        new RowShape.Field("prefix", ValueType.Simple.STRING, false, "text"),
                        new RowShape.Field("content", ValueType.Simple.BYTES, false, "bytea"),
                        new RowShape.Field("text", ValueType.Simple.STRING, false, "text"),
                        new RowShape.Field(
                            "transactional", ValueType.Simple.BOOLEAN, false, "boolean"),
                        new RowShape.Field("lsn", ValueType.Simple.STRING, false, "pg_lsn"))));
    // Not compacted: each message stands for itself.
    return new MessagePlan(new Topic(name, false), key, value);
  }

  Topic topic() {
    return topic;
  }

  byte[] key(LogicalMessage message) {
    key.begin();
    write(key, 0, message.prefix());
    return key.finish();
  }

  ByteSlice value(LogicalMessage message) {
    value.begin();
    write(value, 0, message.prefix());
    value.field(1);
    value.writeBytes(message.buffer(), message.offset(), message.length());
    value.field(2);
    if (isText(message)) {
      value.writeString(message.buffer(), message.offset(), message.length());
    } else {
      value.writeNull();
    }
    value.field(3);
    value.writeBoolean(message.transactional());
    write(value, 4, Lsn.format(message.endLsn()));
    return value.lend();
  }

  private static boolean isText(LogicalMessage message) {
    try {
      // A new decoder reports malformed input.
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(message.buffer(), message.offset(), message.length()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void write(RowWriter out, int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.field(field);
    out.writeString(bytes, 0, bytes.length);
  }
}
