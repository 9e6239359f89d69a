package io.bottledwater.platform;

import io.bottledwater.config.ListenAddress;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Looks at addresses before anything is started on them. */
public final class Listeners {
  private Listeners() {}

  /** Whether a server could listen there a moment ago. */
  public static boolean isFree(ListenAddress address) {
    if (address.port() == 0) {
      return true;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @param server for the message, for instance {@code Kafka}
   * @param option for the message, for instance {@code --kafka}
   */
  static void check(ListenAddress address, String server, String option) {
    if (!isLoopback(address, server, option)) {
      throw new BottledWaterException(
          ErrorCode.LISTENER,
          option
              + ": "
              + address
              + " is not a loopback address, and "
              + server
              + " would serve the network without TLS and credentials.",
          "Write " + option + "=127.0.0.1:" + address.port() + ".",
          null);
    }
    if (!isFree(address)) {
      throw new BottledWaterException(
          ErrorCode.LISTENER,
          option + ": " + server + " cannot listen on " + address + ", which is taken.",
          "Stop the server there, or choose another port: 0 for any free one.",
          null);
    }
  }

  private static boolean isLoopback(ListenAddress address, String server, String option) {
    try {
      // A name may stand for several addresses; the server takes the first.
      return InetAddress.getByName(address.host()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new BottledWaterException(
          ErrorCode.LISTENER,
          option + ": the host name of " + address + ", for " + server + ", is not known.",
          "Write " + option + "=127.0.0.1:" + address.port() + ".",
          e);
    }
  }
}
