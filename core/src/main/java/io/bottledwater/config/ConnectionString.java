package io.bottledwater.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Takes a connection string apart: a {@code postgres://} URI or libpq's {@code key=value} list
 * (PostgreSQL manual, 32.1.1). Messages never show the text, for any part may be a password.
 */
final class ConnectionString {
  private static final String KEY_VALUE_ADVICE =
      "Write key=value pairs with spaces between; put a value with spaces in single quotes.";
  private static final String URI_ADVICE = "Write postgres://user:password@host:port/database.";

  private final Map<ConnectionParameter, String> parameters =
      new EnumMap<>(ConnectionParameter.class);

  private ConnectionString() {}

  /** The parameters that the text holds. */
  static Map<ConnectionParameter, String> parse(String text) throws OptionValueException {
    ConnectionString parsed = new ConnectionString();
    if (text.indexOf('\0') >= 0) {
      throw new OptionValueException("the text holds a zero byte", "Remove it.");
    }
    String trimmed = text.strip();
    if (trimmed.startsWith("postgres://")) {
      parsed.readUri(trimmed.substring("postgres://".length()));
    } else if (trimmed.startsWith("postgresql://")) {
      parsed.readUri(trimmed.substring("postgresql://".length()));
    } else if (trimmed.matches("(?s)[A-Za-z][A-Za-z0-9+.:-]*://.*")) {
      throw new OptionValueException("the URI's scheme is not postgres", URI_ADVICE);
    } else {
      parsed.readKeyValues(text);
    }
    return parsed.parameters;
  }

  private void readUri(String rest) throws OptionValueException {
    // The last raw '@' before the parameters ends the user and password, so that a password pasted
    // with '@' or '/' in it works; a database's name writes '@' as %40.
    int query = rest.indexOf('?');
    int at = rest.lastIndexOf('@', query < 0 ? rest.length() : query);
    if (at < 0
        && query >= 0
        && rest.indexOf('@', query) >= 0
        && rest.lastIndexOf(':', query) >= 0) {
      // Either host:port?application_name=a@b or a raw '?' in a password.
      String before = rest.substring(rest.lastIndexOf(':', query) + 1, query);
      if (!before.matches("[0-9]*(/.*)?|[0-9a-fA-F.]*\\](/.*)?")) {
        at = rest.lastIndexOf('@');
        query = rest.indexOf('?', at);
      }
    }
    if (at >= 0) {
      String userInfo = rest.substring(0, at);
      int colon = userInfo.indexOf(':');
      put(ConnectionParameter.USER, colon < 0 ? userInfo : userInfo.substring(0, colon), "user");
      if (colon >= 0) {
        put(ConnectionParameter.PASSWORD, userInfo.substring(colon + 1), "password");
      }
    }
    String address = rest.substring(at + 1, query < 0 ? rest.length() : query);
    int slash = address.indexOf('/');
    readHosts(slash < 0 ? address : address.substring(0, slash));
    if (slash >= 0) {
      put(ConnectionParameter.DBNAME, address.substring(slash + 1), "database");
    }
    if (query >= 0 && query + 1 < rest.length()) {
      readQuery(rest.substring(query + 1));
    }
  }

  private void readHosts(String authority) throws OptionValueException {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String item : authority.split(",", -1)) {
      int portAt = item.indexOf(':', item.startsWith("[") ? Math.max(item.indexOf(']'), 0) : 0);
      String host = portAt < 0 ? item : item.substring(0, portAt);
      if (host.startsWith("[")) {
        if (!host.endsWith("]")) {
          throw new OptionValueException(
              "an IPv6 address is not closed by a bracket", "Write postgres://user@[::1]:5432/db.");
        }
        host = host.substring(1, host.length() - 1);
      } else if (portAt >= 0 && item.indexOf(':', portAt + 1) >= 0) {
        throw new OptionValueException(
            "a host has more than one colon",
            "Put an IPv6 address in brackets; percent-encode a password's special characters.");
      }
      if (portAt + 1 == item.length() && portAt >= 0) {
        throw new OptionValueException("a port is empty", "Write a port after the colon.");
      }
      hosts.add(host);
      ports.add(portAt < 0 ? "" : item.substring(portAt + 1));
    }
    if (hosts.stream().anyMatch(host -> !host.isEmpty())) {
      put(ConnectionParameter.HOST, String.join(",", hosts), "host");
    }
    if (ports.stream().anyMatch(port -> !port.isEmpty())) {
      put(ConnectionParameter.PORT, String.join(",", ports), "port");
    }
  }

  private void readQuery(String query) throws OptionValueException {
    // With '@' in it, this may be the rest of a password that has a raw '?'.
    boolean afterSecret = query.indexOf('@') >= 0;
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new OptionValueException(
            "a parameter after the question mark has no name or no value", "Write ?name=value.");
      }
      String name = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      if (name.equals("ssl") && value.equals("true")) {
        name = "sslmode";
        value = "require";
      }
      ConnectionParameter parameter = ConnectionParameter.named(name, afterSecret);
      afterSecret = parameter.isSecret();
      put(parameter, value, name);
    }
  }

  private void put(ConnectionParameter parameter, String encoded, String what)
      throws OptionValueException {
    if (encoded.isEmpty()) {
      return;
    }
    putDecoded(parameter, PercentCoding.decode(encoded, what));
  }

  private void putDecoded(ConnectionParameter parameter, String value) throws OptionValueException {
    if (parameters.putIfAbsent(parameter, value) != null) {
      throw new OptionValueException(
          parameter.libpqName() + " is given twice", "Write each parameter once.");
    }
  }

  private void readKeyValues(String text) throws OptionValueException {
    boolean afterSecret = false;
    int i = 0;
    while (true) {
      i = skipSpace(text, i);
      if (i == text.length()) {
        return;
      }
      int start = i;
      while (i < text.length() && text.charAt(i) != '=' && !isSpace(text.charAt(i))) {
        i++;
      }
      String name = text.substring(start, i);
      i = skipSpace(text, i);
      if (i == text.length() || text.charAt(i) != '=') {
        throw new OptionValueException(
            "no equals sign follows the word at character " + (start + 1), KEY_VALUE_ADVICE);
      }
      i = skipSpace(text, i + 1);
      StringBuilder value = new StringBuilder();
      i =
          i < text.length() && text.charAt(i) == '\''
              ? quoted(text, i, value)
              : bare(text, i, value);
      ConnectionParameter parameter = ConnectionParameter.named(name, afterSecret);
      afterSecret = parameter.isSecret();
      // As in libpq, an empty value is as good as none.
      if (value.length() > 0) {
        putDecoded(parameter, value.toString());
      }
    }
  }

  private static int bare(String text, int from, StringBuilder value) {
    int i = from;
    while (i < text.length() && !isSpace(text.charAt(i))) {
      if (text.charAt(i) == '\\' && ++i == text.length()) {
        break;
      }
      value.append(text.charAt(i++));
    }
    return i;
  }

  private static int quoted(String text, int open, StringBuilder value)
      throws OptionValueException {
    int i = open + 1;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '\'') {
        return i;
      }
      if (c == '\\' && i < text.length()) {
        c = text.charAt(i++);
      }
      value.append(c);
    }
    throw new OptionValueException(
        "the quote at character " + (open + 1) + " is not closed", KEY_VALUE_ADVICE);
  }

  private static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** As C's isspace. */
  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
