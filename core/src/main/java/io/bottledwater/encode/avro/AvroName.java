package io.bottledwater.encode.avro;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names as Avro allows them, and Protobuf too. Each byte of the name's UTF-8 outside {@code
 * [A-Za-z0-9_]}, and a leading digit, becomes {@code _xx_}, its hexadecimal value.
 */
public final class AvroName {
  private AvroName() {}

  public static String safe(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    StringBuilder safe = new StringBuilder(bytes.length + 8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xFF);
      if (isLetter(c) || (isDigit(c) && i > 0)) {
        safe.append(c);
      } else {
        safe.append('_');
        safe.append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xF, 16));
        safe.append('_');
      }
    }
    return safe.toString();
  }

  /**
   * Safe names of the fields of one record, all different. A name that is safe already stays as it
   * is; of the others, one whose safe form is taken gets {@code __2}, {@code __3}, ... in the
   * fields' order.
   */
  public static String[] distinct(List<String> names) {
    Set<String> taken = new HashSet<>();
    for (String name : names) {
      if (name.equals(safe(name))) {
        taken.add(name);
      }
    }
    String[] result = new String[names.size()];
    for (int i = 0; i < result.length; i++) {
      String name = names.get(i);
      String safe = safe(name);
      result[i] = safe.equals(name) ? safe : free(safe, taken);
    }
    return result;
  }

  private static String free(String safe, Set<String> taken) {
    String candidate = safe;
    for (int n = 2; !taken.add(candidate); n++) {
      candidate = safe + "__" + n;
    }
    return candidate;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
