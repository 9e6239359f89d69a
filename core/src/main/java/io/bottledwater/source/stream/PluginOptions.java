package io.bottledwater.source.stream;

import io.bottledwater.postgres.Identifiers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the pgoutput plugin is told, however its messages are read.
 *
 * @param publications names, at least one
 * @param messages whether logical messages are wanted (PostgreSQL 14 and later)
 * @param binary whether values come as their types' send functions write them, where there is one
 *     (PostgreSQL 14 and later), rather than as text
 */
public record PluginOptions(List<String> publications, boolean messages, boolean binary) {
  /**
   * Transactions come whole, once they have committed
   * (docs/decisions/0009-whole-transactions-only.md).
   */
  private static final int PROTOCOL = 1;

  public PluginOptions {
    publications = List.copyOf(publications);
  }

  private String publicationNames() {
    return publications.stream().map(Identifiers::quote).collect(Collectors.joining(","));
  }

  /** Options of START_REPLICATION: names and values. */
  String asOptions() {
    // The grammar of replication commands knows one kind of literal, without escapes.
    return options().entrySet().stream()
        .map(o -> Identifiers.quote(o.getKey()) + " '" + o.getValue().replace("'", "''") + "'")
        .collect(Collectors.joining(", "));
  }

  /** Arguments of a decoding function: names and values, as literals. */
  String asArguments() {
    return options().entrySet().stream()
        .map(o -> Identifiers.literal(o.getKey()) + ", " + Identifiers.literal(o.getValue()))
        .collect(Collectors.joining(", "));
  }

  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("proto_version", Integer.toString(PROTOCOL));
    options.put("publication_names", publicationNames());
    if (messages) {
      options.put("messages", "true");
    }
    if (binary) {
      options.put("binary", "true");
    }
    return options;
  }
}
