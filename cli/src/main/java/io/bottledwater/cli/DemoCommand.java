package io.bottledwater.cli;

import io.bottledwater.cli.consume.DataPrinter;
import io.bottledwater.cli.consume.TopicReader;
import io.bottledwater.cli.demo.ChangeFeed;
import io.bottledwater.cli.demo.DemoDatabase;
import io.bottledwater.cli.demo.DemoDirectory;
import io.bottledwater.cli.demo.Workload;
import io.bottledwater.config.FileName;
import io.bottledwater.config.ListenAddress;
import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.OptionSetting;
import io.bottledwater.config.OptionSource;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.config.WholeNumber;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.kafka.config.KafkaSettings;
import io.bottledwater.platform.Listeners;
import io.bottledwater.platform.Platform;
import io.bottledwater.platform.PlatformSettings;
import io.bottledwater.pump.Pump;
import io.bottledwater.pump.PumpListener;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.source.snapshot.SnapshotProgress;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything at once, in this process but for PostgreSQL: the platform, a database with a live
 * workload, the pump between them, and the changes as they arrive.
 */
final class DemoCommand implements Command {
  static final Option<Integer> FOR =
      WholeNumber.option("for", "SECONDS", 1, 31_536_000)
          .group(OptionGroup.RUNNING)
          .whenAbsent("until Ctrl-C")
          .help("End so many seconds after changes have begun to flow.")
          .build();

  static final Option<Path> DATA =
      Option.value("data", "DIR", FileName::parse)
          .group(OptionGroup.RUNNING)
          .whenAbsent("a temporary directory, deleted at the end")
          .help("Keep all state there; a later demo goes on with it.")
          .build();

  private static final Logger log = LoggerFactory.getLogger(DemoCommand.class);
  private static final long PUMP_STOP_SECONDS = 10;
  private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long SIGNAL_LAG_MILLIS = 1_000;
  private static final int TERMINAL_WIDTH = 160;

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "Starts PostgreSQL with a live workload, Kafka, a schema registry and the pump, and"
        + " prints changes as they arrive. Nothing has to be installed, nothing is left behind.";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(FOR, DATA, PumpOptions.LOG_FORMAT);
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    long startNanos = System.nanoTime();
    OptionalInt seconds = options.find(FOR).stream().mapToInt(Integer::intValue).findFirst();
    // Completed by a signal; exceptionally by whatever part fails.
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    console
        .stopSignal()
        .onStop(
            () -> {
              asked.countDown();
              end.complete(true);
            });
    LogSetup.silence("org.apache.kafka.clients");
    String totals;
    try (DemoDirectory directory = DemoDirectory.open(options.find(DATA))) {
      CompletableFuture<DemoDatabase> starting =
          CompletableFuture.supplyAsync(() -> DemoDatabase.start(directory.path()));
      try (Platform platform = startPlatform(directory.path(), starting, end);
          DemoDatabase database = starting.join()) {
        totals =
            new Show(platform, database, directory, console, startNanos, seconds, end, asked).run();
      } catch (CompletionException e) {
        throw e.getCause() instanceof BottledWaterException known ? known : e;
      }
    }
    console.err().println(totals);
    return ExitCode.OK;
  }

  private static Platform startPlatform(
      Path data, CompletableFuture<DemoDatabase> database, CompletableFuture<Boolean> end) {
    PlatformSettings settings =
        new PlatformSettings(
            data,
            orAnyPort(PlatformSettings.DEFAULT_KAFKA),
            Optional.of(orAnyPort(PlatformSettings.DEFAULT_REGISTRY)));
    try {
      return Platform.start(settings, end::completeExceptionally);
    } catch (RuntimeException | Error e) {
      // It is on its way: stopped as soon as it is there.
      database.thenAccept(DemoDatabase::close).exceptionally(ignored -> null).join();
      throw e;
    }
  }

  private static ListenAddress orAnyPort(ListenAddress wanted) {
    return Listeners.isFree(wanted) ? wanted : new ListenAddress(wanted.host(), 0);
  }

  /** The demo once all servers run. */
  private record Show(
      Platform platform,
      DemoDatabase database,
      DemoDirectory directory,
      Console console,
      long startNanos,
      OptionalInt seconds,
      CompletableFuture<Boolean> end,
      CountDownLatch asked) {

    /** Returns what to say at the very end. */
    String run() throws Exception {
      printHeader();
      ParsedOptions options = pumpOptions();
      PumpConfig config = PumpConfig.from(options, Map.of(), log::warn);
      KafkaSettings kafka = KafkaSettings.from(config, options);
      try (HttpSchemaRegistry registry = PumpWiring.registry(config);
          SnapshotProgressView view = new SnapshotProgressView(console);
          TopicReader reader = new TopicReader(platform.bootstrapServers(), "read_committed")) {
        CompletableFuture<Boolean> streaming = new CompletableFuture<>();
        Pump pump = PumpWiring.pump(config, kafka, registry, console, new Watch(view, streaming));
        ChangeFeed feed =
            new ChangeFeed(
                reader,
                new DataPrinter(registry::schemaById),
                DemoDatabase.TABLES,
                console.out(),
                console.err(),
                System.console() == null ? 0 : TERMINAL_WIDTH,
                startNanos);
        Workload workload = new Workload(database, e -> end.completeExceptionally(lostDatabase(e)));
        Thread pumping = task("demo-pump", pump::run);
        Thread printing = task("demo-print", feed::run);
        workload.start();
        try {
          awaitEnd(streaming);
        } finally {
          workload.close();
          awaitCaughtUp(pump);
          pump.stop();
          pumping.join(TimeUnit.SECONDS.toMillis(PUMP_STOP_SECONDS));
          feed.stop();
          printing.join(TimeUnit.SECONDS.toMillis(PUMP_STOP_SECONDS));
        }
        return totals(workload, feed);
      }
    }

    private BottledWaterException lostDatabase(Exception cause) {
      return new BottledWaterException(
          ErrorCode.POSTGRES_UNREACHABLE,
          "The demo's PostgreSQL no longer serves its workload.",
          "With --data=DIR its log stays, in DIR/postgres/server.log.",
          cause);
    }

    private ParsedOptions pumpOptions() {
      Map<Option<?>, String> written =
          Map.of(
              PumpOptions.POSTGRES, database.uri(),
              PumpOptions.BROKER, platform.bootstrapServers(),
              PumpOptions.SCHEMA_REGISTRY, platform.registryUrl().orElseThrow());
      OptionSource source =
          option ->
              Optional.ofNullable(written.get(option))
                  .map(text -> new OptionSetting(List.of(text), option.toString()));
      return ParsedOptions.resolve(PumpOptions.ALL, List.of(source), List.of());
    }

    private Thread task(String name, Task task) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  task.run();
                } catch (Throwable e) {
                  end.completeExceptionally(e);
                }
              },
              name);
      thread.setDaemon(true);
      thread.start();
      return thread;
    }

    private void awaitEnd(CompletableFuture<Boolean> streaming) throws Exception {
      try {
        if (seconds.isPresent()) {
          CompletableFuture.anyOf(streaming, end).get();
          end.get(seconds.getAsInt(), TimeUnit.SECONDS);
        } else {
          end.get();
        }
      } catch (TimeoutException e) {
        // The time that was asked for is over.
      } catch (ExecutionException e) {
        // Ctrl-C reaches PostgreSQL too, and the end of its connections perhaps first.
        if (asked.await(SIGNAL_LAG_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        if (e.getCause() instanceof BottledWaterException known) {
          throw known;
        }
        throw new BottledWaterException(ErrorCode.BUG, "A part of the demo failed.", e.getCause());
      }
    }

    // So that the totals agree; a pump that does not get there is not waited for.
    private void awaitCaughtUp(Pump pump) throws InterruptedException {
      long limit = System.nanoTime() + CATCH_UP_NANOS;
      long seen = -1;
      while (!end.isCompletedExceptionally() && System.nanoTime() < limit) {
        long changes = pump.statistics().changes();
        if (changes == seen) {
          return;
        }
        seen = changes;
        Thread.sleep(300);
      }
    }

    private void printHeader() {
      PrintStream err = console.err();
      err.printf(
          Locale.ROOT,
          "bottledwater: demo running after %.1f s%n",
          (System.nanoTime() - startNanos) / 1e9);
      err.println("  PostgreSQL       127.0.0.1:" + database.port() + ", database shop");
      err.println("                   " + database.psqlCommand());
      err.println("  Kafka            " + platform.bootstrapServers());
      err.println("  Schema registry  " + platform.registryUrl().orElse("off"));
      err.println(
          "  Data             "
              + directory.path()
              + (directory.temporary() ? " (deleted at the end)" : ""));
      err.println("  Read a topic     " + consumeCommand());
      err.println(
          "Changes follow; "
              + (seconds.isPresent()
                  ? "the demo ends by itself after " + seconds.getAsInt() + " s, or with Ctrl-C."
                  : "Ctrl-C ends the demo."));
      err.flush();
    }

    private String consumeCommand() {
      return System.getProperty("bottledwater.command", "bottledwater")
          + " consume --topic=orders --from-beginning"
          + " --property=print.key=true --bootstrap-server="
          + platform.bootstrapServers()
          + " --schema-registry="
          + platform.registryUrl().orElseThrow();
    }

    private String totals(Workload workload, ChangeFeed feed) {
      return String.format(
          Locale.ROOT,
          "bottledwater: demo ended: %,d transactions made, %,d records read from Kafka, %,d of"
              + " them printed; everything is stopped",
          workload.transactions(),
          feed.received(),
          feed.printed());
    }
  }

  /** Says when changes begin to flow. */
  private record Watch(PumpListener view, CompletableFuture<Boolean> flowing)
      implements PumpListener {
    @Override
    public void snapshotStarted(SnapshotProgress progress) {
      view.snapshotStarted(progress);
    }

    @Override
    public void snapshotFinished(SnapshotProgress progress) {
      view.snapshotFinished(progress);
    }

    @Override
    public void streaming(long fromLsn) {
      view.streaming(fromLsn);
      flowing.complete(true);
    }
  }

  /** What a thread of the demo does. */
  @FunctionalInterface
  private interface Task {
    void run() throws Exception;
  }
}
