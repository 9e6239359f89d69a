package io.bottledwater.record;

/** A header of one record's own. The bytes belong to the sink. */
public record RecordHeader(String name, byte[] value) {}
