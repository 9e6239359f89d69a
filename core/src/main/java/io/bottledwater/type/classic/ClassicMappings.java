package io.bottledwater.type.classic;

import io.bottledwater.postgres.PgType;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NumericAsDouble;
import io.bottledwater.type.Rewriting;
import io.bottledwater.type.SpecialValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.TypeOptions;
import io.bottledwater.value.ValueType;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * Bottled Water's types: helper records for dates and times, doubles for numerics, minor units for
 * money, and the output function's text for everything that it did not know. Immutable and thread
 * safe; the mappings that it hands out belong to one thread each.
 */
public final class ClassicMappings extends TypeMappings {
  private static final int BOOL = 16;
  private static final int BYTEA = 17;
  private static final int NAME = 19;
  private static final int INT8 = 20;
  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int REGPROC = 24;
  private static final int TEXT = 25;
  private static final int OID = 26;
  private static final int XID = 28;
  private static final int CID = 29;
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
  private static final int NUMERIC = 1700;

  private final ZoneRules zone;

  /**
   * @param zone of the server, in which it would show a {@code timestamptz}
   * @param specialValues not {@code STRING}, for which Bottled Water's schemas have no place
   */
  public ClassicMappings(ZoneRules zone, SpecialValues specialValues) {
    super(TypeOptions.of(specialValues), List.of());
    this.zone = zone;
  }

  @Override
  protected ColumnMapping plain(PgType type, int typmod, MappingScope scope) {
    if (!type.isBuiltIn()) {
      return Rewriting.text(false);
    }
    return switch ((int) type.oid()) {
      case BOOL, INT2, INT4, INT8, OID, XID, CID, FLOAT4, FLOAT8, BYTEA ->
          super.plain(type, typmod, scope);
      case REGPROC ->
          new ColumnMapping(
              ValueType.Simple.LONG, new RegprocText(), null, ColumnMapping.Special.POSSIBLE);
      case NUMERIC ->
          Rewriting.of(
              super.plain(type, -1, scope),
              ValueType.Simple.DOUBLE,
              new NumericAsDouble(),
              ColumnMapping.Special.AT_THE_EDGE);
      case MONEY ->
          Rewriting.of(
              super.plain(type, typmod, scope), ValueType.Simple.LONG, new MoneyAsMinorUnits());
      case DATE -> temporal(type, scope, ClassicTypes.DATE);
      case TIMESTAMP -> temporal(type, scope, ClassicTypes.DATE_TIME);
      case TIMESTAMPTZ -> temporal(type, scope, ClassicTypes.DATE_TIME_TZ);
      case TIME -> temporal(type, scope, ValueType.Simple.LONG);
      case TIMETZ -> temporal(type, scope, ClassicTypes.TIME_TZ);
      case INTERVAL ->
          Rewriting.of(
              super.plain(type, -1, scope),
              ClassicTypes.INTERVAL,
              new ClassicTimes(new ZoneOffsets(zone)),
              ColumnMapping.Special.AT_THE_EDGE);
      case TEXT, VARCHAR, BPCHAR, NAME -> Rewriting.text(true);
      default -> Rewriting.text(false);
    };
  }

  private ColumnMapping temporal(PgType type, MappingScope scope, ValueType written) {
    return Rewriting.of(
        super.plain(type, -1, scope), written, new ClassicTimes(new ZoneOffsets(zone)));
  }
}
