package io.bottledwater.encode.json;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;

/**
 * One plain JSON object a record, on one line, in UTF-8, without a schema and without white space
 * outside strings.
 *
 * <p>The object equals what PostgreSQL's {@code to_json(row)} gives in a session whose {@code
 * TimeZone} is UTC, with these departures: {@code oid}, {@code xid}, {@code cid}, {@code xid8} and
 * {@code money} are numbers, where {@code to_json} has strings (and for money the text of {@code
 * lc_monetary}). Thread safe; its writers belong to one thread each.
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
