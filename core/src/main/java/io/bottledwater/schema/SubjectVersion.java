package io.bottledwater.schema;

/**
 * One version of a subject as a registry holds it.
 *
 * @param version counts from 1
 * @param id under which records name the schema
 * @param type {@code AVRO}, {@code JSON} or {@code PROTOBUF}
 * @param text which the registry may have laid out differently
 */
public record SubjectVersion(int version, int id, String type, String text) {}
