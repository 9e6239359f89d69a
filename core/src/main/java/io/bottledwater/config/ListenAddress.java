package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.Optional;

/**
 * An address to listen on.
 *
 * @param host name or literal address; an IPv6 address without brackets
 * @param port 0 for any free one, at most 65535
 */
public record ListenAddress(String host, int port) {
  private static final String OFF = "off";

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return bracketedHost() + ":" + port;
  }

  /** As it stands in URLs and lists of addresses. */
  public String bracketedHost() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** Reads {@code host:port} or {@code [v6]:port}; both parts are required. */
  public static ListenAddress parse(String text) throws OptionValueException {
    String stripped = text.strip();
    int colon = stripped.lastIndexOf(':');
    if (colon <= 0 || stripped.endsWith("]")) {
      throw new OptionValueException(
          OneLine.quote(text) + " is not an address to listen on",
          "Write HOST:PORT, for instance 127.0.0.1:0 for any free port.");
    }
    String port = stripped.substring(colon + 1);
    HostPort host = HostPort.parse(stripped.substring(0, colon), HostPort.KAFKA_PORT);
    return new ListenAddress(host.host(), port.matches("0{1,5}") ? 0 : HostPort.parsePort(port));
  }

  /** As {@link #parse}; nothing for {@code off}. */
  public static Optional<ListenAddress> parseOrOff(String text) throws OptionValueException {
    return text.strip().equals(OFF) ? Optional.empty() : Optional.of(parse(text));
  }
}
