package io.bottledwater.encode;

/**
 * Brings an output format. Found by {@link java.util.ServiceLoader}: a jar that names its
 * implementation in {@code META-INF/services/io.bottledwater.encode.FormatProvider} adds a format.
 * The implementation needs a public constructor without parameters.
 */
public interface FormatProvider {
  /**
   * The name on the command line, for instance {@code avro}: lower case letters, digits, dashes.
   */
  String name();

  OutputFormat create(FormatSettings settings);
}
