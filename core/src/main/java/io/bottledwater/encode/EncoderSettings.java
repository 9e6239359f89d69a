package io.bottledwater.encode;

/**
 * What every encoder of a pump shares.
 *
 * @param allowUnkeyed whether tables without a key become records
 */
public record EncoderSettings(RecordStyle style, OutputFormat format, boolean allowUnkeyed) {}
