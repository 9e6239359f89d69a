package io.bottledwater.encode;

import org.jspecify.annotations.Nullable;

/**
 * What every encoder of a pump shares.
 *
 * @param allowUnkeyed whether tables without a key become records
 * @param columns which columns are left out or masked
 * @param outbox the table whose rows are events, or null
 * @param versions where rows go that their topic's subjects do not take, or null for nowhere
 */
public record EncoderSettings(
    RecordStyle style,
    OutputFormat format,
    boolean allowUnkeyed,
    ColumnRules columns,
    @Nullable OutboxSettings outbox,
    @Nullable TopicVersions versions) {}
