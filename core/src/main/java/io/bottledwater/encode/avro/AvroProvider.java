package io.bottledwater.encode.avro;

import io.bottledwater.encode.FormatProvider;
import io.bottledwater.encode.FormatSettings;
import io.bottledwater.encode.OutputFormat;

/** Brings {@link AvroFormat}. */
public final class AvroProvider implements FormatProvider {
  @Override
  public String name() {
    return "avro";
  }

  @Override
  public OutputFormat create(FormatSettings settings) {
    return new AvroFormat(settings.registry());
  }
}
