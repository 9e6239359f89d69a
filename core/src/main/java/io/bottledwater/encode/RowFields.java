package io.bottledwater.encode;

import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.PgType;
import io.bottledwater.postgres.Relation;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.MappingScope;
import io.bottledwater.type.NulledValues;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.SpecialValueException;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns of a relation and their decoders: writes the fields of a tuple into whatever is open
 * for them. One thread only.
 */
public final class RowFields {
  private static final Logger log = LoggerFactory.getLogger(RowFields.class);

  private static final ValueDecoder NULLED =
      new ValueDecoder() {
        @Override
        public void decode(byte[] bytes, int offset, int length, ValueWriter out) {
          out.writeNull();
        }
      };

  private final Relation relation;
  private final ColumnMapping[] mappings;
  private final ColumnRules.Treatment[] treatments;
  private final ValueDecoder[] text;
  private final @Nullable ValueDecoder[] binary;
  private final int[] valueColumns;
  private final int[] keyColumns;
  private final NulledValues nulled;
  private final boolean alterable;
  private long nulledBefore;

  private RowFields(
      Relation relation,
      ColumnMapping[] mappings,
      ColumnRules.Treatment[] treatments,
      NulledValues nulled) {
    this.relation = relation;
    this.nulled = nulled;
    this.alterable = Arrays.stream(mappings).anyMatch(m -> isAlterable(m.valueType()));
    this.mappings = mappings;
    this.treatments = treatments;
    int size = mappings.length;
    this.text = new ValueDecoder[size];
    this.binary = new @Nullable ValueDecoder[size];
    int[] shown = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      text[i] = mappings[i].text();
      binary[i] = mappings[i].binary();
      if (treatments[i] == ColumnRules.Treatment.NULL) {
        text[i] = NULLED;
        binary[i] = NULLED;
      }
      if (treatments[i] != ColumnRules.Treatment.EXCLUDE) {
        shown[count++] = i;
      }
    }
    this.valueColumns = Arrays.copyOf(shown, count);
    this.keyColumns = relation.keyColumns().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * @param rules which columns are left out or masked
   * @throws BottledWaterException {@code BW-COLUMN-RULE} when a rule would take the key away
   */
  static RowFields of(Relation relation, TypeMappings types, ColumnRules rules) {
    rules.checkKey(relation);
    List<Column> columns = relation.columns();
    NulledValues nulled = new NulledValues();
    MappingScope inKey = new MappingScope(types, true, nulled);
    MappingScope beside = new MappingScope(types, false, nulled);
    ColumnMapping[] mappings = new ColumnMapping[columns.size()];
    ColumnRules.Treatment[] treatments = new ColumnRules.Treatment[columns.size()];
    for (int i = 0; i < mappings.length; i++) {
      Column column = columns.get(i);
      MappingScope scope = relation.keyColumns().contains(i) ? inKey : beside;
      mappings[i] = rules.map(relation, i, scope.map(column.type(), column.typmod()));
      treatments[i] = rules.of(relation, i);
    }
    return new RowFields(relation, mappings, treatments, nulled);
  }

  private static boolean isAlterable(ValueType type) {
    if (type instanceof ValueType.ListOf list) {
      return isAlterable(list.element());
    }
    if (type instanceof ValueType.OneOf oneOf) {
      return oneOf.alternatives().stream().anyMatch(RowFields::isAlterable);
    }
    return type instanceof ValueType.Struct || type instanceof ValueType.Enumeration;
  }

  boolean hasAlterableTypes() {
    return alterable;
  }

  public Relation relation() {
    return relation;
  }

  /** One field: the column's name, what is written for it, its type in PostgreSQL. */
  public RowShape.Field field(int column, boolean required) {
    Column c = relation.columns().get(column);
    String pgType =
        switch (treatments[column]) {
          case KEEP, EXCLUDE, NULL -> c.typeName();
          case HASH, REDACT, TRUNCATE -> "text";
        };
    return new RowShape.Field(c.name(), mappings[column].valueType(), required, pgType);
  }

  /** The fields of a whole row, in column order, without those that are left out. */
  public List<RowShape.Field> valueFields() {
    return valueFields(false);
  }

  /**
   * The same.
   *
   * @param keyRequired whether fields of the key are required here too
   */
  public List<RowShape.Field> valueFields(boolean keyRequired) {
    List<RowShape.Field> fields = new ArrayList<>();
    for (int column : valueColumns) {
      fields.add(field(column, keyRequired && relation.keyColumns().contains(column)));
    }
    return fields;
  }

  /** The fields of the key, in index order; none when the relation is unkeyed. */
  public List<RowShape.Field> keyFields(boolean required) {
    return fields(keyColumns, required);
  }

  private List<RowShape.Field> fields(int[] columns, boolean required) {
    List<RowShape.Field> fields = new ArrayList<>();
    for (int column : columns) {
      fields.add(field(column, required));
    }
    return fields;
  }

  BitSet binaryColumns() {
    BitSet columns = new BitSet(binary.length);
    for (int i = 0; i < binary.length; i++) {
      columns.set(i, binary[i] != null);
    }
    return columns;
  }

  /**
   * A column that the stream must send as text, and its type; null when there is none. A row type
   * is one: what is inside it may have been altered since.
   */
  @Nullable String textColumn() {
    for (int i = 0; i < binary.length; i++) {
      PgType type = relation.columns().get(i).type();
      if (!isHidden(i) && (binary[i] == null || holdsRows(type))) {
        return relation.qualifiedName()
            + "."
            + relation.columns().get(i).name()
            + " ("
            + relation.columns().get(i).typeName()
            + ")";
      }
    }
    return null;
  }

  private static boolean holdsRows(PgType declared) {
    PgType type = declared.withoutDomains();
    return type.form() instanceof PgType.Form.Array array
        ? holdsRows(array.element())
        : type.form() instanceof PgType.Form.Composite;
  }

  BitSet hiddenColumns() {
    BitSet columns = new BitSet(treatments.length);
    for (int i = 0; i < treatments.length; i++) {
      columns.set(i, isHidden(i));
    }
    return columns;
  }

  void settle(Tuple row) {
    if (row.isComplete()) {
      return;
    }
    for (int i = 0; i < treatments.length; i++) {
      if (row.kind(i) == Tuple.UNCHANGED) {
        if (isHidden(i)) {
          row.set(i, Tuple.NULL, 0, 0);
        } else if (treatments[i] == ColumnRules.Treatment.REDACT) {
          row.set(i, Tuple.TEXT, 0, 0);
        }
      }
    }
  }

  private boolean isHidden(int column) {
    return treatments[column] == ColumnRules.Treatment.EXCLUDE
        || treatments[column] == ColumnRules.Treatment.NULL;
  }

  /**
   * Writes all fields, field 0 first.
   *
   * @param toast holds the fields that are unchanged TOAST in {@code row}, or null
   */
  public void writeValue(ValueWriter out, Tuple row, @Nullable Tuple toast, long lsn) {
    write(out, row, toast, valueColumns, lsn);
  }

  /** Writes the fields of the key, field 0 first. */
  public void writeKey(ValueWriter out, Tuple row, long lsn) {
    write(out, row, null, keyColumns, lsn);
  }

  private void write(ValueWriter out, Tuple row, @Nullable Tuple toast, int[] columns, long lsn) {
    int column = 0;
    try {
      for (int i = 0; i < columns.length; i++) {
        column = columns[i];
        out.field(i);
        Tuple source = row;
        if (toast != null && row.kind(column) == Tuple.UNCHANGED) {
          source = toast;
        }
        // Nearly all there is, so not left to a method that would be called for each.
        ValueDecoder decoder = binary[column];
        if (decoder != null && source.kind(column) == Tuple.BINARY) {
          decoder.decode(source.buffer(), source.offset(column), source.length(column), out);
        } else {
          writeField(out, source, column, lsn);
        }
        if (nulled.count() != nulledBefore) {
          reportNulled(column, lsn);
        }
      }
    } catch (MalformedValueException e) {
      throw failure(ErrorCode.VALUE_MALFORMED, "is " + e.getMessage(), column, lsn, e);
    } catch (SpecialValueException e) {
      throw failure(ErrorCode.VALUE_SPECIAL, "holds " + e.getMessage(), column, lsn, e);
    } catch (OutOfMemoryError e) {
      throw failure(ErrorCode.MEMORY, "is where the memory ends", column, lsn, e);
    }
  }

  private void writeField(ValueWriter out, Tuple source, int column, long lsn) {
    switch (source.kind(column)) {
      case Tuple.NULL -> out.writeNull();
      case Tuple.TEXT ->
          text[column].decode(source.buffer(), source.offset(column), source.length(column), out);
      case Tuple.BINARY ->
          throw failure(
              ErrorCode.WIRE, "came in binary form, which nobody asked for", column, lsn, null);
      default -> {
        if (treatments[column] != ColumnRules.Treatment.NULL) {
          throw failure(
              ErrorCode.TOAST_UNCHANGED,
              "holds a large value that was not sent",
              column,
              lsn,
              null);
        }
        out.writeNull();
      }
    }
  }

  private BottledWaterException failure(
      ErrorCode code, String what, int column, long lsn, @Nullable Throwable cause) {
    return new BottledWaterException(
        code,
        "Column " + describe(column) + " " + what + ", transaction at " + Lsn.format(lsn) + ".",
        cause);
  }

  private void reportNulled(int column, long lsn) {
    nulledBefore = nulled.count();
    if (Long.bitCount(nulledBefore) == 1) {
      log.warn(
          "Wrote null in place of {} in {}, transaction at {} ({} so far in this table).",
          nulled.last(),
          describe(column),
          Lsn.format(lsn),
          nulledBefore);
    }
  }

  /** Special values that became null. */
  long nulledValues() {
    return nulled.count();
  }

  /** {@code schema.table.column (type; key: columns)}. */
  private String describe(int column) {
    Column c = relation.columns().get(column);
    StringBuilder text = new StringBuilder(relation.qualifiedName());
    text.append('.').append(c.name()).append(" (").append(c.typeName());
    String separator = "; key: ";
    for (int k : keyColumns) {
      text.append(separator).append(relation.columns().get(k).name());
      separator = ", ";
    }
    return text.append(')').toString();
  }
}
