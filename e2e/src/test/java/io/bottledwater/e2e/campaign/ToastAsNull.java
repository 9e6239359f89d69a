package io.bottledwater.e2e.campaign;

import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RowWriter;
import io.bottledwater.value.RowShape;
import java.lang.reflect.Proxy;

/** Loses large values as if what is not in the WAL were NULL. */
final class ToastAsNull implements OutputFormat {
  private static final int LARGE = 2000;

  private final OutputFormat format;

  ToastAsNull(OutputFormat format) {
    this.format = format;
  }

  @Override
  public String name() {
    return format.name();
  }

  @Override
  public RowWriter writerFor(RowShape shape) {
    RowWriter writer = format.writerFor(shape);
    return (RowWriter)
        Proxy.newProxyInstance(
            RowWriter.class.getClassLoader(),
            new Class<?>[] {RowWriter.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("writeString")
                  && (int) arguments[arguments.length - 1] > LARGE) {
                writer.writeNull();
                return null;
              }
              return method.invoke(writer, arguments);
            });
  }
}
