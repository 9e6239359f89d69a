package io.bottledwater.testkit;

import io.bottledwater.embedded.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A broker as a process, for {@link KafkaProcess}: {@code KafkaMain DIRECTORY PORT
 * [NAME=VALUE]...}. Prints {@code ready HOST:PORT}; ends on SIGTERM, on a fault, and when its
 * standard input does, so that it does not outlive a killed parent.
 */
final class KafkaMain {
  private static final int FAULT = 70;

  private KafkaMain() {}

  public static void main(String[] arguments) throws IOException {
    EmbeddedKafka.Builder builder =
        EmbeddedKafka.builder()
            .dataDirectory(Path.of(arguments[0]))
            .listener("127.0.0.1", Integer.parseInt(arguments[1]))
            .onFault(fault -> Runtime.getRuntime().halt(FAULT));
    for (int i = 2; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      builder.property(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    EmbeddedKafka kafka = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::stop, "kafka-stop"));
    System.out.println("ready " + kafka.bootstrapServers());
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    System.exit(0);
  }
}
