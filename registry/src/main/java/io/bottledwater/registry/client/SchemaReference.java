package io.bottledwater.registry.client;

/**
 * A named type that a schema takes from another subject.
 *
 * @param name the name under which the schema mentions it: an Avro full name, a Protobuf import
 */
public record SchemaReference(String name, String subject, int version) {}
