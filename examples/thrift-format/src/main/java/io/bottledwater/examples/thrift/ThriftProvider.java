package io.bottledwater.examples.thrift;

import io.bottledwater.encode.FormatProvider;
import io.bottledwater.encode.FormatSettings;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import org.apache.thrift.TException;

/** Thrift's compact protocol; named in {@code META-INF/services}. */
public final class ThriftProvider implements FormatProvider, OutputFormat {
  @Override
  public String name() {
    return "thrift";
  }

  @Override
  public OutputFormat create(FormatSettings settings) {
    return this;
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    try {
      return new ThriftRowWriter(
          new ValueType.Struct(shape.name(), shape.namespace(), shape.fields()));
    } catch (TException e) {
      throw new IllegalStateException(e);
    }
  }
}
