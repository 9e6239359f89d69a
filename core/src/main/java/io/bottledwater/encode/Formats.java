package io.bottledwater.encode;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The output formats on the class path, by their names. */
public final class Formats {
  private Formats() {}

  /**
   * @throws BottledWaterException {@code BW-USAGE} when a jar's provider cannot be loaded or two
   *     have the same name
   */
  public static Map<String, FormatProvider> onClassPath() {
    Map<String, FormatProvider> formats = new TreeMap<>();
    Iterator<FormatProvider> providers = ServiceLoader.load(FormatProvider.class).iterator();
    try {
      while (providers.hasNext()) {
        FormatProvider provider = providers.next();
        FormatProvider other = formats.putIfAbsent(provider.name(), provider);
        if (other != null) {
          throw new BottledWaterException(
              ErrorCode.USAGE,
              "Two output formats are called "
                  + provider.name()
                  + ": "
                  + other.getClass().getName()
                  + " and "
                  + provider.getClass().getName()
                  + ".",
              "Take one of them off the class path (BOTTLEDWATER_CLASSPATH).",
              null);
        }
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new BottledWaterException(
          ErrorCode.USAGE,
          "An output format on the class path cannot be loaded: " + e.getMessage() + ".",
          "Mend or take away the jar (BOTTLEDWATER_CLASSPATH), and add the libraries it needs.",
          e);
    }
    return formats;
  }
}
