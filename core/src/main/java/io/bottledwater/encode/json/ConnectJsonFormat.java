package io.bottledwater.encode.json;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;

/**
 * JSON as Kafka Connect's JsonConverter writes it with {@code schemas.enable=false}. Thread safe;
 * its writers belong to one thread each.
 */
public final class ConnectJsonFormat implements OutputFormat {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    return new ConnectJsonWriter(shape);
  }
}
