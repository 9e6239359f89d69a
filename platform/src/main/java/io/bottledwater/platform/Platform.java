package io.bottledwater.platform;

import io.bottledwater.config.ListenAddress;
import io.bottledwater.embedded.DirectoryLock;
import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.kafka.EmbeddedKafka;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.registry.server.SchemaRegistryServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka and, unless it is switched off, the schema registry, in this process. All state is under
 * one directory, which a later platform takes up again, after a crash too:
 *
 * <pre>
 *   DATA/lock    held while a platform runs
 *   DATA/kafka   topics, the registry's among them
 * </pre>
 *
 * Any thread may call. Whoever starts it closes it: there is no shutdown hook.
 */
public final class Platform implements AutoCloseable {
  private final DirectoryLock lock;
  private final EmbeddedKafka kafka;
  private final @Nullable SchemaRegistryServer registry;

  private Platform(
      DirectoryLock lock, EmbeddedKafka kafka, @Nullable SchemaRegistryServer registry) {
    this.lock = lock;
    this.kafka = kafka;
    this.registry = registry;
  }

  /**
   * Returns when both serve clients: about 2 s in a new process, some more after a crash.
   *
   * @param onFault called at most once, on a thread of its own, when Kafka cannot go on; the
   *     platform should then be closed
   * @throws BottledWaterException {@code BW-DATA-DIRECTORY} when another process has the directory
   *     or it cannot be used, {@code BW-LISTENER} when an address is taken or not loopback
   */
  public static Platform start(PlatformSettings settings, Consumer<BottledWaterException> onFault) {
    Path data = settings.data().toAbsolutePath().normalize();
    DirectoryLock lock;
    try {
      lock = DirectoryLock.acquire(data);
    } catch (EmbeddedServerException e) {
      throw ServerErrors.translate(e);
    }
    EmbeddedKafka kafka = null;
    try {
      // Both first: a user with two wrong addresses should not have to wait for Kafka.
      Listeners.check(settings.kafka(), "Kafka", "--kafka");
      settings
          .registry()
          .ifPresent(address -> Listeners.check(address, "the schema registry", "--registry"));
      kafka = startKafka(data, settings.kafka(), onFault);
      String bootstrapServers = kafka.bootstrapServers();
      SchemaRegistryServer registry =
          settings.registry().map(address -> startRegistry(address, bootstrapServers)).orElse(null);
      return new Platform(lock, kafka, registry);
    } catch (EmbeddedServerException e) {
      release(kafka, lock);
      throw ServerErrors.translate(e);
    } catch (RuntimeException | Error e) {
      release(kafka, lock);
      throw e;
    }
  }

  /** {@code host:port} for clients on this machine. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** {@code http://host:port}; empty when the registry is switched off. */
  public Optional<String> registryUrl() {
    if (registry == null) {
      return Optional.empty();
    }
    InetSocketAddress address = registry.address();
    return Optional.of("http://" + new ListenAddress(address.getHostString(), address.getPort()));
  }

  /** Stops the registry, then Kafka, which writes everything to disk. */
  @Override
  public void close() {
    try {
      if (registry != null) {
        registry.close();
      }
    } finally {
      release(kafka, lock);
    }
  }

  private static EmbeddedKafka startKafka(
      Path data, ListenAddress address, Consumer<BottledWaterException> onFault) {
    return EmbeddedKafka.builder()
        .dataDirectory(data.resolve("kafka"))
        .listener(address.bracketedHost(), address.port())
        // A row may be as large as the pump's largest request.
        .property("message.max.bytes", Integer.toString(16 * 1024 * 1024))
        .onFault(fault -> onFault.accept(ServerErrors.translate(fault)))
        .start();
  }

  private static SchemaRegistryServer startRegistry(ListenAddress address, String kafka) {
    return SchemaRegistryServer.start(
        SchemaRegistryServer.Settings.of(address.host(), address.port(), kafka));
  }

  private static void release(@Nullable EmbeddedKafka kafka, DirectoryLock lock) {
    try {
      if (kafka != null) {
        kafka.close();
      }
    } finally {
      lock.close();
    }
  }
}
