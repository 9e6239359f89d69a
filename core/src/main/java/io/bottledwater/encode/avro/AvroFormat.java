package io.bottledwater.encode.avro;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.Subject;
import io.bottledwater.value.RowShape;

/**
 * Avro's binary encoding in the registry's wire format: a zero byte, the schema's id in four bytes
 * big-endian, the body. Thread safe; its writers belong to one thread each.
 */
public final class AvroFormat implements OutputFormat {
  private final SchemaRegistry registry;

  public AvroFormat(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "avro";
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    String schema = AvroSchema.of(shape);
    int id = registry.register(Subject.of(shape.topic(), shape.key()), "AVRO", schema);
    return new AvroRowWriter(shape, id);
  }
}
