package io.bottledwater.record;

/**
 * A topic that the pump writes to.
 *
 * @param keyed whether its records have keys, so that compaction keeps the newest row of each
 */
public record Topic(String name, boolean keyed) {}
