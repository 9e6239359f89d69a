package io.bottledwater.platform;

import io.bottledwater.config.ListenAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a platform is told.
 *
 * @param data made when missing, taken up again otherwise
 * @param kafka where Kafka's clients connect; loopback
 * @param registry where the schema registry listens; loopback, empty for none
 */
public record PlatformSettings(Path data, ListenAddress kafka, Optional<ListenAddress> registry) {
  public static final ListenAddress DEFAULT_KAFKA = new ListenAddress("127.0.0.1", 9092);
  public static final ListenAddress DEFAULT_REGISTRY = new ListenAddress("127.0.0.1", 8081);
}
