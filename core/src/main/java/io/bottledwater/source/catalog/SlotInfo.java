package io.bottledwater.source.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pg_replication_slots}.
 *
 * @param plugin null for a physical slot
 * @param database null for a physical slot
 * @param walStatus from PostgreSQL 13 on: reserved, extended, unreserved or lost; else null
 * @param confirmedFlushLsn how far the consumer has confirmed
 * @param activePid the backend that reads it, or 0
 */
public record SlotInfo(
    @Nullable String plugin,
    @Nullable String database,
    @Nullable String walStatus,
    long confirmedFlushLsn,
    int activePid) {}
