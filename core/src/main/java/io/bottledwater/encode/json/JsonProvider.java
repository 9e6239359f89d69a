package io.bottledwater.encode.json;

import io.bottledwater.encode.FormatProvider;
import io.bottledwater.encode.FormatSettings;
import io.bottledwater.encode.OutputFormat;

/** Brings {@link JsonFormat}. */
public final class JsonProvider implements FormatProvider {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public OutputFormat create(FormatSettings settings) {
    return settings.jsonSchema() ? new JsonFormat(settings.registry()) : new JsonFormat();
  }
}
