package io.bottledwater.encode.json;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;

/**
 * One plain JSON object a record, on one line, in UTF-8, without a schema and without white space
 * outside strings.
 *
 * <p>The object equals what PostgreSQL's {@code to_json(row)} gives in a session whose {@code
 * TimeZone} is UTC, with these departures:
 *
 * <ul>
 *   <li>{@code oid}, {@code xid}, {@code cid}, {@code xid8} are numbers, not strings;
 *   <li>{@code money} is a number with two places, not text that depends on {@code lc_monetary};
 *   <li>{@code int2vector} and {@code oidvector} are strings of their text;
 *   <li>PostGIS's geometries are objects of well-known binary and srid, and pgvector's vectors
 *       arrays, as in other formats;
 *   <li>{@code json} documents lose white space between tokens, since a record is one line.
 * </ul>
 *
 * <p>Thread safe; its writers belong to one thread each.
 */
public final class JsonFormat implements OutputFormat {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    return new JsonRowWriter(shape);
  }
}
