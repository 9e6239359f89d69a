package io.bottledwater.registry.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which readers and writers of a subject's versions must understand each other. */
enum CompatibilityLevel {
  NONE(false, false, false),
  BACKWARD(true, false, false),
  BACKWARD_TRANSITIVE(true, false, true),
  FORWARD(false, true, false),
  FORWARD_TRANSITIVE(false, true, true),
  FULL(true, true, false),
  FULL_TRANSITIVE(true, true, true);

  /** The new schema must read what the earlier ones wrote. */
  final boolean backward;

  /** The earlier schemas must read what the new one writes. */
  final boolean forward;

  /** Earlier means all versions, not only the latest. */
  final boolean transitive;

  CompatibilityLevel(boolean backward, boolean forward, boolean transitive) {
    this.backward = backward;
    this.forward = forward;
    this.transitive = transitive;
  }

  static Optional<CompatibilityLevel> named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(level -> level.name().equals(upper)).findFirst();
  }
}
