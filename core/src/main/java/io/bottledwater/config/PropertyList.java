package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Properties written as {@code P=V}, each once. */
final class PropertyList {
  private PropertyList() {}

  static Map<String, String> parse(List<String> texts) throws OptionValueException {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? "" : text.substring(0, equals).strip();
      if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
        throw new OptionValueException(
            "a property is not of the form P=V", "Write for instance linger.ms=5.");
      }
      if (properties.put(name, text.substring(equals + 1).strip()) != null) {
        throw new OptionValueException(
            "property " + OneLine.quote(name) + " is given twice", "Write each property once.");
      }
    }
    return Collections.unmodifiableMap(properties);
  }
}
