package io.bottledwater.registry.server;

import static io.bottledwater.registry.server.RegistryFixture.JSON;
import static io.bottledwater.registry.server.RegistryFixture.record;
import static io.bottledwater.registry.server.RegistryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.registry.server.RegistryFixture.Reply;
import io.bottledwater.testkit.TestKafka;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BadInputTest {
  private static RegistryFixture registry;

  @BeforeAll
  static void start() {
    registry = new RegistryFixture();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @AfterEach
  void isStillAlive() throws Exception {
    assertThat(registry.get("/health").status()).isEqualTo(200);
    assertThat(registry.register("alive", "\"int\"").status()).isEqualTo(200);
  }

  @Test
  void refusesABodyOverOneMegabyte() throws Exception {
    String fits = request("\"int\"") + " ".repeat((1 << 20) - request("\"int\"").length());
    assertThat(registry.post("/subjects/large/versions", fits).status()).isEqualTo(200);

    assertThat(registry.post("/subjects/large/versions", fits + " ").status()).isEqualTo(413);
    assertThat(registry.post("/subjects/large/versions", " ".repeat(5 << 20)).status())
        .isEqualTo(413);
    HttpRequest chunked =
        HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/large/versions"))
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofString(fits + " ")))
            .build();
    assertThat(RegistryFixture.send(chunked).status()).isEqualTo(413);
    assertThat(
            raw(
                "POST /subjects/large/versions HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: 99999999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void refusesSchemasThatAreNestedTooDeep() throws Exception {
    String arrays =
        "{\"type\":\"array\",\"items\":".repeat(10_000) + "\"int\"" + "}".repeat(10_000);
    String brackets = "[".repeat(10_000) + "]".repeat(10_000);
    // Each record holds the one before it by name, so that the text itself is flat.
    StringBuilder named = new StringBuilder("[\"null\"");
    for (int i = 0; i < 10_000; i++) {
      named.append(",{\"type\":\"record\",\"name\":\"r").append(i);
      named.append("\",\"fields\":[{\"name\":\"f\",\"type\":\"");
      named.append(i == 0 ? "int" : "r" + (i - 1)).append("\"}]}");
    }
    named.append(']');

    refused(registry.register("deep", arrays), 422, 42201);
    refused(registry.register("deep", brackets), 422, 42201);
    refused(registry.post("/subjects/deep/versions", brackets), 422, 42201);
    refused(registry.post("/subjects/deep/versions", "{\"schema\":" + brackets + "}"), 422, 42201);
    refused(registry.post("/subjects/deep/versions", request("JSON", brackets)), 422, 42201);
    refused(registry.put("/config/deep", brackets), 422, 42203);
    refused(
        registry.post("/compatibility/subjects/deep/versions/latest", request(arrays)), 422, 42201);
    refused(registry.register("named", named.toString()), 422, 42201);
  }

  @Test
  void takesAnySubjectAsItStands() throws Exception {
    String[] subjects = {
      "..%2f",
      "..%2F..%2Fetc%2Fpasswd",
      "%2e%2e",
      "..",
      ".",
      "a;b=c",
      "a%3Bb",
      "%25",
      "%2525",
      "+",
      "%20x",
      "%0A",
      "%3Cscript%3E",
      "%5C..%5C",
      "%F0%9F%92%A7",
      "~!$&'()*,:@"
    };
    String[] decoded = {
      "../",
      "../../etc/passwd",
      "..",
      "..",
      ".",
      "a;b=c",
      "a;b",
      "%",
      "%25",
      "+",
      " x",
      "\n",
      "<script>",
      "\\..\\",
      "\ud83d\udca7",
      "~!$&'()*,:@"
    };
    int before = registry.get("/subjects").body().size();
    for (int i = 0; i < subjects.length; i++) {
      String body = request(record("r"));
      boolean blank = decoded[i].isBlank();
      String path = "/subjects/" + subjects[i] + "/versions";
      String reply =
          raw(
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
      assertThat(reply).as(subjects[i]).startsWith(blank ? "HTTP/1.1 422 " : "HTTP/1.1 200 ");
      if (!blank) {
        String found =
            raw("GET " + path + "/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(json(found).path("subject").textValue()).isEqualTo(decoded[i]);
      }
    }
    // Two of the names above are the same, and one is blank.
    assertThat(registry.get("/subjects").body().size()).isEqualTo(before + subjects.length - 2);
    assertThat(registry.get("/schemas/ids/1").status()).isEqualTo(200);
  }

  @Test
  void refusesForeignHostNames() throws Exception {
    for (String host :
        new String[] {
          "evil.example",
          "evil.example:" + registry.port(),
          "127.0.0.1.evil.example",
          "localhost.evil.example",
          "192.168.0.1",
          "[::2]",
          "xn--localhost"
        }) {
      assertThat(raw("GET /subjects HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 421 ");
    }
    assertThat(
            raw(
                "GET http://evil.example/subjects HTTP/1.1\r\nHost: evil.example\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ");
    assertThat(
            raw(
                "GET http://evil.example/subjects HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 4");
    for (String host :
        new String[] {"localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3", "[::1]"}) {
      assertThat(raw("GET /subjects HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void refusesWritesFromOtherOrigins() throws Exception {
    for (String[] header :
        new String[][] {
          {"Origin", "http://evil.example"},
          {"Origin", "null"},
          {"Origin", "http://127.0.0.1:1"},
          {"Origin", "https://127.0.0.1:" + registry.port()},
          {"Sec-Fetch-Site", "cross-site"},
          {"Sec-Fetch-Site", "same-site"}
        }) {
      assertThat(RegistryFixture.send(registration(header[0], header[1])).status())
          .as(header[1])
          .isEqualTo(403);
    }
    assertThat(RegistryFixture.send(registration("Origin", registry.url())).status())
        .isEqualTo(200);
    assertThat(RegistryFixture.send(registration("Content-Type", "text/plain")).status())
        .isEqualTo(415);
  }

  @Test
  void answersMalformedRequestsInItsOwnForm() throws Exception {
    for (String head :
        new String[] {
          "GET /subjects/%zz HTTP/1.1\r\nHost: localhost\r\n",
          "GET /subjects/%00/versions HTTP/1.1\r\nHost: localhost\r\n",
          "GET /subjects/%ff HTTP/1.1\r\nHost: localhost\r\n",
          "GET /subjects?deleted=%zz HTTP/1.1\r\nHost: localhost\r\n",
          "GET /subjects HTTP/1.1\r\n",
          "GET /subjects HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n",
          "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n",
          "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n"
        }) {
      String reply = raw(head + "Connection: close\r\n\r\n");
      assertThat(reply).as(head.substring(0, 20)).startsWith("HTTP/1.1 4");
      assertThat(reply).doesNotContain("<html", "jetty", "Jetty", "at org.");
    }
    assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void hangsUpOnClientsThatNeverFinishARequest() throws Exception {
    List<Socket> slow = new ArrayList<>();
    for (String start :
        new String[] {
          "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
          "POST /subjects/s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
        }) {
      Socket socket = connect(registry);
      socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
      slow.add(socket);
    }
    slow.add(afterOneRequest());
    Socket silent = connect(registry);

    // Each drop of a byte would restart an idle timeout. The test's time limit is the judge.
    while (!slow.isEmpty()) {
      slow.removeIf(BadInputTest::dripUntilClosed);
    }
    assertThat(isClosed(silent)).isTrue();
  }

  @Test
  void answersHealthWhileConnectionsAreCapped() throws Exception {
    List<Socket> held = new ArrayList<>();
    try (RegistryFixture capped =
        new RegistryFixture(
            RegistryFixture.settings(registry.topic, TestKafka.shared().bootstrapServers(), 20))) {
      for (int i = 0; i < 200; i++) {
        held.add(connect(capped));
      }
      assertThat(capped.get("/health").status()).isEqualTo(200);
      assertThat(capped.get("/schemas/types").status()).isEqualTo(200);

      int closed = 0;
      for (Socket socket : held.subList(0, 179)) {
        closed += isClosed(socket) ? 1 : 0;
      }
      assertThat(closed).isEqualTo(179);
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    for (String host : new String[] {"0.0.0.0", "::", "", "192.0.2.1", "no-such-host.invalid"}) {
      refusesToListen(host, 0);
    }
    refusesToListen("127.0.0.1", registry.port());
  }

  @Test
  void endsCleanly() throws Exception {
    RegistryFixture closing = new RegistryFixture();
    int port = closing.port();
    assertThat(closing.register("s", "\"int\"").status()).isEqualTo(200);
    closing.close();
    closing.close();

    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(IOException.class);
  }

  private static void refusesToListen(String host, int port) {
    SchemaRegistryServer.Settings settings =
        SchemaRegistryServer.Settings.of(host, port, TestKafka.shared().bootstrapServers());
    assertThatThrownBy(() -> SchemaRegistryServer.start(settings))
        .isInstanceOfSatisfying(
            BottledWaterException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LISTENER));
  }

  private static HttpRequest registration(String header, String value) {
    return HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/s/versions"))
        .header(header, value)
        .POST(HttpRequest.BodyPublishers.ofString(request(record("r"))))
        .build();
  }

  private static void refused(Reply reply, int status, int code) {
    assertThat(reply.code()).isEqualTo(code);
    assertThat(reply.status()).isEqualTo(status);
  }

  private static Socket connect(RegistryFixture to) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
    socket.setSoTimeout(100);
    return socket;
  }

  private static Socket afterOneRequest() throws IOException {
    Socket socket = connect(registry);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("{}") < 0) {
      try {
        answer.append((char) socket.getInputStream().read());
      } catch (SocketTimeoutException e) {
        // Not yet.
      }
    }
    return socket;
  }

  /** Sends one byte, and says whether the server has hung up. */
  private static boolean dripUntilClosed(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      // A reset is hanging up, too.
      return true;
    }
  }

  /** Waits for the server to hang up; the test's time limit is the judge. */
  private static boolean isClosed(Socket socket) throws IOException {
    while (true) {
      try {
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException e) {
        // Still open.
      } catch (SocketException e) {
        return true;
      }
    }
  }

  /** Sends text as it is and returns all that comes back until the server hangs up. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(String reply) throws IOException {
    return JSON.readTree(reply.substring(reply.indexOf("\r\n\r\n") + 4));
  }
}
