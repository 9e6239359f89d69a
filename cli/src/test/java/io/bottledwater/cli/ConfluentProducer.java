package io.bottledwater.cli;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes with Confluent's own serializers, {@code ConfluentProducer BOOTSTRAP REGISTRY TOPIC}: a
 * row and its tombstone. A process of its own, since that jar has to come before our newer Avro.
 */
final class ConfluentProducer {
  private static final Schema KEY =
      SchemaBuilder.record("plant").fields().requiredInt("id").endRecord();
  private static final Schema VALUE =
      SchemaBuilder.record("plant")
          .fields()
          .requiredInt("id")
          .optionalString("name")
          .optionalDouble("height")
          .endRecord();

  private ConfluentProducer() {}

  public static void main(String[] arguments) throws Exception {
    String topic = arguments[2];
    GenericData.Record key = new GenericData.Record(KEY);
    key.put("id", 7);
    GenericData.Record value = new GenericData.Record(VALUE);
    value.put("id", 7);
    value.put("name", "fern \"x\"");
    byte[] keyBytes = serializer(arguments[1], true).serialize(topic, key);
    byte[] valueBytes = serializer(arguments[1], false).serialize(topic, value);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", arguments[0]),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, keyBytes, valueBytes)).get();
      producer.send(new ProducerRecord<>(topic, keyBytes, null)).get();
    }
  }

  private static KafkaAvroSerializer serializer(String registry, boolean key) {
    KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    serializer.configure(Map.of("schema.registry.url", registry), key);
    return serializer;
  }
}
