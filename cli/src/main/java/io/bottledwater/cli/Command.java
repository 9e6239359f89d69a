package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.ParsedOptions;
import java.util.List;

/**
 * One command of {@code bottledwater}. To add one, write a class and a line in {@link Commands}.
 * {@code --help} is added to every command.
 */
public interface Command {
  /** The word on the command line. */
  String name();

  /** One sentence for the list of commands. */
  String summary();

  /** In the order of help. */
  List<Option<?>> options();

  /** What may stand besides options, for help, for instance {@code [CODE]}; empty for nothing. */
  default String argumentsPlaceholder() {
    return "";
  }

  /** How many words may stand besides options. */
  default int mostArguments() {
    return 0;
  }

  /**
   * Does the work; the log is set up. A command that runs for long registers with {@link
   * Console#stopSignal} how it is stopped, and then returns.
   *
   * @return an exit code of {@link io.bottledwater.error.ExitCode}
   * @throws io.bottledwater.error.BottledWaterException ends the process with its code's exit code
   * @throws Exception any other is a bug and ends the process with exit code 70
   */
  int run(ParsedOptions options, Console console) throws Exception;
}
