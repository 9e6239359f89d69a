package io.bottledwater.cli;

import io.bottledwater.config.PumpConfig;
import io.bottledwater.kafka.config.KafkaSettings;

/** Runs the pump until it is stopped or fails. */
@FunctionalInterface
public interface PumpRunner {
  /**
   * @return an exit code of {@link io.bottledwater.error.ExitCode}
   */
  int run(PumpConfig config, KafkaSettings kafka, Console console) throws Exception;
}
