package io.bottledwater.encode;

import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Lsn;
import io.bottledwater.postgres.Relation;
import io.bottledwater.record.Topic;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.TypeMappings;
import io.bottledwater.type.ValueDecoder;
import io.bottledwater.value.MalformedValueException;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.SpecialValueException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be decided about a relation before its first row: topic, schemas, decoders.
 * What is left for each row is to move bytes. One thread only.
 */
final class RelationPlan {
  private final Relation relation;
  private final Topic topic;
  private final ValueDecoder[] text;
  private final @Nullable ValueDecoder[] binary;
  private final int[] valueColumns;
  private final int[] keyColumns;
  private final RowWriter value;
  private final @Nullable RowWriter key;

  private RelationPlan(
      Relation relation,
      Topic topic,
      ColumnMapping[] mappings,
      RowWriter value,
      @Nullable RowWriter key) {
    this.relation = relation;
    this.topic = topic;
    this.value = value;
    this.key = key;
    int size = mappings.length;
    this.text = new ValueDecoder[size];
    this.binary = new @Nullable ValueDecoder[size];
    this.valueColumns = new int[size];
    for (int i = 0; i < size; i++) {
      text[i] = mappings[i].text();
      binary[i] = mappings[i].binary();
      valueColumns[i] = i;
    }
    this.keyColumns = relation.keyColumns().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * @param topicName the relation's topic
   * @param namespace {@code [prefix.]database.schema}
   */
  static RelationPlan compile(
      Relation relation,
      String topicName,
      List<String> namespace,
      TypeMappings types,
      OutputFormat format) {
    List<Column> columns = relation.columns();
    ColumnMapping[] mappings = new ColumnMapping[columns.size()];
    for (int i = 0; i < mappings.length; i++) {
      Column column = columns.get(i);
      mappings[i] = types.map(column.type(), column.typmod());
    }
    List<RowShape.Field> valueFields = new ArrayList<>();
    for (int i = 0; i < mappings.length; i++) {
      valueFields.add(field(columns.get(i), mappings[i], false));
    }
    List<RowShape.Field> keyFields = new ArrayList<>();
    for (int i : relation.keyColumns()) {
      keyFields.add(field(columns.get(i), mappings[i], true));
    }
    RowWriter key =
        keyFields.isEmpty()
            ? null
            : format.writerFor(
                new RowShape(topicName, true, relation.name(), namespace, keyFields));
    RowWriter value =
        format.writerFor(new RowShape(topicName, false, relation.name(), namespace, valueFields));
    return new RelationPlan(relation, new Topic(topicName, key != null), mappings, value, key);
  }

  private static RowShape.Field field(Column column, ColumnMapping mapping, boolean required) {
    return new RowShape.Field(column.name(), mapping.valueType(), required, column.typeName());
  }

  Topic topic() {
    return topic;
  }

  BitSet binaryColumns() {
    BitSet columns = new BitSet(binary.length);
    for (int i = 0; i < binary.length; i++) {
      columns.set(i, binary[i] != null);
    }
    return columns;
  }

  /** The key's bytes, or null when the relation is unkeyed. */
  byte @Nullable [] key(Tuple row, long lsn) {
    return key == null ? null : write(key, row, null, keyColumns, lsn);
  }

  /**
   * The value's bytes.
   *
   * @param toast holds the fields that are unchanged TOAST in {@code row}, or null
   */
  byte[] value(Tuple row, @Nullable Tuple toast, long lsn) {
    return write(value, row, toast, valueColumns, lsn);
  }

  /** Whether all the fields that {@code row} leaves out are present in {@code other}. */
  static boolean completes(Tuple row, @Nullable Tuple other) {
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == Tuple.UNCHANGED && (other == null || other.kind(i) < Tuple.TEXT)) {
        return false;
      }
    }
    return true;
  }

  private byte[] write(RowWriter out, Tuple row, @Nullable Tuple toast, int[] columns, long lsn) {
    int column = 0;
    try {
      out.begin();
      for (int i = 0; i < columns.length; i++) {
        column = columns[i];
        out.field(i);
        Tuple source = row;
        if (row.kind(column) == Tuple.UNCHANGED && toast != null) {
          source = toast;
        }
        writeField(out, source, column, lsn);
      }
      return out.finish();
    } catch (MalformedValueException e) {
      throw failure(ErrorCode.VALUE_MALFORMED, "is " + e.getMessage(), column, lsn, e);
    } catch (SpecialValueException e) {
      throw failure(ErrorCode.VALUE_SPECIAL, "holds " + e.getMessage(), column, lsn, e);
    }
  }

  private void writeField(RowWriter out, Tuple source, int column, long lsn) {
    switch (source.kind(column)) {
      case Tuple.NULL -> out.writeNull();
      case Tuple.TEXT ->
          text[column].decode(source.buffer(), source.offset(column), source.length(column), out);
      case Tuple.BINARY -> {
        ValueDecoder decoder = binary[column];
        if (decoder == null) {
          throw failure(
              ErrorCode.WIRE, "came in binary form, which nobody asked for", column, lsn, null);
        }
        decoder.decode(source.buffer(), source.offset(column), source.length(column), out);
      }
      default ->
          throw failure(
              ErrorCode.TOAST_UNCHANGED,
              "holds a large value that was not sent",
              column,
              lsn,
              null);
    }
  }

  private BottledWaterException failure(
      ErrorCode code, String what, int column, long lsn, @Nullable Throwable cause) {
    Column c = relation.columns().get(column);
    return new BottledWaterException(
        code,
        "Column "
            + relation.qualifiedName()
            + "."
            + c.name()
            + " ("
            + c.typeName()
            + ") "
            + what
            + ", transaction at "
            + Lsn.format(lsn)
            + ".",
        cause);
  }
}
