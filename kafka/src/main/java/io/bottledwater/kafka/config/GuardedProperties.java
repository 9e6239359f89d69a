package io.bottledwater.kafka.config;

import io.bottledwater.config.OptionValueException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Refuses properties with which the pump could not keep its promises, or that run foreign code. */
final class GuardedProperties {
  private static final String OURS = "The pump sets it; leave it out.";

  /** Properties that users may not set at all, and why. */
  private static final Map<String, String> CLOSED =
      Map.ofEntries(
          Map.entry("key.serializer", OURS),
          Map.entry("value.serializer", OURS),
          Map.entry("transactional.id", "The pump derives it from the slot; leave it out."),
          Map.entry("transaction.two.phase.commit.enable", OURS),
          Map.entry("partitioner.class", "Use --partitioner."),
          Map.entry("partitioner.ignore.keys", "Records of one key must stay in one partition."),
          Map.entry("interceptor.classes", "An interceptor could change or drop records."),
          Map.entry(
              "config.providers",
              "Use ${NAME} in the configuration file for values from outside."));

  /** Properties of which only some values keep the promises. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "acks", Set.of("all", "-1"),
          "enable.idempotence", Set.of("true"),
          "max.in.flight.requests.per.connection", Set.of("1", "2", "3", "4", "5"));

  private static final List<String> URLS =
      List.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.jwks.endpoint.url");

  private GuardedProperties() {}

  static boolean isClosed(String name) {
    return CLOSED.containsKey(name);
  }

  /** The values that may be set, when not all of the type may. */
  static Optional<String> allowed(String name) {
    return Optional.ofNullable(ALLOWED.get(name)).map(GuardedProperties::words);
  }

  /**
   * @param name Kafka's name
   */
  static void check(String name, String value) throws OptionValueException {
    String reason = CLOSED.get(name);
    if (reason != null) {
      throw new OptionValueException(name + " may not be set", reason);
    }
    Set<String> allowed = ALLOWED.get(name);
    if (allowed != null && !allowed.contains(value.toLowerCase(Locale.ROOT))) {
      throw new OptionValueException(
          name + " may only be " + words(allowed),
          "With another value records could be lost, repeated or reordered; leave it out.");
    }
    if (name.equals("retries") && value.equals("0")) {
      throw new OptionValueException(
          "retries may not be 0", "Bound the time with delivery.timeout.ms instead.");
    }
    if (URLS.contains(name)) {
      checkUrl(name, value);
    }
    if (name.equals("sasl.jaas.config")) {
      checkJaas(value);
    }
  }

  private static String words(Set<String> values) {
    return String.join(" or ", values.stream().sorted().toList());
  }

  private static void checkUrl(String name, String value) throws OptionValueException {
    String scheme;
    try {
      scheme = String.valueOf(URI.create(value).getScheme()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      scheme = "";
    }
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new OptionValueException(
          name + " is not an https:// URL", "A token is read from a server, never from a file.");
    }
  }

  /** Login modules that look names up in a directory fetch and run what an attacker names there. */
  private static void checkJaas(String value) throws OptionValueException {
    for (String entry : value.split(";")) {
      String module = entry.strip().split("\\s+", 2)[0];
      String lower = module.toLowerCase(Locale.ROOT);
      if (lower.contains("jndi") || lower.contains("ldap")) {
        throw new OptionValueException(
            "sasl.jaas.config names a JNDI or LDAP login module",
            "Use one of Kafka's own modules, such as ScramLoginModule.");
      }
    }
  }
}
