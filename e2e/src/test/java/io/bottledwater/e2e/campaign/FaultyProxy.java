package io.bottledwater.e2e.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy in front of a server on loopback, which can cut, slow down or stop what passes. Any
 * thread may change its mind; connections have two threads each.
 */
public final class FaultyProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Object thaw = new Object();
  private volatile int target;
  private volatile boolean closed;
  private volatile boolean frozen;
  private volatile int bytesPerSecond;
  private volatile int delayMillis;
  private volatile FrameRule frameRule;

  /** What to do with a request of Kafka's protocol. */
  interface FrameRule {
    enum Verdict {
      PASS,
      /** The server gets the request, the client never its reply: the connection breaks. */
      LOSE_REPLY,
      /** The connection breaks at once; the server gets the request a while later. */
      DELAY
    }

    Verdict judge(short apiKey);
  }

  /**
   * @param target the server's port; 0 when it is not known yet
   */
  public FaultyProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("proxy-accept", this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  void target(int port) {
    target = port;
  }

  /** Resets every connection there is. */
  void reset() {
    links.forEach(Link::reset);
  }

  /** Ends what comes from the server, as if it had closed its side; connections stay half open. */
  void halfClose() {
    links.forEach(link -> quietly(link.client::shutdownOutput));
  }

  /** Resets each connection after that many bytes more from the server, mid-message or not. */
  void resetAfter(long bytes) {
    links.forEach(link -> link.bytesLeft = bytes);
  }

  /**
   * Ends each connection properly after that many bytes more from the server, mid-message or not.
   */
  void truncateAfter(long bytes) {
    links.forEach(
        link -> {
          link.endsProperly = true;
          link.bytesLeft = bytes;
        });
  }

  /** Nothing passes, and nobody is told. */
  void freeze() {
    frozen = true;
  }

  void thaw() {
    frozen = false;
    synchronized (thaw) {
      thaw.notifyAll();
    }
  }

  /**
   * @param bytesPerSecond for each direction of each connection; 0 for no limit
   */
  public void slow(int bytesPerSecond, int delayMillis) {
    this.bytesPerSecond = bytesPerSecond;
    this.delayMillis = delayMillis;
  }

  /** Has an effect on connections that are opened from now on; null lets all pass. */
  void frames(FrameRule rule) {
    frameRule = rule;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket();
        Link link = new Link(client, server);
        links.add(link);
        start("proxy-link", link::open);
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void awaitThaw() throws IOException {
    synchronized (thaw) {
      while (frozen && !closed) {
        try {
          thaw.wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private final Set<Integer> lostReplies = ConcurrentHashMap.newKeySet();
    private volatile long bytesLeft = Long.MAX_VALUE;
    private volatile boolean endsProperly;
    private volatile boolean delaying;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void open() {
      try {
        awaitThaw();
        server.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        boolean framed = frameRule != null;
        start("proxy-up", () -> run(framed ? this::requests : this::up));
        run(framed ? this::replies : this::down);
      } catch (IOException e) {
        reset();
      }
    }

    private void run(Direction direction) {
      try {
        direction.copy();
      } catch (IOException e) {
        // One side is gone: so goes the other.
      } finally {
        if (!delaying) {
          quietly(client::close);
          quietly(server::close);
          links.remove(this);
        }
      }
    }

    private void up() throws IOException {
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitThaw();
        linger(n);
        out.write(buffer, 0, n);
      }
    }

    private void down() throws IOException {
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitThaw();
        linger(n);
        int passing = (int) Math.min(n, bytesLeft);
        if (client.isOutputShutdown()) {
          return;
        }
        out.write(buffer, 0, passing);
        if (passing < n) {
          if (!endsProperly) {
            reset();
          }
          return;
        }
        if (bytesLeft != Long.MAX_VALUE) {
          bytesLeft -= n;
        }
      }
    }

    private void linger(int bytes) {
      int rate = bytesPerSecond;
      if (rate > 0) {
        LockSupport.parkNanos(delayMillis * 1_000_000L + bytes * 1_000_000_000L / rate);
      }
    }

    /** A request: length, then API key, API version and correlation id (KIP-482). */
    private void requests() throws IOException {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (byte[] frame = frame(in); frame != null; frame = frame(in)) {
        awaitThaw();
        ByteBuffer header = ByteBuffer.wrap(frame);
        short apiKey = header.getShort(4);
        FrameRule rule = frameRule;
        switch (rule == null ? FrameRule.Verdict.PASS : rule.judge(apiKey)) {
          case PASS -> {}
          case LOSE_REPLY -> lostReplies.add(header.getInt(8));
          case DELAY -> {
            delaying = true;
            resetClient();
            Scene.sleep(1500);
            delaying = false;
          }
        }
        out.write(frame);
      }
    }

    /** A reply: length, then correlation id. */
    private void replies() throws IOException {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (byte[] frame = frame(in); frame != null; frame = frame(in)) {
        awaitThaw();
        if (lostReplies.remove(ByteBuffer.wrap(frame).getInt(4))) {
          reset();
          return;
        }
        out.write(frame);
      }
    }

    private static byte[] frame(InputStream in) throws IOException {
      byte[] length = in.readNBytes(4);
      if (length.length < 4) {
        return null;
      }
      int size = ByteBuffer.wrap(length).getInt();
      byte[] body = in.readNBytes(size);
      return ByteBuffer.allocate(4 + body.length).put(length).put(body).array();
    }

    private void resetClient() {
      quietly(() -> client.setSoLinger(true, 0));
      quietly(client::close);
    }

    void reset() {
      resetClient();
      quietly(() -> server.setSoLinger(true, 0));
      quietly(server::close);
      links.remove(this);
    }
  }

  private interface Direction {
    void copy() throws IOException;
  }

  private static void quietly(Direction action) {
    try {
      action.copy();
    } catch (IOException e) {
      // It is closed already.
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thaw();
    quietly(listener::close);
    reset();
  }
}
