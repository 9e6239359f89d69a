package io.bottledwater.e2e.campaign;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Makes column values of bytes, with libraries that have nothing to do with the pump. */
interface RowDecoder {
  // Confluent's client waits a minute for an answer, and then there is to be time for another try.
  long REGISTRY_LIMIT_NANOS = 150_000_000_000L;

  /** Bytes that are no row of that topic. */
  final class Undecodable extends Exception {
    private static final long serialVersionUID = 1;

    Undecodable(Throwable cause) {
      super(name(cause), cause);
    }

    // Of the messages none is shown: they may hold values.
    private static String name(Throwable cause) {
      String name = cause.getClass().getSimpleName();
      return cause.getCause() == null ? name : name + ": " + name(cause.getCause());
    }
  }

  Map<String, Object> decode(String topic, boolean key, byte[] bytes) throws Undecodable;

  /** One JSON object, by Jackson. */
  static RowDecoder json() {
    ObjectMapper json = new ObjectMapper();
    json.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return (topic, key, bytes) -> {
      try {
        return json.readValue(bytes, new TypeReference<Map<String, Object>>() {});
      } catch (IOException e) {
        throw new Undecodable(e);
      }
    };
  }

  /** The registry's wire format, by Confluent's own deserializer. */
  static RowDecoder avro(String registryUrl) {
    KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
    deserializer.configure(Map.of("schema.registry.url", registryUrl), false);
    return (topic, key, bytes) -> {
      long deadline = System.nanoTime() + REGISTRY_LIMIT_NANOS;
      while (true) {
        try {
          return row((GenericRecord) deserializer.deserialize(topic, bytes));
        } catch (RuntimeException e) {
          // A registry that is away, or goes away before it answers, says nothing of the record.
          if (!isConnectionLost(e.getCause()) || System.nanoTime() - deadline > 0) {
            throw new Undecodable(e);
          }
          Scene.sleep(200);
        }
      }
    };
  }

  private static boolean isConnectionLost(Throwable cause) {
    return cause instanceof SocketException || cause instanceof SocketTimeoutException;
  }

  private static Map<String, Object> row(GenericRecord record) {
    Map<String, Object> row = new HashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      row.put(field.name(), value instanceof CharSequence ? value.toString() : value);
    }
    return row;
  }
}
