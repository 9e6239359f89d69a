package io.bottledwater.config;

import java.util.Locale;
import java.util.Set;

/** Decides what of a configuration may be shown. */
public final class Secrets {
  /** What stands in place of a secret. */
  public static final String HIDDEN = "[hidden]";

  private static final Set<String> MARKS =
      Set.of("password", "secret", "jaas", "token", "credential", "user.info", "passphrase");

  private Secrets() {}

  /** The value of a property, or {@link #HIDDEN} when the name says that it is a secret. */
  public static String show(String name, String value) {
    return isSecret(name) ? HIDDEN : value;
  }

  /** Whether a property's name says that its value is a secret. */
  public static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".key")
        || lower.endsWith(".pem")
        || MARKS.stream().anyMatch(lower::contains);
  }
}
