package io.bottledwater.encode.avro;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;

/**
 * Avro's JSON encoding, as Bottled Water wrote it: one line, no white space, {@code
 * {"id":{"int":1}}}; null bare, and the branches of a union that are records or enumerations by
 * their short names. Thread safe; its writers belong to one thread each.
 *
 * <p>Source: Avro specification, "JSON Encoding".
 */
public final class AvroJsonFormat implements OutputFormat {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    return new AvroJsonWriter(shape);
  }
}
