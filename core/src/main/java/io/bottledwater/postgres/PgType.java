package io.bottledwater.postgres;

/**
 * A row of {@code pg_type}, as far as mapping a column needs it.
 *
 * @param oid {@code pg_type.oid}, unsigned 32 bits
 * @param schema name of its schema
 * @param name {@code typname}
 * @param kind {@code typtype}: b base, c composite, d domain, e enum, p pseudo, r range, m
 *     multirange
 * @param elementOid {@code typelem} of a true array type, else 0
 * @param outputFunction qualified, quoted name of {@code typoutput}
 */
public record PgType(
    long oid, String schema, String name, char kind, long elementOid, String outputFunction) {

  /** OIDs below this are assigned by PostgreSQL's own source and never change. */
  public static final long FIRST_NORMAL_OBJECT_ID = 16384;

  /** Whether the type is built into the server, so that its OID alone identifies it. */
  public boolean isBuiltIn() {
    return oid < FIRST_NORMAL_OBJECT_ID;
  }
}
