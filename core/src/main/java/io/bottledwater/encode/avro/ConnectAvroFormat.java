package io.bottledwater.encode.avro;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.Subject;
import io.bottledwater.value.RowShape;

/**
 * Avro's binary encoding under schemas as Kafka Connect's Avro converter makes them. Thread safe;
 * its writers belong to one thread each.
 */
public final class ConnectAvroFormat implements OutputFormat {
  private final SchemaRegistry registry;

  public ConnectAvroFormat(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "avro";
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    int id =
        registry.register(
            Subject.of(shape.topic(), shape.key()), "AVRO", ConnectAvroSchema.of(shape));
    return new AvroRowWriter(shape, id);
  }
}
