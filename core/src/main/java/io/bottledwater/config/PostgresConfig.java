package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL is and how to log in, by libpq's rules (PostgreSQL manual, 32.1), ready for the
 * JDBC driver. Immutable. No method but {@link #password} and {@link #jdbcProperties} gives away a
 * secret.
 */
public final class PostgresConfig {
  private static final int DEFAULT_PORT = 5432;
  private static final int DEFAULT_CONNECT_TIMEOUT_SECONDS = 10;
  private static final String DEFAULT_APPLICATION_NAME = "bottledwater";

  private final List<HostPort> hosts;
  private final String database;
  private final String user;
  private final @Nullable String password;
  private final Map<ConnectionParameter, String> parameters;
  private final int connectTimeoutSeconds;

  private PostgresConfig(
      List<HostPort> hosts,
      String database,
      String user,
      @Nullable String password,
      Map<ConnectionParameter, String> parameters,
      int connectTimeoutSeconds) {
    this.hosts = List.copyOf(hosts);
    this.database = database;
    this.user = user;
    this.password = password;
    this.parameters = parameters;
    this.connectTimeoutSeconds = connectTimeoutSeconds;
  }

  /**
   * Reads a connection string and fills what is missing from the environment, the password file and
   * the defaults.
   *
   * @param text a {@code postgres://} URI or {@code key=value} pairs
   * @param environment for the {@code PG*} variables
   * @param home for {@code .pgpass}
   * @param osUser the default user, as in libpq
   * @param warnings takes a sentence for each thing that was ignored
   */
  public static PostgresConfig parse(
      String text,
      Map<String, String> environment,
      Path home,
      String osUser,
      Consumer<String> warnings)
      throws OptionValueException {
    Map<ConnectionParameter, String> given = new EnumMap<>(ConnectionParameter.class);
    given.putAll(ConnectionString.parse(text));
    Map<ConnectionParameter, String> origins = fillFromEnvironment(given, environment);
    for (Map.Entry<ConnectionParameter, String> entry : given.entrySet()) {
      naming(origins.get(entry.getKey()), () -> entry.getKey().check(entry.getValue()));
    }
    if (environment.containsKey("PGSERVICE")) {
      warnings.accept("PGSERVICE is ignored: service files are not read.");
    }
    String hostOrigin = origins.get(ConnectionParameter.HOST);
    String portOrigin = origins.get(ConnectionParameter.PORT);
    List<HostPort> hosts =
        readHosts(given, hostOrigin == null ? portOrigin : hostOrigin, portOrigin);
    String user = given.getOrDefault(ConnectionParameter.USER, osUser);
    String database = given.getOrDefault(ConnectionParameter.DBNAME, user);
    int timeout = readConnectTimeout(given, origins.get(ConnectionParameter.CONNECT_TIMEOUT));
    findRootCertificate(given, home);
    checkCertificates(given, origins);
    String password = given.get(ConnectionParameter.PASSWORD);
    if (password == null) {
      String passfile = given.get(ConnectionParameter.PASSFILE);
      Path file = passfile == null ? home.resolve(".pgpass") : Path.of(passfile);
      password = findPassword(PasswordFile.read(file, warnings), hosts, database, user);
    }
    return new PostgresConfig(hosts, database, user, password, given, timeout);
  }

  /** As {@link #parse} from the surroundings of this process. */
  public static PostgresConfig parse(
      String text, Map<String, String> environment, Consumer<String> warnings)
      throws OptionValueException {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
    String osUser = System.getProperty("user.name", "postgres");
    return parse(text, environment, Path.of(home), osUser, warnings);
  }

  /** In the order in which they are tried; at least one. */
  public List<HostPort> hosts() {
    return hosts;
  }

  public String database() {
    return database;
  }

  public String user() {
    return user;
  }

  /** None when nothing names one, for instance with certificates or trust. */
  public Optional<String> password() {
    return Optional.ofNullable(password);
  }

  /** How long to wait for one host; 0 means for ever. */
  public int connectTimeoutSeconds() {
    return connectTimeoutSeconds;
  }

  /** {@code host:port/database} for messages; several hosts with commas. */
  public String describe() {
    return OneLine.escape(
        hosts.stream().map(HostPort::toString).collect(Collectors.joining(",")) + "/" + database);
  }

  /** The URI without password. */
  public String withoutSecrets() {
    String sslmode = parameters.getOrDefault(ConnectionParameter.SSLMODE, "prefer");
    return "postgres://" + OneLine.escape(user) + "@" + describe() + "?sslmode=" + sslmode;
  }

  @Override
  public String toString() {
    return withoutSecrets();
  }

  /** The driver's URL: hosts and database, nothing else. */
  public String jdbcUrl() {
    return "jdbc:postgresql://"
        + hosts.stream().map(HostPort::toString).collect(Collectors.joining(","))
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  /** A new set of the driver's properties, without those that make a replication connection. */
  public Properties jdbcProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    // The driver looks for a password file of its own, whatever its mode, when it is given none.
    properties.setProperty("password", password == null ? "" : password);
    properties.setProperty("ApplicationName", applicationName());
    properties.setProperty("connectTimeout", Integer.toString(connectTimeoutSeconds));
    // A server that accepts the connection but never answers must not hold the start up for ever.
    properties.setProperty(
        "loginTimeout", Integer.toString(Math.multiplyExact(connectTimeoutSeconds, hosts.size())));
    properties.setProperty("socketTimeout", "0");
    properties.setProperty(
        "tcpKeepAlive",
        Boolean.toString(!"0".equals(parameters.get(ConnectionParameter.KEEPALIVES))));
    properties.setProperty("targetServerType", targetServerType());
    boolean random = "random".equals(parameters.get(ConnectionParameter.LOAD_BALANCE_HOSTS));
    properties.setProperty("loadBalanceHosts", Boolean.toString(random));
    putTls(properties);
    copy(ConnectionParameter.CHANNEL_BINDING, properties, "channelBinding");
    copy(ConnectionParameter.REQUIRE_AUTH, properties, "requireAuth");
    copy(ConnectionParameter.GSSENCMODE, properties, "gssEncMode");
    copy(ConnectionParameter.OPTIONS, properties, "options");
    return properties;
  }

  private String applicationName() {
    String fallback =
        parameters.getOrDefault(
            ConnectionParameter.FALLBACK_APPLICATION_NAME, DEFAULT_APPLICATION_NAME);
    return parameters.getOrDefault(ConnectionParameter.APPLICATION_NAME, fallback);
  }

  private String targetServerType() {
    return switch (parameters.getOrDefault(ConnectionParameter.TARGET_SESSION_ATTRS, "any")) {
      case "read-write", "primary" -> "primary";
      case "read-only", "standby" -> "secondary";
      case "prefer-standby" -> "preferSecondary";
      default -> "any";
    };
  }

  private void putTls(Properties properties) {
    String rootCertificate = parameters.get(ConnectionParameter.SSLROOTCERT);
    String mode = parameters.get(ConnectionParameter.SSLMODE);
    if ("system".equals(rootCertificate)) {
      properties.setProperty("sslmode", "verify-full");
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    } else {
      // As in libpq, "require" with a root certificate verifies against it.
      boolean verifies = "require".equals(mode) && rootCertificate != null;
      properties.setProperty("sslmode", mode == null ? "prefer" : verifies ? "verify-ca" : mode);
      copy(ConnectionParameter.SSLROOTCERT, properties, "sslrootcert");
    }
    copy(ConnectionParameter.SSLCERT, properties, "sslcert");
    copy(ConnectionParameter.SSLKEY, properties, "sslkey");
    copy(ConnectionParameter.SSLPASSWORD, properties, "sslpassword");
    copy(ConnectionParameter.SSLNEGOTIATION, properties, "sslNegotiation");
  }

  private void copy(ConnectionParameter parameter, Properties properties, String driverName) {
    String value = parameters.get(parameter);
    if (value != null) {
      properties.setProperty(driverName, value);
    }
  }

  /** Fills what is missing and tells which variable each such value came from. */
  private static Map<ConnectionParameter, String> fillFromEnvironment(
      Map<ConnectionParameter, String> given, Map<String, String> environment) {
    // A list of hosts in the text and a list of ports in the environment would not fit together.
    boolean hostGiven = given.containsKey(ConnectionParameter.HOST);
    Map<ConnectionParameter, String> origins = new EnumMap<>(ConnectionParameter.class);
    for (ConnectionParameter parameter : ConnectionParameter.values()) {
      String name = parameter.environmentName().orElse(null);
      String value = name == null ? null : environment.get(name);
      boolean foreignPorts =
          parameter == ConnectionParameter.PORT
              && hostGiven
              && value != null
              && value.indexOf(',') >= 0;
      if (name != null
          && value != null
          && !value.isEmpty()
          && !foreignPorts
          && !given.containsKey(parameter)) {
        given.put(parameter, value);
        origins.put(parameter, name);
      }
    }
    return origins;
  }

  private static List<HostPort> readHosts(
      Map<ConnectionParameter, String> given,
      @Nullable String hostOrigin,
      @Nullable String portOrigin)
      throws OptionValueException {
    String[] names = given.getOrDefault(ConnectionParameter.HOST, "").split(",", -1);
    String[] ports = given.getOrDefault(ConnectionParameter.PORT, "").split(",", -1);
    if (ports.length != 1 && ports.length != names.length) {
      throw new OptionValueException(
          named(portOrigin, ports.length + " ports are given for " + names.length + " hosts"),
          "Give one port for all hosts, or one for each.");
    }
    List<HostPort> hosts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String name = names[i].isEmpty() ? "localhost" : names[i];
      naming(hostOrigin, () -> checkHost(name));
      String port = ports[ports.length == 1 ? 0 : i];
      int[] number = {DEFAULT_PORT};
      if (!port.isEmpty()) {
        naming(portOrigin, () -> number[0] = readPort(port));
      }
      hosts.add(new HostPort(name, number[0]));
    }
    return hosts;
  }

  private static int readPort(String text) throws OptionValueException {
    try {
      return HostPort.parsePort(text);
    } catch (OptionValueException refused) {
      // In postgres://user:password, where the host was forgotten, the password stands for a port.
      throw new OptionValueException(
          text.length() <= 5 ? refused.why() : "the port is not a number from 1 to 65535",
          "Write the port after the host, as in postgres://user@host:5432/db.");
    }
  }

  private static void checkHost(String name) throws OptionValueException {
    if (name.startsWith("/") || name.startsWith("@")) {
      throw new OptionValueException(
          "host " + OneLine.quote(name) + " is a Unix socket, which the JVM's driver cannot use",
          "Use host=localhost, and listen_addresses in the server.");
    }
    if (!HostPort.isIpV6(name)) {
      HostPort.checkName(name);
    }
  }

  private static int readConnectTimeout(
      Map<ConnectionParameter, String> given, @Nullable String origin) throws OptionValueException {
    String text = given.get(ConnectionParameter.CONNECT_TIMEOUT);
    int[] seconds = {DEFAULT_CONNECT_TIMEOUT_SECONDS};
    if (text != null) {
      naming(
          origin,
          () -> {
            if (!text.matches("-?[0-9]{1,5}")) {
              throw new OptionValueException(
                  "connect_timeout " + OneLine.quote(text) + " is not a number of seconds",
                  "Write whole seconds, for instance 10; 0 waits for ever.");
            }
            seconds[0] = Math.max(0, Integer.parseInt(text));
          });
    }
    return seconds[0];
  }

  /** libpq's rule: the default file counts when certificates matter and it exists. */
  private static void findRootCertificate(Map<ConnectionParameter, String> given, Path home)
      throws OptionValueException {
    String mode = given.getOrDefault(ConnectionParameter.SSLMODE, "prefer");
    boolean verifies = mode.startsWith("verify-");
    if (given.containsKey(ConnectionParameter.SSLROOTCERT)
        || !(verifies || mode.equals("require"))) {
      return;
    }
    Path file = home.resolve(".postgresql").resolve("root.crt");
    if (isReadable(file.toString())) {
      given.put(ConnectionParameter.SSLROOTCERT, file.toString());
    } else if (verifies) {
      throw new OptionValueException(
          "sslmode " + mode + " needs a root certificate, and " + file + " does not exist",
          "Add sslrootcert=FILE, or sslrootcert=system for Java's own list of authorities.");
    }
  }

  private static void checkCertificates(
      Map<ConnectionParameter, String> given, Map<ConnectionParameter, String> origins)
      throws OptionValueException {
    String rootCertificate = given.get(ConnectionParameter.SSLROOTCERT);
    String mode = given.get(ConnectionParameter.SSLMODE);
    if ("system".equals(rootCertificate) && mode != null && !mode.equals("verify-full")) {
      throw new OptionValueException(
          "sslmode " + mode + " is too weak for sslrootcert=system", "Use sslmode=verify-full.");
    }
    if ("disable".equals(mode)) {
      return;
    }
    for (ConnectionParameter parameter :
        List.of(
            ConnectionParameter.SSLROOTCERT,
            ConnectionParameter.SSLCERT,
            ConnectionParameter.SSLKEY)) {
      String file = given.get(parameter);
      boolean system = parameter == ConnectionParameter.SSLROOTCERT && "system".equals(file);
      if (file != null && !system && !isReadable(file)) {
        throw new OptionValueException(
            named(
                origins.get(parameter),
                parameter.libpqName()
                    + " "
                    + OneLine.quote(file)
                    + " is not a file that can be read"),
            "Name an existing file.");
      }
    }
  }

  private static boolean isReadable(String file) {
    Path path = Path.of(file);
    return Files.isRegularFile(path) && Files.isReadable(path);
  }

  private static @Nullable String findPassword(
      PasswordFile file, List<HostPort> hosts, String database, String user)
      throws OptionValueException {
    Set<String> passwords = new HashSet<>();
    boolean missing = false;
    for (HostPort host : hosts) {
      Optional<String> found = file.find(host, database, user);
      found.ifPresent(passwords::add);
      missing |= found.isEmpty();
    }
    if (passwords.size() > 1 || (missing && !passwords.isEmpty())) {
      throw new OptionValueException(
          "the password file has not the same password for every host",
          "The driver sends one password to all hosts: make them equal, or name one host.");
    }
    return passwords.isEmpty() ? null : passwords.iterator().next();
  }

  private interface Check {
    void run() throws OptionValueException;
  }

  /** Adds the variable at fault to a complaint about a value that the text did not hold. */
  private static void naming(@Nullable String origin, Check check) throws OptionValueException {
    try {
      check.run();
    } catch (OptionValueException refused) {
      throw new OptionValueException(named(origin, refused.why()), refused.advice());
    }
  }

  private static String named(@Nullable String origin, String why) {
    return origin == null ? why : why + " (from " + origin + ")";
  }
}
