package io.bottledwater.encode.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.Subject;
import io.bottledwater.schema.SubjectVersion;
import io.bottledwater.value.RowShape;
import org.jspecify.annotations.Nullable;

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
 * <p>With a registry, each object stands behind a zero byte and the id of its JSON Schema in four
 * bytes big-endian.
 *
 * <p>Thread safe; its writers belong to one thread each.
 */
public final class JsonFormat implements OutputFormat {
  private static final String TYPE = "JSON";
  private static final int MOST_ATTEMPTS = 10;

  private final @Nullable SchemaRegistry registry;

  /** Plain JSON. */
  public JsonFormat() {
    this.registry = null;
  }

  /** JSON with a schema in the registry. */
  public JsonFormat(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "json";
  }

  @Override
  public boolean isText() {
    return registry == null;
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    return registry == null
        ? new JsonRowWriter(shape)
        : new JsonRowWriter(shape, register(registry, shape));
  }

  private static int register(SchemaRegistry registry, RowShape shape) {
    String subject = Subject.of(shape.topic(), shape.key());
    for (int attempt = 1; ; attempt++) {
      SubjectVersion newest = registry.newest(subject).orElse(null);
      ObjectNode schema = JsonSchema.of(shape);
      if (newest != null
          && newest.type().equals(TYPE)
          && JsonSchema.widen(schema, newest.text())
          && JsonSchema.isSame(schema, newest.text())) {
        return registry.take(subject, newest);
      }
      try {
        return registry.register(subject, TYPE, schema.toString());
      } catch (BottledWaterException e) {
        int now = newest == null ? 0 : newest.version();
        // Another one may have come in between, which this schema has to accept too.
        boolean changed = registry.newest(subject).map(SubjectVersion::version).orElse(0) > now;
        if (e.code() != ErrorCode.SCHEMA_REFUSED || !changed || attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
