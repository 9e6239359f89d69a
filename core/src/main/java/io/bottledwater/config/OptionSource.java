package io.bottledwater.config;

import java.util.Optional;

/** A place where options can be written: the command line, the environment, a file. */
@FunctionalInterface
public interface OptionSource {
  Optional<OptionSetting> find(Option<?> option);
}
