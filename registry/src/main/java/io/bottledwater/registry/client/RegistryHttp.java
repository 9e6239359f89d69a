package io.bottledwater.registry.client;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one request to the first registry that answers it, and tries again with growing pauses
 * while none does. Thread safe.
 */
final class RegistryHttp {
  /** Far above a schema of the largest table that PostgreSQL allows (1600 columns). */
  static final int MAX_RESPONSE_BYTES = 8 << 20;

  static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

  private static final Logger log = LoggerFactory.getLogger(HttpSchemaRegistry.class);
  private static final long ATTEMPT_MILLIS = 10_000;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final List<Endpoint> urls;
  private final Duration totalLimit;
  private @Nullable HttpClient client;
  private volatile int preferred;

  RegistryHttp(List<Endpoint> urls, Duration totalLimit) {
    this.urls = urls;
    this.totalLimit = totalLimit;
  }

  // Made when it is first needed: it loads the trust store, and whoever writes JSON needs neither.
  private synchronized HttpClient http() {
    HttpClient made = client;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(Duration.ofSeconds(5))
              .build();
      client = made;
    }
    return made;
  }

  /**
   * Opens the client and a connection in the background: both take a tenth of a second, which the
   * first request need not wait for. Whether that succeeds, the first request says.
   */
  void warmUp() {
    Thread warming =
        new Thread(
            () -> {
              HttpRequest request =
                  request(urls.get(preferred), "GET", "/config", null, ATTEMPT_MILLIS);
              var unused = http().sendAsync(request, info -> new BoundedBody(MAX_RESPONSE_BYTES));
            },
            "bw-registry-warm-up");
    warming.setDaemon(true);
    warming.start();
  }

  /** What a registry answered, and which. The status is neither 5xx nor 429. */
  record Answer(String hostPort, int status, byte[] body) {}

  /**
   * @param path begins with a slash, already percent-encoded
   * @param body null for none
   * @throws BottledWaterException {@code BW-REGISTRY-UNREACHABLE} when the total limit is over
   */
  Answer exchange(String method, String path, byte @Nullable [] body) {
    long deadline = System.nanoTime() + totalLimit.toNanos();
    for (int round = 0; ; round++) {
      String failure = "";
      int first = preferred;
      for (int i = 0; i < urls.size(); i++) {
        int index = (first + i) % urls.size();
        Attempt attempt = attempt(urls.get(index), method, path, body, deadline);
        if (attempt.answer() != null) {
          preferred = index;
          return attempt.answer();
        }
        failure = urls.get(index).hostPort() + " " + attempt.failure();
        if (i + 1 < urls.size()) {
          log.warn("Schema registry {}; trying the next one.", failure);
        }
      }
      pause(round, deadline, failure);
    }
  }

  /** Either an answer, or why there is none: a clause that follows the registry's name. */
  private record Attempt(@Nullable Answer answer, String failure) {}

  private Attempt attempt(
      Endpoint url, String method, String path, byte @Nullable [] body, long deadlineNanos) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    long millis = Math.max(1, Math.min(ATTEMPT_MILLIS, left));
    CompletableFuture<HttpResponse<byte[]>> response =
        http()
            .sendAsync(
                request(url, method, path, body, millis),
                info -> new BoundedBody(MAX_RESPONSE_BYTES));
    try {
      // The client's own timeout ends with the headers; this one covers a dripping body too.
      HttpResponse<byte[]> answer = response.get(millis, TimeUnit.MILLISECONDS);
      int status = answer.statusCode();
      if (status >= 500 || status == 429) {
        return new Attempt(null, "answered HTTP " + status);
      }
      return new Attempt(new Answer(url.hostPort(), status, answer.body()), "");
    } catch (TimeoutException e) {
      response.cancel(true);
      return new Attempt(null, "did not answer within " + millis + " ms");
    } catch (ExecutionException e) {
      return new Attempt(null, describe(url, e));
    } catch (InterruptedException e) {
      response.cancel(true);
      throw interrupted(e);
    }
  }

  private static HttpRequest request(
      Endpoint url, String method, String path, byte @Nullable [] body, long timeoutMillis) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(Duration.ofMillis(timeoutMillis))
            .header("Accept", MEDIA_TYPE + ", application/json");
    if (url.authorization() != null) {
      request.header("Authorization", url.authorization());
    }
    if (body == null) {
      return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
    }
    return request
        .header("Content-Type", MEDIA_TYPE)
        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private static String describe(Endpoint url, ExecutionException failure) {
    boolean unresolved = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BoundedBody.TooLarge) {
        throw notARegistry(url.hostPort(), "its answer is larger than 8 MB", failure);
      }
      if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
        throw new BottledWaterException(
            ErrorCode.USAGE,
            "--schema-registry: the certificate of "
                + url.hostPort()
                + " is not trusted, has expired or is for another host.",
            "Use the name in the certificate, and add its authority to Java's trust store"
                + " (-Djavax.net.ssl.trustStore).",
            failure);
      }
      unresolved |= cause instanceof UnresolvedAddressException;
    }
    Throwable cause = failure.getCause();
    if (unresolved) {
      return "has a host name that is not known";
    }
    if (cause instanceof ConnectException) {
      return "does not accept connections";
    }
    if (cause instanceof HttpTimeoutException) {
      return "did not answer in time";
    }
    if (cause instanceof IOException) {
      return "broke the connection (" + cause.getClass().getSimpleName() + ")";
    }
    throw new BottledWaterException(
        ErrorCode.BUG, "A request to the schema registry " + url.hostPort() + " failed.", failure);
  }

  private void pause(int round, long deadlineNanos, String failure) {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(round, 10));
    long millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (millis >= left) {
      throw new BottledWaterException(
          ErrorCode.REGISTRY_UNREACHABLE,
          "Gave up on the schema registry "
              + urls.stream().map(Endpoint::hostPort).collect(Collectors.joining(", "))
              + " after "
              + totalLimit.toSeconds()
              + " s: "
              + failure
              + ".");
    }
    log.warn("Schema registry {}; trying again in {} ms.", failure, millis);
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private BottledWaterException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new BottledWaterException(
        ErrorCode.REGISTRY_UNREACHABLE,
        "Interrupted while waiting for the schema registry " + urls.get(preferred) + ".",
        e);
  }

  /** Somebody answers at that address, but not as a schema registry does. */
  static BottledWaterException notARegistry(
      String hostPort, String why, @Nullable Throwable cause) {
    return new BottledWaterException(
        ErrorCode.REGISTRY_UNREACHABLE,
        hostPort + " does not answer as a schema registry does: " + why + ".",
        "Check --schema-registry: its port, its path, and any proxy in between.",
        cause);
  }
}
