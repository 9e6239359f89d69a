package io.bottledwater.cli;

import io.bottledwater.config.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All commands: the one place where they are wired. */
final class Commands {
  private final Command pump;
  private final List<Command> named;

  private Commands(Command pump, List<Command> named) {
    this.pump = pump;
    this.named = List.copyOf(named);
  }

  static Commands of(Command pump, List<Command> named) {
    return new Commands(pump, named);
  }

  static Commands all() {
    return of(
        new PumpCommand(new PumpWiring()),
        List.of(
            // One line a command, in the order of help.
            new DemoCommand(),
            new PlatformCommand(),
            new ConsumeCommand(),
            new ExplainCommand(),
            new SnapshotCommand(),
            new SlotCommand(),
            new DdlCommand()));
  }

  /** The command that runs when none is named. */
  Command pump() {
    return pump;
  }

  /** Those that are called by name. */
  List<Command> named() {
    return named;
  }

  Optional<Command> find(String name) {
    return named.stream().filter(command -> command.name().equals(name)).findFirst();
  }

  /** The options of all commands. */
  List<Option<?>> allOptions() {
    List<Option<?>> options = new ArrayList<>(pump.options());
    named.forEach(command -> options.addAll(command.options()));
    return options;
  }
}
