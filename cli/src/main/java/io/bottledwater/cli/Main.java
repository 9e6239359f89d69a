package io.bottledwater.cli;

import io.bottledwater.config.EnvironmentSource;
import io.bottledwater.config.NearestName;
import io.bottledwater.config.Option;
import io.bottledwater.config.OptionSource;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: picks the command, reads its options, runs it, turns failures into exit codes. */
public final class Main {
  private static final String HOW_TO_REPORT =
      "This is a bug in Bottled Water. Please report it in the project's issue tracker, with the"
          + " lines below, the command line without passwords, and the versions of PostgreSQL and"
          + " Kafka.";

  private final Commands commands;
  private final Console console;

  Main(Commands commands, Console console) {
    this.commands = commands;
    this.console = console;
  }

  /** Ends the process with one of {@link ExitCode}. */
  public static void main(String[] args) {
    start(Commands.all(), args);
  }

  static void start(Commands commands, String[] args) {
    Console console = Console.ofProcess();
    console.stopSignal().install();
    Main main = new Main(commands, console);
    main.endWhenAnyThreadIsOutOfMemory();
    int exitCode = main.run(Arrays.asList(args));
    console.stopSignal().ended(exitCode);
    System.exit(exitCode);
  }

  // The last resort has to catch everything, so that every failure has an exit code.
  @SuppressWarnings("CatchingUnchecked")
  int run(List<String> args) {
    try {
      return dispatch(args);
    } catch (BottledWaterException e) {
      if (e.code() == ErrorCode.BUG) {
        return reportBug(e);
      }
      console.err().println("bottledwater: " + OneLine.escape(String.valueOf(e.getMessage())));
      return e.code().exitCode();
    } catch (OutOfMemoryError e) {
      return reportMemory(e);
    } catch (Throwable e) {
      return reportBug(e);
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  private int dispatch(List<String> args) throws Exception {
    refuseUndecoded(args);
    Command command = commands.pump();
    List<String> rest = args;
    if (!args.isEmpty() && !args.get(0).startsWith("-")) {
      command = find(args.get(0));
      rest = args.subList(1, args.size());
    }
    List<Option<?>> options = new ArrayList<>(command.options());
    if (!options.contains(PumpOptions.HELP)) {
      options.add(PumpOptions.HELP);
    }
    CommandLineSource commandLine = CommandLineSource.parse(command, options, rest);
    if (commandLine.find(PumpOptions.HELP).isPresent()) {
      List<Command> others = command == commands.pump() ? commands.named() : List.of();
      console.out().print(HelpText.of(command, options, others));
      return ExitCode.OK;
    }
    if (command == commands.pump() && commandLine.find(PumpOptions.VERSION).isPresent()) {
      console.out().println("bottledwater " + Version.TEXT);
      return ExitCode.OK;
    }
    List<String> warnings = new ArrayList<>();
    EnvironmentSource environment = new EnvironmentSource(console.environment());
    environment.refuseMistyped(commands.allOptions(), warnings::add);
    ParsedOptions parsed = resolve(options, commandLine, environment);
    LogSetup.start(
        parsed.find(PumpOptions.LOG_FORMAT), console.environment().get(LogSetup.LEVEL_VARIABLE));
    Logger log = LoggerFactory.getLogger(Main.class);
    warnings.forEach(log::warn);
    return command.run(parsed, console);
  }

  /** In the POSIX locale Java replaces what is not ASCII: a password would silently be another. */
  private void refuseUndecoded(List<String> args) {
    List<String> read = new ArrayList<>(args);
    console
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("BOTTLEDWATER_") || name.startsWith("PG")) {
                read.add(value);
              }
            });
    if (read.stream().anyMatch(text -> text.indexOf('\ufffd') >= 0)) {
      throw new BottledWaterException(
          ErrorCode.USAGE,
          "the command line or the environment has bytes that this locale's encoding cannot hold.",
          "Set LC_ALL=C.UTF-8.",
          null);
    }
  }

  private Command find(String word) {
    Optional<Command> found = commands.find(word);
    if (found.isPresent()) {
      return found.get();
    }
    List<String> names = commands.named().stream().map(Command::name).toList();
    // The first word is where a connection string lands whose option was forgotten.
    boolean plain = word.matches("[a-z][a-z-]{0,19}");
    throw new BottledWaterException(
        ErrorCode.USAGE,
        "unknown command" + (plain ? " " + word : "") + ".",
        NearestName.suggestion(
            word,
            names,
            "",
            "A connection string follows --postgres=; `bottledwater --help` lists the commands."),
        null);
  }

  private ParsedOptions resolve(
      List<Option<?>> options, CommandLineSource commandLine, EnvironmentSource environment) {
    List<OptionSource> sources = new ArrayList<>(List.of(commandLine, environment));
    if (options.contains(PumpOptions.CONFIG)) {
      ParsedOptions.resolve(List.of(PumpOptions.CONFIG), sources, List.of())
          .find(PumpOptions.CONFIG)
          .map(file -> ConfigFile.read(file, options, console.environment()))
          .ifPresent(sources::add);
    }
    return ParsedOptions.resolve(options, sources, commandLine.arguments());
  }

  private int reportMemory(OutOfMemoryError e) {
    BottledWaterException named =
        new BottledWaterException(ErrorCode.MEMORY, "The memory is used up.", e);
    console.err().println("bottledwater: " + named.getMessage());
    console.err().flush();
    return named.code().exitCode();
  }

  // A thread that is missing would be waited for in vain, so the process ends with it.
  private void endWhenAnyThreadIsOutOfMemory() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          if (thrown instanceof OutOfMemoryError e) {
            Runtime.getRuntime().halt(reportMemory(e));
          }
          LoggerFactory.getLogger(Main.class).error("Thread {} ended.", thread.getName(), thrown);
        });
  }

  private int reportBug(Throwable bug) {
    console.err().println("bottledwater: " + ErrorCode.BUG.id() + ": " + HOW_TO_REPORT);
    bug.printStackTrace(console.err());
    return ExitCode.BUG;
  }
}
