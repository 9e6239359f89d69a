package io.bottledwater.source.stream;

import io.bottledwater.postgres.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

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

  ChainedLogicalStreamBuilder addTo(ChainedLogicalStreamBuilder builder) {
    ChainedLogicalStreamBuilder result =
        builder
            .withSlotOption("proto_version", PROTOCOL)
            .withSlotOption("publication_names", publicationNames());
    if (messages) {
      result = result.withSlotOption("messages", true);
    }
    return binary ? result.withSlotOption("binary", true) : result;
  }

  /** Arguments of a decoding function: names and values, as literals. */
  String asArguments() {
    List<String> pairs = new ArrayList<>();
    pairs.add("'proto_version', '" + PROTOCOL + "'");
    pairs.add("'publication_names', " + Identifiers.literal(publicationNames()));
    if (messages) {
      pairs.add("'messages', 'true'");
    }
    if (binary) {
      pairs.add("'binary', 'true'");
    }
    return String.join(", ", pairs);
  }
}
