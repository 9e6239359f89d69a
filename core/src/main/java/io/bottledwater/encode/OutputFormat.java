package io.bottledwater.encode;

import io.bottledwater.value.RowShape;

/** An encoding of keys and values. */
public interface OutputFormat {
  /** The name on the command line, for instance {@code avro}. */
  String name();

  /** Whether keys and values are text that can be shown as it is. */
  default boolean isText() {
    return false;
  }

  /**
   * Prepares the writing of rows of one shape; this is where a schema is built and registered.
   *
   * @return a writer for one thread
   */
  RowWriter writerFor(RowShape shape);
}
