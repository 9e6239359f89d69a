package io.bottledwater.source.snapshot;

import io.bottledwater.postgres.Relation;

/**
 * A range of pages of one table, read by one COPY.
 *
 * @param relation the table that the rows belong to; the root when the pages are a partition's
 * @param pagesOid OID of the table that the pages lie in
 * @param pagesSchema its schema
 * @param pagesName its name
 * @param ordinal 0, 1, 2 ... in the order of pages
 * @param fromPage first page
 * @param toPage page after the last, or {@link #TO_END}
 * @param pages how many pages were there when it was planned, for progress
 */
public record Chunk(
    Relation relation,
    long pagesOid,
    String pagesSchema,
    String pagesName,
    int ordinal,
    long fromPage,
    long toPage,
    long pages) {

  /** To the end of the table, however far it has grown since it was planned. */
  public static final long TO_END = -1;
}
