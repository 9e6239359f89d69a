package io.bottledwater.examples.thrift;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.bottledwater.encode.Formats;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import io.bottledwater.value.ValueType.Simple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.junit.jupiter.api.Test;

/** What was written, read back with libthrift. */
class ThriftFormatTest {
  @Test
  void isFoundByItsName() {
    assertThat(Formats.onClassPath()).containsKeys("avro", "json", "protobuf", "thrift");
    assertThat(Formats.onClassPath().get("thrift")).isInstanceOf(ThriftProvider.class);
  }

  @Test
  void isReadByThrift() throws TException {
    ValueType.Struct point =
        new ValueType.Struct(
            "point", List.of("db"), List.of(new RowShape.Field("x", Simple.INT, true, "int")));
    ValueType sum = new ValueType.OneOf(List.of(new ValueType.Decimal(5, 2), Simple.STRING));
    RowWriter out =
        new ThriftProvider()
            .writerFor(
                shape(
                    Simple.BOOLEAN,
                    Simple.INT,
                    Simple.TIMESTAMPTZ,
                    Simple.DOUBLE,
                    Simple.STRING,
                    new ValueType.Decimal(5, 2),
                    Simple.UUID,
                    Simple.STRING,
                    new ValueType.Enumeration("e", List.of("db"), List.of("a", "b")),
                    new ValueType.ListOf(point),
                    new ValueType.MapOf(new ValueType.ListOf(Simple.LONG)),
                    new ValueType.ListOf(sum),
                    sum,
                    point));
    // Twice, since memory is used again.
    write(out);
    assertThat(read(write(out)))
        .containsExactly(
            entry(1, true),
            entry(2, -7),
            entry(3, Long.MIN_VALUE),
            entry(4, 0.5),
            entry(5, "é"),
            entry(6, "-0.05"),
            entry(7, "00000000-0000-0001-0000-000000000002"),
            entry(9, "b"),
            entry(10, List.of(Map.of(1, Map.of(1, 1)), Map.of(), Map.of(1, Map.of(1, 2)))),
            entry(11, Map.of("k", Map.of(1, List.of(Map.of(1, 5L), Map.of())), "n", Map.of())),
            entry(12, List.of(Map.of(1, Map.of(2, "NaN")), Map.of())),
            entry(13, Map.of(1, "1.00")),
            entry(14, Map.of(1, 3)));
  }

  private static byte[] write(RowWriter out) {
    byte[] text = "NaNékn".getBytes(UTF_8);
    List<Runnable> values =
        List.of(
            () -> out.writeBoolean(true),
            () -> out.writeInt(-7),
            () -> out.writeTimestampTz(Long.MIN_VALUE),
            () -> out.writeDouble(0.5),
            () -> out.writeString(text, 3, 2),
            () -> out.writeDecimal(-5, 2),
            () -> out.writeUuid(1, 2),
            out::writeNull,
            () -> out.writeEnum(1),
            () -> {
              out.beginList(3);
              point(out, 1);
              out.writeNull();
              point(out, 2);
              out.endList();
            },
            () -> {
              out.beginMap(2);
              out.key(text, 5, 1);
              out.beginList(2);
              out.writeLong(5);
              out.writeNull();
              out.endList();
              out.key(text, 6, 1);
              out.writeNull();
              out.endMap();
            },
            () -> {
              out.beginList(2);
              out.alternative(1);
              out.writeString(text, 0, 3);
              out.writeNull();
              out.endList();
            },
            () -> {
              out.alternative(0);
              out.writeDecimal(100, 2);
            },
            () -> point(out, 3));
    out.begin();
    for (int i = 0; i < values.size(); i++) {
      out.field(i);
      values.get(i).run();
    }
    return out.finish();
  }

  private static void point(RowWriter out, int x) {
    out.beginStruct();
    out.field(0);
    out.writeInt(x);
    out.endStruct();
  }

  private static RowShape shape(ValueType... types) {
    List<RowShape.Field> fields = new ArrayList<>();
    for (ValueType type : types) {
      fields.add(new RowShape.Field("c" + fields.size(), type, false, "t"));
    }
    return new RowShape("t", false, "t", List.of("db"), fields);
  }

  private static Map<Integer, Object> read(byte[] bytes) throws TException {
    TMemoryInputTransport transport = new TMemoryInputTransport(bytes);
    Map<Integer, Object> row = struct(new TCompactProtocol(transport));
    assertThat(transport.getBytesRemainingInBuffer()).isZero();
    return row;
  }

  private static Map<Integer, Object> struct(TProtocol in) throws TException {
    Map<Integer, Object> fields = new LinkedHashMap<>();
    in.readStructBegin();
    for (TField field = in.readFieldBegin(); field.type != TType.STOP; ) {
      fields.put((int) field.id, value(in, field.type));
      in.readFieldEnd();
      field = in.readFieldBegin();
    }
    in.readStructEnd();
    return fields;
  }

  private static Object value(TProtocol in, byte type) throws TException {
    switch (type) {
      case TType.BOOL:
        return in.readBool();
      case TType.I32:
        return in.readI32();
      case TType.I64:
        return in.readI64();
      case TType.DOUBLE:
        return in.readDouble();
      case TType.STRING:
        return in.readString();
      case TType.STRUCT:
        return struct(in);
      case TType.LIST:
        TList head = in.readListBegin();
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < head.size; i++) {
          list.add(value(in, head.elemType));
        }
        return list;
      case TType.MAP:
        TMap mapHead = in.readMapBegin();
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < mapHead.size; i++) {
          Object key = value(in, mapHead.keyType);
          map.put(key, value(in, mapHead.valueType));
        }
        return map;
      default:
        throw new AssertionError("type " + type);
    }
  }
}
