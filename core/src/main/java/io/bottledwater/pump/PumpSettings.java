package io.bottledwater.pump;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.TopicNaming;
import io.bottledwater.type.TypeMapping;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * What a pump is told to do.
 *
 * @param slot name of the replication slot
 * @param publication name of the publication
 * @param topicPrefix with its dot, or empty
 * @param tables schema and name of a table: whether to export it
 * @param filtered whether {@code tables} leaves anything out
 * @param snapshotThreads readers of the snapshot, at least 1
 * @param retryLimit how long an external system may stay unreachable
 * @param topics made anew for each attempt, since it remembers who owns a name
 */
public record PumpSettings(
    String slot,
    String publication,
    String topicPrefix,
    BiPredicate<String, String> tables,
    boolean filtered,
    boolean allowUnkeyed,
    boolean skipSnapshot,
    int snapshotThreads,
    Duration retryLimit,
    TypeMapping types,
    OutputFormat format,
    Supplier<TopicNaming> topics) {}
