package io.bottledwater.registry.server;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a web page in the user's browser could send: a name that an attacker's DNS points at
 * loopback, a request from another origin, a form. The registry listens on loopback only.
 */
final class RequestGuard {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");
  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "application/vnd.schemaregistry.v1+json",
          "application/vnd.schemaregistry+json",
          "application/json");

  private RequestGuard() {}

  /** The refusal, or null for a request that may pass. */
  static @Nullable RegistryError refusal(Request request) {
    String host = Request.getServerName(request);
    if (host == null || !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
      return new RegistryError(421, 421, "This registry serves loopback addresses only");
    }
    if (SAFE_METHODS.contains(request.getMethod())) {
      return null;
    }
    if (isForeign(request)) {
      return new RegistryError(403, 403, "Requests from other origins are refused");
    }
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type != null
        && !MEDIA_TYPES.contains(
            HttpField.getValueParameters(type, null).toLowerCase(Locale.ROOT))) {
      return new RegistryError(415, 415, "HTTP 415 Unsupported Media Type");
    }
    return null;
  }

  private static boolean isForeign(Request request) {
    String site = request.getHeaders().get("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return true;
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String host = request.getHeaders().get(HttpHeader.HOST);
    return origin != null && !origin.equalsIgnoreCase("http://" + host);
  }
}
