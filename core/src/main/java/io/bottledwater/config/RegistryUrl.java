package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema registry answers.
 *
 * @param base {@code http} or {@code https}, host, port and path; neither user nor trailing slash
 * @param user for basic authentication, decoded; null when the URL names none
 * @param password decoded; null when the URL has none
 */
public record RegistryUrl(URI base, @Nullable String user, @Nullable String password) {
  private static final String EXAMPLE = "Write for instance http://localhost:8081.";

  /** The address without the password. */
  @Override
  public String toString() {
    return base.toString();
  }

  /** Reads one URL, or several with commas. */
  public static List<RegistryUrl> parseList(String text) throws OptionValueException {
    List<RegistryUrl> urls = new ArrayList<>();
    // A comma inside a password must be percent-encoded; only one before a scheme separates.
    for (String item : text.strip().split(",(?=\\s*[A-Za-z][A-Za-z0-9+.-]*://)|,\\s*$", -1)) {
      urls.add(parse(item.strip()));
    }
    return List.copyOf(urls);
  }

  private static RegistryUrl parse(String text) throws OptionValueException {
    if (text.isEmpty()) {
      throw new OptionValueException("a registry URL is empty", EXAMPLE);
    }
    int schemeEnd = text.indexOf("://");
    String scheme = schemeEnd < 0 ? "" : text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new OptionValueException("a registry URL is neither http:// nor https://", EXAMPLE);
    }
    String rest = text.substring(schemeEnd + 3);
    int at = rest.lastIndexOf('@');
    String userInfo = at < 0 ? null : rest.substring(0, at);
    String address = stripTrailingSlashes(rest.substring(at + 1));
    if (address.indexOf('?') >= 0 || address.indexOf('#') >= 0) {
      throw new OptionValueException("a registry URL has a query or a fragment", EXAMPLE);
    }
    int pathAt = address.indexOf('/');
    HostPort host =
        HostPort.parse(
            pathAt < 0 ? address : address.substring(0, pathAt), scheme.equals("https") ? 443 : 80);
    URI base;
    try {
      base = new URI(scheme + "://" + address);
    } catch (URISyntaxException e) {
      throw new OptionValueException(
          "the registry URL for " + host + " has a character that a URL cannot hold", EXAMPLE);
    }
    if (base.getHost() == null) {
      throw new OptionValueException(
          OneLine.quote(host.host()) + " is not a host name that a URL can hold", EXAMPLE);
    }
    if (userInfo == null) {
      return new RegistryUrl(base, null, null);
    }
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? "" : userInfo.substring(colon + 1);
    return new RegistryUrl(
        base,
        PercentCoding.decode(user, "registry user"),
        PercentCoding.decode(password, "registry password"));
  }

  private static String stripTrailingSlashes(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
