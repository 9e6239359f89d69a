package io.bottledwater.source.stream;

import io.bottledwater.postgres.Identifiers;
import java.util.List;
import java.util.stream.Collectors;

/** What the pgoutput plugin is told, however its messages are read. */
final class PluginOptions {
  /**
   * Transactions come whole, once they have committed
   * (docs/decisions/0009-whole-transactions-only.md).
   */
  static final int PROTOCOL = 1;

  private PluginOptions() {}

  static String publicationNames(List<String> publications) {
    return publications.stream().map(Identifiers::quote).collect(Collectors.joining(","));
  }
}
