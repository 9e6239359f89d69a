package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import java.util.List;

/**
 * The standard mapping of every PostgreSQL type. Immutable and thread safe; the mappings that it
 * hands out belong to one thread each.
 *
 * <p>Text is expected as a session writes it that has {@code client_encoding UTF8, DateStyle ISO,
 * IntervalStyle postgres, TimeZone UTC, bytea_output hex, lc_monetary C} and {@code
 * extra_float_digits} of at least 1.
 */
public class TypeMappings {
  private static final List<TypeMapping> FAMILIES =
      List.of(
          new BooleanMapping(),
          new IntegerMapping(),
          new FloatMapping(),
          new NumericMapping(),
          new MoneyMapping(),
          new TextMapping(),
          new EnumMapping(),
          new DateMapping(),
          new TimeMapping(),
          new TimestampMapping(),
          new IntervalMapping(),
          new UuidMapping(),
          new JsonMapping(),
          new ByteaMapping());

  /**
   * How a column is written. A type of no known family becomes a string, PostgreSQL's own text, and
   * has no binary decoder.
   *
   * @param type the column's type, domains already resolved to their base type
   * @param typmod {@code atttypmod} of column or domain, -1 when there is none
   * @return a new mapping, whose decoders belong to one thread
   */
  public ColumnMapping map(PgType type, int typmod) {
    for (TypeMapping family : FAMILIES) {
      ColumnMapping mapping = family.map(type, typmod);
      if (mapping != null) {
        return mapping;
      }
    }
    return new ColumnMapping(ValueType.Simple.STRING, TextMapping::copy, null);
  }
}
