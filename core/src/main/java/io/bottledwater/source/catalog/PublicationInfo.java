package io.bottledwater.source.catalog;

/**
 * A row of {@code pg_publication}.
 *
 * @param viaRoot whether changes of partitions are published as their root's; false before 13
 */
public record PublicationInfo(boolean inserts, boolean updates, boolean deletes, boolean viaRoot) {}
