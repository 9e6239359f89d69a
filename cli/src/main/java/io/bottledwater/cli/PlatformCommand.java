package io.bottledwater.cli;

import io.bottledwater.config.FileName;
import io.bottledwater.config.ListenAddress;
import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ExitCode;
import io.bottledwater.platform.Platform;
import io.bottledwater.platform.PlatformSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs Kafka and the schema registry on this machine until it is asked to stop. */
final class PlatformCommand implements Command {
  static final Option<Path> DATA =
      Option.value("data", "DIR", FileName::parse)
          .group(OptionGroup.RUNNING)
          .defaultsTo("bottledwater-data")
          .help(
              "Where all state is kept; made when it is missing. One platform at a time uses a"
                  + " directory.")
          .build();

  static final Option<ListenAddress> KAFKA =
      Option.value("kafka", "HOST:PORT", ListenAddress::parse)
          .group(OptionGroup.KAFKA)
          .defaultsTo(PlatformSettings.DEFAULT_KAFKA.toString())
          .help("Where Kafka listens, on loopback; port 0 takes any free one.")
          .build();

  static final Option<Optional<ListenAddress>> REGISTRY =
      Option.value("registry", "HOST:PORT|off", ListenAddress::parseOrOff)
          .group(OptionGroup.KAFKA)
          .defaultsTo(PlatformSettings.DEFAULT_REGISTRY.toString())
          .help("Where the schema registry listens, on loopback; port 0 takes any free one.")
          .build();

  @Override
  public String name() {
    return "platform";
  }

  @Override
  public String summary() {
    return "Runs Apache Kafka and a schema registry on this machine, until SIGTERM or Ctrl-C.";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(KAFKA, REGISTRY, DATA, PumpOptions.LOG_FORMAT);
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    PlatformSettings settings =
        new PlatformSettings(options.get(DATA), options.get(KAFKA), options.get(REGISTRY));
    // Completed empty by a signal, with a failure by Kafka.
    CompletableFuture<Optional<BottledWaterException>> end = new CompletableFuture<>();
    console.stopSignal().onStop(() -> end.complete(Optional.empty()));
    try (Platform platform = Platform.start(settings, fault -> end.complete(Optional.of(fault)))) {
      console.err().println(readyLine(platform, settings.data()));
      Optional<BottledWaterException> fault = end.get();
      if (fault.isPresent()) {
        throw fault.get();
      }
    }
    return ExitCode.OK;
  }

  private static String readyLine(Platform platform, Path data) {
    return "bottledwater: platform ready: Kafka "
        + platform.bootstrapServers()
        + ", schema registry "
        + platform.registryUrl().orElse("off")
        + ", data "
        + data.toAbsolutePath().normalize();
  }
}
