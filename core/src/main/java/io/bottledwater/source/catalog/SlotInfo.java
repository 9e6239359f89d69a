package io.bottledwater.source.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pg_replication_slots}.
 *
 * @param plugin null for a physical slot
 * @param database null for a physical slot
 * @param walStatus from PostgreSQL 13 on: reserved, extended, unreserved or lost; else null
 * @param invalidation from PostgreSQL 17 on: why a slot is lost, for instance wal_removed or
 *     idle_timeout; else null
 * @param synced from PostgreSQL 17 on: whether the server, a standby, copies it from its primary
 * @param confirmedFlushLsn how far the consumer has confirmed
 * @param activePid the backend that reads it, or 0
 */
public record SlotInfo(
    @Nullable String plugin,
    @Nullable String database,
    @Nullable String walStatus,
    @Nullable String invalidation,
    boolean synced,
    long confirmedFlushLsn,
    int activePid) {}
