package io.bottledwater.config;

/** A table, by schema and name as PostgreSQL has them. */
public record TableName(String schema, String table) {}
