package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The closed list of connection parameters, by libpq's names (PostgreSQL manual, 32.1.2). Nothing
 * outside it reaches the driver, whose own parameters can load classes and write files.
 */
enum ConnectionParameter {
  HOST("host", "PGHOST"),
  PORT("port", "PGPORT"),
  DBNAME("dbname", "PGDATABASE"),
  USER("user", "PGUSER"),
  PASSWORD("password", "PGPASSWORD"),
  PASSFILE("passfile", "PGPASSFILE"),
  CONNECT_TIMEOUT("connect_timeout", "PGCONNECT_TIMEOUT"),
  APPLICATION_NAME("application_name", "PGAPPNAME"),
  FALLBACK_APPLICATION_NAME("fallback_application_name", null),
  TARGET_SESSION_ATTRS(
      "target_session_attrs",
      "PGTARGETSESSIONATTRS",
      "any",
      "read-write",
      "read-only",
      "primary",
      "standby",
      "prefer-standby"),
  LOAD_BALANCE_HOSTS("load_balance_hosts", "PGLOADBALANCEHOSTS", "disable", "random"),
  SSLMODE(
      "sslmode", "PGSSLMODE", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
  SSLNEGOTIATION("sslnegotiation", "PGSSLNEGOTIATION", "postgres", "direct"),
  SSLROOTCERT("sslrootcert", "PGSSLROOTCERT"),
  SSLCERT("sslcert", "PGSSLCERT"),
  SSLKEY("sslkey", "PGSSLKEY"),
  SSLPASSWORD("sslpassword", null),
  CHANNEL_BINDING("channel_binding", "PGCHANNELBINDING", "disable", "prefer", "require"),
  REQUIRE_AUTH("require_auth", "PGREQUIREAUTH"),
  GSSENCMODE("gssencmode", "PGGSSENCMODE", "disable", "prefer", "require"),
  OPTIONS("options", "PGOPTIONS"),
  KEEPALIVES("keepalives", null, "0", "1"),
  CLIENT_ENCODING("client_encoding", null, "auto", "UTF8", "utf8", "UTF-8", "utf-8");

  /** Parameters of libpq that have no counterpart, and why. */
  private static final Map<String, String> WITHOUT_COUNTERPART =
      Map.ofEntries(
          Map.entry("hostaddr", "Give the address as host."),
          Map.entry("service", "Service files are not read; write the parameters themselves."),
          Map.entry("servicefile", "Service files are not read; write the parameters themselves."),
          Map.entry("replication", "Leave it out: the pump chooses it for each connection."),
          Map.entry("keepalives_idle", "Set it in the operating system; keepalives=1 is on."),
          Map.entry("keepalives_interval", "Set it in the operating system; keepalives=1 is on."),
          Map.entry("keepalives_count", "Set it in the operating system; keepalives=1 is on."),
          Map.entry("sslcrl", "Revocation lists are not read; leave it out."),
          Map.entry("sslcrldir", "Revocation lists are not read; leave it out."),
          Map.entry("requiressl", "Write sslmode=require."),
          Map.entry("krbsrvname", "Kerberos is not supported; leave it out."),
          Map.entry("tcp_user_timeout", "Set it in the operating system; leave it out."));

  private final String libpqName;
  private final @Nullable String environmentName;
  private final List<String> words;

  ConnectionParameter(String libpqName, @Nullable String environmentName, String... words) {
    this.libpqName = libpqName;
    this.environmentName = environmentName;
    this.words = List.of(words);
  }

  String libpqName() {
    return libpqName;
  }

  /** The {@code PG*} variable that fills it. */
  Optional<String> environmentName() {
    return Optional.ofNullable(environmentName);
  }

  /**
   * @param mayBeSecret whether the name may be a piece of a password that was not quoted
   */
  static ConnectionParameter named(String name, boolean mayBeSecret) throws OptionValueException {
    List<String> known = new ArrayList<>();
    for (ConnectionParameter parameter : values()) {
      if (parameter.libpqName.equals(name)) {
        return parameter;
      }
      known.add(parameter.libpqName);
    }
    String reason = WITHOUT_COUNTERPART.get(name);
    if (reason != null) {
      throw new OptionValueException("connection parameter " + name + " is not supported", reason);
    }
    boolean plain = !mayBeSecret && name.matches("[A-Za-z_]{1,40}");
    throw new OptionValueException(
        "connection parameter " + (plain ? OneLine.quote(name) : Secrets.HIDDEN) + " is unknown",
        NearestName.suggestion(name, known, "", "Known are: " + String.join(", ", known) + "."));
  }

  boolean isSecret() {
    return this == PASSWORD || this == SSLPASSWORD;
  }

  /** Refuses a word that the parameter does not take. */
  void check(String value) throws OptionValueException {
    if (!words.isEmpty() && !words.contains(value)) {
      throw new OptionValueException(
          libpqName + " " + OneLine.quote(value) + " is not one of " + String.join(", ", words),
          NearestName.suggestion(value, words, "", "Choose one of these words."));
    }
  }
}
