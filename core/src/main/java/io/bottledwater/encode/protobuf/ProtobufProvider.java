package io.bottledwater.encode.protobuf;

import io.bottledwater.encode.FormatProvider;
import io.bottledwater.encode.FormatSettings;
import io.bottledwater.encode.OutputFormat;

/** Brings {@link ProtobufFormat}. */
public final class ProtobufProvider implements FormatProvider {
  @Override
  public String name() {
    return "protobuf";
  }

  @Override
  public OutputFormat create(FormatSettings settings) {
    return new ProtobufFormat(settings.registry());
  }
}
