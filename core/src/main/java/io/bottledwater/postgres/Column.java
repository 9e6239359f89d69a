package io.bottledwater.postgres;

/**
 * A column of a relation.
 *
 * @param name as PostgreSQL has it
 * @param type its declared type, perhaps a domain
 * @param typmod {@code atttypmod}, -1 when there is none; that of a domain is the domain's own
 * @param typeName the declared type as {@code format_type} shows it, for instance {@code
 *     numeric(10,2)}
 */
public record Column(String name, PgType type, int typmod, String typeName) {}
