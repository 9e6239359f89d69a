package io.bottledwater.registry.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether a subject takes new schemas. Confluent's IMPORT mode is not supported. */
enum Mode {
  READWRITE,
  READONLY,
  READONLY_OVERRIDE;

  static Optional<Mode> named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(mode -> mode.name().equals(upper)).findFirst();
  }
}
