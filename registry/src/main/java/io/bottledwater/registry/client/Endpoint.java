package io.bottledwater.registry.client;

import io.bottledwater.config.RegistryUrl;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The base of one registry as requests need it; fit for logs. */
final class Endpoint {
  private final String base;
  private final String hostPort;
  private final @Nullable String authorization;

  Endpoint(RegistryUrl url) {
    URI uri = url.base();
    int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    this.base = uri.toString();
    this.hostPort = uri.getHost() + ":" + port;
    this.authorization = url.user() == null ? null : basic(url.user(), url.password());
  }

  private static String basic(String user, @Nullable String password) {
    String credentials = user + ":" + (password == null ? "" : password);
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
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
