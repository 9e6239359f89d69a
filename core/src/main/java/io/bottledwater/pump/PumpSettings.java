package io.bottledwater.pump;

import io.bottledwater.encode.ColumnRules;
import io.bottledwater.encode.OutboxSettings;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a pump is told to do.
 *
 * @param slot name of the replication slot
 * @param publication name of the publication
 * @param topicPrefix without the dot that follows it; empty for none
 * @param tables schema and name of a table: whether to export it
 * @param filtered whether {@code tables} leaves anything out
 * @param columns which columns are left out or masked
 * @param rowFilters which rows are exported
 * @param messages prefix of a logical message: whether to export it; null when none is
 * @param outbox the table whose rows are events, or null
 * @param snapshotThreads readers of the snapshot, at least 1
 * @param catchUp whether a backlog may be read ahead of the stream
 * @param binary whether the stream's values may come in binary form
 * @param newTopics whether the registry has a subject; null unless rows whose schemas a topic's
 *     subjects do not take go to another version of the topic
 * @param retryLimit how long an external system may stay unreachable
 */
public record PumpSettings(
    String slot,
    String publication,
    String topicPrefix,
    BiPredicate<String, String> tables,
    boolean filtered,
    ColumnRules columns,
    RowFilters rowFilters,
    @Nullable Predicate<String> messages,
    @Nullable OutboxSettings outbox,
    boolean allowUnkeyed,
    boolean skipSnapshot,
    int snapshotThreads,
    boolean catchUp,
    boolean binary,
    @Nullable Predicate<String> newTopics,
    Duration retryLimit,
    RecordStyle.Factory styles,
    OutputFormat format) {}
