package io.bottledwater.embedded.kafka;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import io.bottledwater.embedded.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Sockets bound before the broker is configured, because its configuration names their ports. Kafka
 * takes each once and owns it from then on. Thread-safe: Kafka opens listeners from several
 * threads.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
  private static final int ATTEMPTS = 10;
  private static final int BACKLOG = 50;

  private final Map<String, ServerSocketChannel> waiting = new HashMap<>();

  /**
   * Binds a listener's socket.
   *
   * @param port 0 for any free one
   * @return the port
   */
  synchronized int bind(String listener, String host, int port) {
    for (int attempt = 1; ; attempt++) {
      int candidate = port == 0 ? FreePort.pick() : port;
      try {
        waiting.put(listener, open(new InetSocketAddress(host, candidate), BACKLOG));
        return candidate;
      } catch (IOException | UnresolvedAddressException e) {
        if (port != 0 || attempt == ATTEMPTS) {
          throw new EmbeddedServerException(
              Reason.LISTENER,
              "Kafka cannot listen on "
                  + host
                  + ":"
                  + candidate
                  + ". Choose an address of this"
                  + " machine and a port that is not taken, or 0 for any free one.",
              e);
        }
      }
    }
  }

  @Override
  public synchronized ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferBytes)
      throws IOException {
    ServerSocketChannel bound = waiting.remove(listener);
    return bound != null ? bound : open(address, backlog);
  }

  /** Closes what Kafka has not taken. */
  @Override
  public synchronized void close() {
    for (ServerSocketChannel channel : waiting.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        // Closed as far as anybody can tell.
      }
    }
    waiting.clear();
  }

  private static ServerSocketChannel open(InetSocketAddress address, int backlog)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.socket().setReuseAddress(true);
      channel.bind(address, backlog);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
