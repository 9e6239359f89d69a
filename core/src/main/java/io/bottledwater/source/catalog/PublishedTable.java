package io.bottledwater.source.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a publication sends of a table (PostgreSQL 15 and later).
 *
 * @param columns names in column order: all, or those of its column list
 * @param rowFilter condition that rows must fulfil, as the server prints it for an empty search
 *     path; null for none
 */
public record PublishedTable(List<String> columns, @Nullable String rowFilter) {
  public PublishedTable {
    columns = List.copyOf(columns);
  }
}
