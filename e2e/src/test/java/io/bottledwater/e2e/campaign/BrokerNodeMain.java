package io.bottledwater.e2e.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A node of {@link BrokerCluster}: {@code BrokerNodeMain PROPERTIES}. Prints {@code ready}; ends
 * when its standard input does, so that it does not outlive a killed parent.
 */
final class BrokerNodeMain {
  private BrokerNodeMain() {}

  public static void main(String[] arguments) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
      properties.load(in);
    }
    new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM).startup();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    Runtime.getRuntime().halt(0);
  }
}
