package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * A network address.
 *
 * @param host name or literal address; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
  /** Kafka's port when an address names none. */
  public static final int KAFKA_PORT = 9092;

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * Reads {@code host}, {@code host:port} or {@code [v6]:port}, several with commas.
   *
   * @param defaultPort used where the text names none
   */
  public static List<HostPort> parseList(String text, int defaultPort) throws OptionValueException {
    List<HostPort> hosts = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      HostPort host = parse(item.strip(), defaultPort);
      if (hosts.contains(host)) {
        throw new OptionValueException(host + " is listed twice", "Write each address once.");
      }
      hosts.add(host);
    }
    return List.copyOf(hosts);
  }

  static HostPort parse(String text, int defaultPort) throws OptionValueException {
    if (text.isEmpty()) {
      throw new OptionValueException(
          "an address is empty", "Write host:port, several with commas.");
    }
    if (text.contains("://") || text.contains("@")) {
      throw new OptionValueException(
          "an address is written as a URL", "Write host:port without a scheme, user or path.");
    }
    int portAt;
    String host;
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      host = end < 0 ? "" : text.substring(1, end);
      if (!isIpV6(host) || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
        throw new OptionValueException(
            OneLine.quote(text) + " is not an IPv6 address in brackets", "Write [::1]:9092.");
      }
      portAt = end + 1 < text.length() ? end + 1 : -1;
    } else {
      portAt = text.indexOf(':');
      if (portAt >= 0 && text.indexOf(':', portAt + 1) >= 0) {
        throw new OptionValueException(
            OneLine.quote(text) + " has more than one colon",
            "Write host:port; an IPv6 address in brackets, [::1]:9092.");
      }
      host = portAt < 0 ? text : text.substring(0, portAt);
      checkName(host);
    }
    return new HostPort(host, portAt < 0 ? defaultPort : parsePort(text.substring(portAt + 1)));
  }

  static int parsePort(String text) throws OptionValueException {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = digits && text.length() <= 5 ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      throw new OptionValueException(
          "port " + OneLine.quote(text) + " is not a number from 1 to 65535",
          "Write the port after the host, as in host:" + KAFKA_PORT + ".");
    }
    return port;
  }

  static void checkName(String host) throws OptionValueException {
    boolean legal =
        !host.isEmpty()
            && host.length() <= 253
            && host.chars()
                .allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_');
    if (!legal) {
      throw new OptionValueException(
          OneLine.quote(host) + " is not a host name", "Write a host name or an IP address.");
    }
  }

  static boolean isIpV6(String text) {
    int zone = text.indexOf('%');
    String address = zone < 0 ? text : text.substring(0, zone);
    return address.length() <= 45
        && address.indexOf(':') != address.lastIndexOf(':')
        && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
  }
}
