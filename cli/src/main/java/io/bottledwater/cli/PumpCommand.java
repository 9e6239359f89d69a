package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.ExitCode;
import io.bottledwater.kafka.config.KafkaSettings;
import io.bottledwater.kafka.config.ProducerPropertyTable;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pump itself: what {@code bottledwater} does when no command is named. */
final class PumpCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(PumpCommand.class);

  private final PumpRunner runner;

  PumpCommand(PumpRunner runner) {
    this.runner = runner;
  }

  @Override
  public String name() {
    return "";
  }

  @Override
  public String summary() {
    return "Takes a consistent snapshot of a PostgreSQL database, then every committed change, into"
        + " Kafka.";
  }

  @Override
  public List<Option<?>> options() {
    return PumpOptions.ALL;
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    if (options.get(PumpOptions.CONFIG_HELP)) {
      console.out().print(ProducerPropertyTable.asText());
      console.out().flush();
      return ExitCode.OK;
    }
    try {
      OutputFormats.find(options.get(PumpOptions.OUTPUT_FORMAT));
    } catch (OptionValueException refused) {
      throw options.refusal(PumpOptions.OUTPUT_FORMAT, refused);
    }
    PumpConfig config = PumpConfig.from(options, console.environment(), log::warn);
    return runner.run(config, KafkaSettings.from(config, options), console);
  }
}
