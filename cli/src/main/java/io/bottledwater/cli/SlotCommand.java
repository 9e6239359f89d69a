package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.kafka.config.KafkaSettings;
import io.bottledwater.pump.SlotAdmin;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the replication slot, gives it up, or goes on past a gap. */
final class SlotCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(SlotCommand.class);

  static final Option<Boolean> ACCEPT_GAP =
      Option.flag("accept-gap")
          .group(OptionGroup.RUNNING)
          .commandLineOnly()
          .help("For reset: changes that were lost stay lost, and the state topic records it.")
          .build();

  @Override
  public String name() {
    return "slot";
  }

  @Override
  public String summary() {
    return "status: shows the replication slot. drop: gives it up, and the pump's state with it;"
        + " the next start takes a new snapshot. reset --accept-gap: goes on although changes are"
        + " missing.";
  }

  @Override
  public String argumentsPlaceholder() {
    return "status|drop|reset";
  }

  @Override
  public int mostArguments() {
    return 1;
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> options = new java.util.ArrayList<>(PumpOptions.ALL);
    options.removeIf(option -> option == PumpOptions.CONFIG_HELP);
    options.add(ACCEPT_GAP);
    return options;
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    PumpConfig config = PumpConfig.from(options, console.environment(), log::warn);
    SlotAdmin admin = new SlotAdmin(PumpWiring.connector(config), config.slot());
    String word = options.arguments().isEmpty() ? "" : options.arguments().get(0);
    switch (word) {
      case "status" -> status(admin, config.slot(), console);
      case "drop" -> {
        boolean existed =
            admin.drop(
                PumpWiring.repairingSinks(config, KafkaSettings.from(config, options), console));
        console
            .err()
            .println(
                "bottledwater: slot "
                    + config.slot()
                    + (existed
                        ? " is dropped."
                        : " did not exist; the next start begins with a snapshot all the same."));
      }
      case "reset" -> {
        if (!options.get(ACCEPT_GAP)) {
          throw new BottledWaterException(
              ErrorCode.USAGE,
              "slot reset: changes may be missing for ever.",
              "Say --accept-gap to go on all the same, or use `slot drop` and take a new snapshot.",
              null);
        }
        console
            .err()
            .println(
                "bottledwater: "
                    + admin.resetAcceptingGap(
                        PumpWiring.repairingSinks(
                            config, KafkaSettings.from(config, options), console),
                        who()));
      }
      default ->
          throw new BottledWaterException(
              ErrorCode.USAGE,
              "slot: say what to do with it.",
              "One of status, drop, reset.",
              null);
    }
    return ExitCode.OK;
  }

  private static void status(SlotAdmin admin, String slot, Console console) {
    Map<String, String> facts = admin.status();
    if (facts.isEmpty()) {
      throw new BottledWaterException(ErrorCode.SLOT_MISSING, "Slot " + slot + " does not exist.");
    }
    facts.forEach((name, value) -> console.out().println(name + "\t" + value));
  }

  private static String who() {
    return System.getProperty("user.name", "unknown");
  }
}
