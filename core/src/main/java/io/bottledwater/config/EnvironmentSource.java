package io.bottledwater.config;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.OneLine;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Options in environment variables named {@code BOTTLEDWATER_<OPTION>}. */
public final class EnvironmentSource implements OptionSource {
  /** Variables that are not options: read by the launcher and the log set-up. */
  public static final Set<String> RESERVED =
      Set.of("BOTTLEDWATER_LOG_LEVEL", "BOTTLEDWATER_HOME", "BOTTLEDWATER_JAVA_OPTS");

  private final Map<String, String> environment;

  public EnvironmentSource(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Optional<OptionSetting> find(Option<?> option) {
    String name = option.environmentName();
    String text = option.commandLineOnly() ? null : environment.get(name);
    // An empty variable is as good as none, as with the PG* variables.
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    if (option.arity() == Option.Arity.REPEATED) {
      List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty() ? Optional.empty() : Optional.of(new OptionSetting(lines, name));
    }
    return Optional.of(new OptionSetting(List.of(text), name));
  }

  /**
   * Refuses a variable that is a slip away from an option's. Others that begin with {@code
   * BOTTLEDWATER_} only draw a warning: Kubernetes sets such variables itself when a service is
   * called bottledwater.
   *
   * @param options the options of all commands
   */
  public void refuseMistyped(Collection<Option<?>> options, Consumer<String> warnings) {
    Set<String> known = new HashSet<>(RESERVED);
    options.stream().filter(o -> !o.commandLineOnly()).forEach(o -> known.add(o.environmentName()));
    for (String name : new TreeSet<>(environment.keySet())) {
      if (!name.startsWith("BOTTLEDWATER_") || known.contains(name)) {
        continue;
      }
      Optional<String> nearest = NearestName.of(name, known);
      if (nearest.isPresent()) {
        throw new BottledWaterException(
            ErrorCode.USAGE,
            "environment variable " + OneLine.quote(name) + " names no option.",
            "Did you mean " + nearest.get() + "?",
            null);
      }
      warnings.accept("Environment variable " + OneLine.quote(name) + " names no option: ignored.");
    }
  }
}
