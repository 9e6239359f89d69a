package io.bottledwater.type;

import io.bottledwater.postgres.PgType;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/**
 * A mapping of every PostgreSQL type. Immutable and thread safe; the mappings that it hands out
 * belong to one thread each.
 *
 * <p>Text is expected as a session writes it that has {@code client_encoding UTF8, DateStyle ISO,
 * IntervalStyle postgres, TimeZone UTC, bytea_output hex, lc_monetary C} and {@code
 * extra_float_digits} of at least 1.
 */
public class TypeMappings {
  private final List<TypeMapping> families;
  private final SpecialValues specialValues;
  private final List<String> database;

  /**
   * The standard mapping, with what a user chose about it.
   *
   * @param database {@code [prefix.]database}, what the namespaces of named types begin with
   */
  public TypeMappings(TypeOptions options, List<String> database) {
    this.specialValues = options.specialValues();
    this.database = List.copyOf(database);
    this.families =
        List.of(
            new BooleanMapping(),
            new IntegerMapping(),
            new FloatMapping(),
            new NumericMapping(options.numeric()),
            new MoneyMapping(),
            new TextMapping(),
            new EnumMapping(options.enums()),
            new DateMapping(),
            new TimeMapping(),
            new TimestampMapping(),
            new IntervalMapping(),
            new UuidMapping(),
            new JsonMapping(),
            new ByteaMapping(),
            new ArrayMapping(),
            new CompositeMapping(),
            new HstoreMapping(),
            new PostgisMapping(),
            new VectorMapping());
  }

  /**
   * How a column, or what lies inside one, is written. A type of no known family becomes a string,
   * PostgreSQL's own text, and has no binary decoder.
   *
   * @param declared the type, perhaps a domain
   * @param declaredTypmod {@code atttypmod} of the column, -1 when there is none
   * @return a new mapping, whose decoders belong to the scope's thread
   */
  public final ColumnMapping map(PgType declared, int declaredTypmod, MappingScope scope) {
    return withSpecialValues(plain(declared, declaredTypmod, scope), scope);
  }

  /** The same, whatever is to become of special values. */
  protected ColumnMapping plain(PgType declared, int declaredTypmod, MappingScope scope) {
    PgType type = declared;
    int typmod = declaredTypmod;
    while (type.form() instanceof PgType.Form.Domain domain) {
      type = domain.base();
      typmod = typmod < 0 ? domain.typmod() : typmod;
    }
    for (TypeMapping family : families) {
      ColumnMapping mapping = family.map(type, typmod, scope);
      if (mapping != null) {
        return mapping;
      }
    }
    return new ColumnMapping(ValueType.Simple.STRING, new TextMapping.Copy(), null);
  }

  List<String> namespace(PgType type) {
    List<String> namespace = new ArrayList<>(database);
    namespace.add(type.schema());
    return namespace;
  }

  private ColumnMapping withSpecialValues(ColumnMapping mapping, MappingScope scope) {
    return switch (specialValues) {
      case STOP -> mapping;
      case NULL ->
          mapping.special() == ColumnMapping.Special.NEVER || scope.isKey()
              ? mapping
              : SpecialAsNull.of(mapping, scope.nulled());
      case STRING ->
          mapping.special() == ColumnMapping.Special.POSSIBLE ? SpecialAsText.of(mapping) : mapping;
    };
  }
}
