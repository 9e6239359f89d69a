package io.bottledwater.registry.client;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One base URL of a schema registry, its credentials taken out of the text. {@link #toString} and
 * {@link #hostPort} are fit for logs.
 */
final class RegistryUrl {
  private final String base;
  private final String hostPort;
  private final @Nullable String authorization;

  private RegistryUrl(String base, String hostPort, @Nullable String authorization) {
    this.base = base;
    this.hostPort = hostPort;
    this.authorization = authorization;
  }

  /**
   * Reads one or more URLs separated by commas.
   *
   * @throws BottledWaterException {@code BW-USAGE}, which counts the URLs and never quotes them
   */
  static List<RegistryUrl> parseAll(String urls) {
    List<RegistryUrl> parsed = new ArrayList<>();
    // A comma inside a password must not split, so only one before a scheme does.
    for (String url : urls.trim().split(",(?=\\s*[a-zA-Z]+://)", -1)) {
      parsed.add(parse(stripTrailing(url.trim(), ','), parsed.size() + 1));
    }
    return List.copyOf(parsed);
  }

  private static RegistryUrl parse(String url, int ordinal) {
    int schemeEnd = url.indexOf("://");
    String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused(ordinal, "does not begin with http:// or https://.");
    }
    String rest = url.substring(schemeEnd + 3);
    // The last @ ends the credentials: passwords with raw @, / or # are common in practice.
    int at = rest.lastIndexOf('@');
    if (at >= 0 && rest.substring(0, at).split(":", 2)[0].contains(",")) {
      throw refused(ordinal, "is followed by one that does not begin with http:// or https://.");
    }
    String authorization = at < 0 ? null : basic(rest.substring(0, at));
    URI uri;
    try {
      uri = new URI(scheme + "://" + stripTrailing(rest.substring(at + 1), '/'));
    } catch (URISyntaxException e) {
      // The parser's own text quotes its input.
      throw refused(ordinal, "is not a valid URL.");
    }
    if (uri.getHost() == null || uri.getPort() > 65535 || uri.getPort() == 0) {
      throw refused(ordinal, "has no valid host and port; a host name has no underscore.");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw refused(ordinal, "has a query or a fragment.");
    }
    int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return new RegistryUrl(uri.toString(), uri.getHost() + ":" + port, authorization);
  }

  private static String basic(String userInfo) {
    byte[] decoded = percentDecode(userInfo);
    return "Basic " + Base64.getEncoder().encodeToString(decoded);
  }

  /** Decodes what is percent-encoded and leaves a lone percent sign as it is. */
  private static byte[] percentDecode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toByteArray();
  }

  private static String stripTrailing(String text, char unwanted) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == unwanted) {
      end--;
    }
    return text.substring(0, end);
  }

  private static BottledWaterException refused(int ordinal, String why) {
    return new BottledWaterException(
        ErrorCode.USAGE,
        "--schema-registry: URL number " + ordinal + " " + why,
        "Write it as https://user:password@host:port, several with commas between them.",
        null);
  }

  /**
   * @param path begins with a slash, already percent-encoded
   */
  URI resolve(String path) {
    return URI.create(base + path);
  }

  String hostPort() {
    return hostPort;
  }

  /** The value of the Authorization header, or null where the URL has no credentials. */
  @Nullable String authorization() {
    return authorization;
  }

  @Override
  public String toString() {
    return hostPort;
  }
}
