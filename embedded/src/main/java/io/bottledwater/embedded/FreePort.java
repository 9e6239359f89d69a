package io.bottledwater.embedded;

import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses ports for servers that are to keep theirs over a restart. */
public final class FreePort {
  // Below the ranges that Linux (32768) and macOS (49152) take client ports from: while a server is
  // down, a client that keeps connecting to a port of that range may be given the very port, and
  // then be connected to itself.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 200;

  private FreePort() {}

  /** A port that nobody listened on a moment ago on 127.0.0.1; somebody may take it at any time. */
  public static int pick() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new EmbeddedServerException(
        Reason.LISTENER,
        "No free port was found between " + LOWEST + " and " + HIGHEST + ". Name one.");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
