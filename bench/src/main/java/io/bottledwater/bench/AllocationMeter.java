package io.bottledwater.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What the threads of another JVM have allocated on its heap so far, exactly as the JVM counts it,
 * asked for through HotSpot's attach mechanism. The JVM is a process of the same user on this
 * machine.
 */
final class AllocationMeter {
  private static final String THREADING = "java.lang:type=Threading";
  private static final String TOTAL = "TotalThreadAllocatedBytes";

  // Version 1 of HotSpot's protocol: version, command and three arguments, each ended by a zero.
  private static final String PRINT_THREADS = "1\0jcmd\0Thread.print -e\0\0\0";
  private static final String SUCCESS = "0\n";
  private static final Pattern ALLOCATED = Pattern.compile(" allocated=([0-9]+)([BKMG]) ");
  private static final Map<String, Double> UNITS =
      Map.of("B", 1.0, "K", 1024.0, "M", 1024.0 * 1024, "G", 1024.0 * 1024 * 1024);

  private final String pid;

  AllocationMeter(long pid) {
    this.pid = Long.toString(pid);
  }

  /**
   * Of the threads that are alive, to within a kilobyte each while that is below 100 MB. Costs the
   * process some milliseconds.
   */
  double bytesOfLiveThreads() {
    try {
      // Makes the JVM listen.
      VirtualMachine.attach(pid).detach();
      double sum = 0;
      Matcher threads = ALLOCATED.matcher(ask(PRINT_THREADS));
      while (threads.find()) {
        sum += Long.parseLong(threads.group(1)) * UNITS.getOrDefault(threads.group(2), 0.0);
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of("/tmp/.java_pid" + pid));
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      String answer =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      if (!answer.startsWith(SUCCESS)) {
        throw new IOException("the JVM does not tell its threads");
      }
      return answer;
    }
  }

  /**
   * Of all threads there ever were; {@link Double#NaN} from a JVM that does not know, as some
   * before 21. The process must be idle and not be measured any more: this starts its management
   * agent.
   */
  double bytesOfAllThreads() {
    double before = bytesOfLiveThreads();
    double total = askManagementAgent();
    // The agent has allocated some megabytes itself.
    return total - (bytesOfLiveThreads() - before);
  }

  // The other side is a process that this one has started.
  @SuppressWarnings("BanJNDI")
  private double askManagementAgent() {
    try {
      VirtualMachine machine = VirtualMachine.attach(pid);
      String address;
      try {
        address = machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
      try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
        Object total =
            connector.getMBeanServerConnection().getAttribute(new ObjectName(THREADING), TOTAL);
        return ((Number) total).doubleValue();
      }
    } catch (AttributeNotFoundException e) {
      return Double.NaN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AttachNotSupportedException | JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
