package io.bottledwater.type.debezium;

import io.bottledwater.postgres.PgType;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NumericAs;
import io.bottledwater.type.NumericAsDouble;
import io.bottledwater.type.Rewriting;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.value.ForwardingWriter;
import io.bottledwater.value.ValueType;
import java.util.List;

/**
 * Debezium's types with its default handling modes, save that of decimals, which is given. Columns
 * of types that the connector leaves out are text here. Immutable and thread safe; the mappings
 * that it hands out belong to one thread each.
 */
public final class DebeziumMappings extends TypeMappings {
  private static final int BOOL = 16;
  private static final int BYTEA = 17;
  private static final int NAME = 19;
  private static final int INT8 = 20;
  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int TEXT = 25;
  private static final int OID = 26;
  private static final int JSON = 114;
  private static final int XML = 142;
  private static final int POINT = 600;
  private static final int FLOAT4 = 700;
  private static final int FLOAT8 = 701;
  private static final int MONEY = 790;
  private static final int BPCHAR = 1042;
  private static final int VARCHAR = 1043;
  private static final int DATE = 1082;
  private static final int TIME = 1083;
  private static final int TIMESTAMP = 1114;
  private static final int TIMESTAMPTZ = 1184;
  private static final int INTERVAL = 1186;
  private static final int TIMETZ = 1266;
  private static final int BIT = 1560;
  private static final int VARBIT = 1562;
  private static final int NUMERIC = 1700;
  private static final int UUID = 2950;
  private static final int TSVECTOR = 3614;
  private static final int JSONB = 3802;

  private static final int MOST_DIGITS = 6;

  private final NumericAs.Word numeric;

  /**
   * @param numeric {@code DECLARED} for Debezium's {@code decimal.handling.mode=precise}, its
   *     default; the words are those of the other modes; not {@code Fixed}
   * @param specialValues not {@code STRING}, since Connect's schemas have no unions
   */
  public DebeziumMappings(NumericAs.Word numeric, SpecialValues specialValues) {
    super(TypeOptions.of(specialValues), List.of());
    this.numeric = numeric;
  }

  @Override
  protected ColumnMapping plain(PgType declared, int declaredTypmod, MappingScope scope) {
    PgType type = declared;
    int typmod = declaredTypmod;
    while (type.form() instanceof PgType.Form.Domain domain) {
      type = domain.base();
      typmod = typmod < 0 ? domain.typmod() : typmod;
    }
    if (type.form() instanceof PgType.Form.Array) {
      return super.plain(type, typmod, scope);
    }
    if (type.form() instanceof PgType.Form.Enumeration enumeration) {
      return text(SemanticTypes.enumeration(enumeration.labels()));
    }
    return type.isBuiltIn() ? builtIn(type, typmod, scope) : extension(type, scope);
  }

  private ColumnMapping builtIn(PgType type, int typmod, MappingScope scope) {
    return switch ((int) type.oid()) {
      case BOOL, INT4, INT8, OID, FLOAT4, FLOAT8, BYTEA -> super.plain(type, typmod, scope);
      case INT2 -> rewrite(type, typmod, scope, SemanticTypes.INT16, new Unchanged());
      case NUMERIC -> numeric(type, typmod, scope);
      case MONEY -> money(type, typmod, scope);
      case DATE -> temporal(type, typmod, scope, SemanticTypes.DATE, SemanticTypes.DATE);
      case TIME -> temporal(type, typmod, scope, SemanticTypes.TIME, SemanticTypes.MICRO_TIME);
      case TIMETZ ->
          atTheEdge(
              temporal(type, typmod, scope, SemanticTypes.ZONED_TIME, SemanticTypes.ZONED_TIME));
      case TIMESTAMP ->
          temporal(type, typmod, scope, SemanticTypes.TIMESTAMP, SemanticTypes.MICRO_TIMESTAMP);
      case TIMESTAMPTZ ->
          temporal(
              type, typmod, scope, SemanticTypes.ZONED_TIMESTAMP, SemanticTypes.ZONED_TIMESTAMP);
      case INTERVAL ->
          atTheEdge(
              temporal(
                  type, -1, scope, SemanticTypes.MICRO_DURATION, SemanticTypes.MICRO_DURATION));
      case UUID -> rewrite(type, typmod, scope, SemanticTypes.UUID, new Unchanged());
      case JSON, JSONB -> rewrite(type, typmod, scope, SemanticTypes.JSON, new JsonAsText());
      case XML -> text(SemanticTypes.XML);
      case TSVECTOR -> text(SemanticTypes.TSVECTOR);
      case POINT -> new ColumnMapping(SemanticTypes.POINT, new PointText(), null);
      case BIT, VARBIT -> bits(typmod);
      case TEXT, VARCHAR, BPCHAR, NAME -> Rewriting.text(true);
      default -> Rewriting.text(false);
    };
  }

  private ColumnMapping extension(PgType type, MappingScope scope) {
    if (type.isOf("hstore", "hstore")) {
      return rewrite(type, -1, scope, SemanticTypes.JSON, new MapAsJson());
    }
    return type.isOf("ltree", "ltree") ? text(SemanticTypes.LTREE) : Rewriting.text(false);
  }

  private ColumnMapping numeric(PgType type, int typmod, MappingScope scope) {
    return switch (numeric) {
      case DECLARED -> precise(super.plain(type, typmod, scope));
      case STRING -> rewrite(type, -1, scope, ValueType.Simple.STRING, new DecimalAsText());
      case DOUBLE ->
          Rewriting.of(
              super.plain(type, -1, scope),
              ValueType.Simple.DOUBLE,
              new NumericAsDouble(),
              ColumnMapping.Special.AT_THE_EDGE);
    };
  }

  private static ColumnMapping precise(ColumnMapping standard) {
    ValueType written =
        standard.valueType() instanceof ValueType.Decimal decimal
            ? SemanticTypes.decimal(decimal)
            : SemanticTypes.VARIABLE_SCALE_DECIMAL;
    return Rewriting.of(standard, written, new DebeziumNumbers(), ColumnMapping.Special.POSSIBLE);
  }

  private ColumnMapping money(PgType type, int typmod, MappingScope scope) {
    return switch (numeric) {
      case DECLARED -> rewrite(type, typmod, scope, SemanticTypes.MONEY, new DebeziumNumbers());
      case STRING -> rewrite(type, typmod, scope, ValueType.Simple.STRING, new DecimalAsText());
      case DOUBLE -> rewrite(type, typmod, scope, ValueType.Simple.DOUBLE, new MoneyAsDouble());
    };
  }

  private ColumnMapping temporal(
      PgType type, int typmod, MappingScope scope, ValueType millis, ValueType micros) {
    int digits = typmod < 0 ? MOST_DIGITS : typmod;
    ValueType written = digits <= DebeziumTimes.MILLIS_DIGITS ? millis : micros;
    return rewrite(type, typmod, scope, written, new DebeziumTimes(digits));
  }

  /** Has values that Debezium has no form for. */
  private static ColumnMapping atTheEdge(ColumnMapping mapping) {
    return new ColumnMapping(
        mapping.valueType(), mapping.text(), mapping.binary(), ColumnMapping.Special.AT_THE_EDGE);
  }

  private ColumnMapping rewrite(
      PgType type, int typmod, MappingScope scope, ValueType written, ForwardingWriter writer) {
    return Rewriting.of(super.plain(type, typmod, scope), written, writer);
  }

  private static ColumnMapping text(ValueType written) {
    return new ColumnMapping(written, Rewriting.text(false).text(), null);
  }

  private static ColumnMapping bits(int length) {
    return length == 1
        ? new ColumnMapping(ValueType.Simple.BOOLEAN, new BitsText.Single(), null)
        : new ColumnMapping(
            SemanticTypes.bits(length < 0 ? Integer.MAX_VALUE : length), new BitsText(), null);
  }

  /** For types that differ in their name alone. */
  private static final class Unchanged extends ForwardingWriter {}
}
