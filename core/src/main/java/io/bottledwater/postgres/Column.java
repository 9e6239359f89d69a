package io.bottledwater.postgres;

/**
 * A column of a relation.
 *
 * @param name as PostgreSQL has it
 * @param type its type, with domains resolved to their base type
 * @param typmod {@code atttypmod} of the base type, -1 when there is none
 * @param typeName the declared type as {@code format_type} shows it, for instance {@code
 *     numeric(10,2)}
 */
public record Column(String name, PgType type, int typmod, String typeName) {}
