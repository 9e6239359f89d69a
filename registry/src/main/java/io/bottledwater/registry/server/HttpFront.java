package io.bottledwater.registry.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between Jetty and the API: guards, reads the body, hands over to bounded workers, writes the
 * answer. Jetty's own threads never wait for a client or for Kafka, so that {@code /health} answers
 * while workers are stuck.
 */
final class HttpFront extends Handler.Abstract.NonBlocking {
  private static final Logger log = LoggerFactory.getLogger(HttpFront.class);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int MAX_DISCARDED_BYTES = 8 << 20;
  private static final ObjectMapper json = new ObjectMapper();

  private final RestApi api;
  private final BooleanSupplier healthy;
  private final Executor readers;
  private final Executor writers;
  private final ConnectionWatch connections;

  /**
   * @param readers run requests that are answered from memory
   * @param writers run requests that may wait for Kafka; both reject what they cannot queue
   */
  HttpFront(
      RestApi api,
      BooleanSupplier healthy,
      Executor readers,
      Executor writers,
      ConnectionWatch connections) {
    this.api = api;
    this.healthy = healthy;
    this.readers = readers;
    this.writers = writers;
    this.connections = connections;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Connection connection = request.getConnectionMetaData().getConnection();
    Exchange exchange = new Exchange(request, response, callback, connection);
    connections.readingBody(connection);
    Request.addCompletionListener(request, failure -> connections.answered(connection));

    RegistryError refusal = RequestGuard.refusal(request);
    if (refusal != null) {
      exchange.failUnread(refusal);
    } else if ("/health".equals(request.getHttpURI().getPath())) {
      boolean up = healthy.getAsBoolean();
      exchange.write(
          up ? 200 : 503, JsonNodeFactory.instance.objectNode().put("status", up ? "up" : "down"));
    } else if (request.getLength() > MAX_DISCARDED_BYTES
        || (request.getLength() > MAX_BODY_BYTES
            && request.getHeaders().contains(HttpHeader.EXPECT))) {
      exchange.failUnread(tooLarge());
    } else {
      new BodyReader(request, MAX_BODY_BYTES, MAX_DISCARDED_BYTES, body -> read(exchange, body))
          .run();
    }
    return true;
  }

  private void read(Exchange exchange, BodyReader.Body body) {
    connections.working(exchange.connection);
    byte[] bytes = body.bytes();
    if (body.failure() != null) {
      // Jetty logs no stack trace for this one: a client that goes away is no fault of ours.
      exchange.callback.failed(new EofException(body.failure()));
    } else if (bytes == null) {
      exchange.fail(tooLarge());
    } else {
      try {
        RestCall call = call(exchange.request, bytes);
        (waitsForKafka(call) ? writers : readers).execute(() -> run(exchange, call));
      } catch (RegistryError e) {
        exchange.fail(e);
      } catch (RejectedExecutionException e) {
        exchange.fail(new RegistryError(503, 503, "The registry is busy; try again"));
      }
    }
  }

  private static boolean waitsForKafka(RestCall call) {
    return switch (call.method()) {
      case "PUT", "DELETE" -> true;
      case "POST" -> call.path().size() == 3;
      default -> false;
    };
  }

  private void run(Exchange exchange, RestCall call) {
    try {
      exchange.write(200, api.answer(call));
    } catch (RegistryError e) {
      exchange.fail(e);
    } catch (RuntimeException e) {
      log.error("A request to the schema registry failed.", e);
      exchange.fail(new RegistryError(500, 50001, "Error in the backend data store"));
    }
  }

  private static RestCall call(Request request, byte[] body) {
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    return new RestCall(method, path(request), query(request), body);
  }

  /** Splits before decoding, so that an encoded slash belongs to its segment. */
  private static List<String> path(Request request) {
    List<String> segments = new ArrayList<>();
    String path = request.getHttpURI().getPath();
    String[] parts = path == null ? new String[0] : path.split("/", -1);
    for (int i = 1; i < parts.length; i++) {
      boolean trailingSlash = i == parts.length - 1 && parts[i].isEmpty();
      if (!trailingSlash) {
        segments.add(decode(parts[i]));
      }
    }
    return segments;
  }

  private static String decode(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RegistryError(400, 400, "HTTP 400 Bad Request");
    }
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new HashMap<>();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        query.put(field.getName(), field.getValue());
      }
    } catch (BadMessageException | IllegalArgumentException | IllegalStateException e) {
      throw new RegistryError(400, 400, "HTTP 400 Bad Request");
    }
    return query;
  }

  private static RegistryError tooLarge() {
    return new RegistryError(413, 413, "The request is larger than 1 MB");
  }

  private static ByteBuffer body(JsonNode node) {
    try {
      return ByteBuffer.wrap(json.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode error(int code, String message) {
    return JsonNodeFactory.instance.objectNode().put("error_code", code).put("message", message);
  }

  private static void write(Response response, int status, JsonNode node, Callback callback) {
    ByteBuffer body = body(node);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.write(true, body, callback);
  }

  /** A request that has to be answered once, from whatever thread. */
  private final class Exchange {
    final Request request;
    final Response response;
    final Callback callback;
    final Connection connection;

    Exchange(Request request, Response response, Callback callback, Connection connection) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.connection = connection;
    }

    void write(int status, JsonNode node) {
      connections.answering(connection);
      HttpFront.write(response, status, node, callback);
    }

    void fail(RegistryError error) {
      write(error.status(), error(error.code(), error.text()));
    }

    /** Answers before the body has come; the rest of it is not waited for. */
    void failUnread(RegistryError error) {
      if (request.getLength() != 0) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
      }
      fail(error);
    }
  }

  /** What Jetty itself refuses, such as a malformed head, in the API's form of an error. */
  static final class Errors extends ErrorHandler {
    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        @Nullable String message,
        @Nullable Throwable cause,
        Callback callback) {
      HttpFront.write(response, code, error(code, "HTTP " + code), callback);
    }
  }
}
