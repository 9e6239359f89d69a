package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.pump.DdlCapture;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the database record its DDL, so that the pump finds it in the WAL. */
final class DdlCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(DdlCommand.class);

  static final Option<Boolean> PRINT =
      Option.flag("print")
          .group(OptionGroup.RUNNING)
          .commandLineOnly()
          .help("For install and uninstall: prints the SQL, and runs nothing.")
          .build();

  @Override
  public String name() {
    return "ddl";
  }

  @Override
  public String summary() {
    return "install: has event triggers record each DDL command in the table bottledwater.ddl, which"
        + " flows to the topic [prefix.]bottledwater.ddl; takes a superuser. status: shows whether"
        + " they do. uninstall: removes triggers and table.";
  }

  @Override
  public String argumentsPlaceholder() {
    return "install|status|uninstall";
  }

  @Override
  public int mostArguments() {
    return 1;
  }

  @Override
  public List<Option<?>> options() {
    return List.of(PRINT, PumpOptions.POSTGRES, PumpOptions.LOG_FORMAT);
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    String word = options.arguments().isEmpty() ? "" : options.arguments().get(0);
    boolean print = options.get(PRINT);
    switch (word) {
      case "install" -> {
        if (print) {
          console.out().print(DdlCapture.installSql());
        } else {
          capture(options, console).install();
          console
              .err()
              .println("bottledwater: DDL is recorded in the table bottledwater.ddl from now on.");
        }
      }
      case "uninstall" -> {
        if (print) {
          console.out().print(DdlCapture.uninstallSql());
        } else {
          capture(options, console).uninstall();
          console.err().println("bottledwater: DDL is not recorded any more.");
        }
      }
      case "status" ->
          capture(options, console)
              .status()
              .forEach((name, value) -> console.out().println(name + "\t" + value));
      default ->
          throw new BottledWaterException(
              ErrorCode.USAGE, "ddl: say what to do.", "One of install, status, uninstall.", null);
    }
    console.out().flush();
    return ExitCode.OK;
  }

  private static DdlCapture capture(ParsedOptions options, Console console) {
    return new DdlCapture(
        PumpWiring.connector(PumpConfig.postgres(options, console.environment(), log::warn)));
  }
}
