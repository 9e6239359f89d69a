package io.bottledwater.config;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a command's options, each from the first source that has it, else its default.
 * Immutable.
 */
public final class ParsedOptions {
  private final Map<Option<?>, Object> values;
  private final Map<Option<?>, OptionSetting> settings;
  private final List<String> arguments;

  private ParsedOptions(
      Map<Option<?>, Object> values,
      Map<Option<?>, OptionSetting> settings,
      List<String> arguments) {
    this.values = values;
    this.settings = settings;
    this.arguments = arguments;
  }

  /**
   * Reads all options.
   *
   * @param sources the strongest first
   * @param arguments what stands on the command line besides options
   * @throws BottledWaterException with {@link ErrorCode#USAGE} on the first bad value
   */
  public static ParsedOptions resolve(
      List<Option<?>> options, List<OptionSource> sources, List<String> arguments) {
    Map<Option<?>, Object> values = new HashMap<>();
    Map<Option<?>, OptionSetting> settings = new HashMap<>();
    ParsedOptions parsed = new ParsedOptions(values, settings, List.copyOf(arguments));
    for (Option<?> option : options) {
      for (OptionSource source : sources) {
        Optional<OptionSetting> found = source.find(option);
        if (found.isPresent()) {
          settings.put(option, found.get());
          break;
        }
      }
      OptionSetting setting = settings.get(option);
      List<String> texts =
          setting != null ? setting.texts() : option.defaultText().map(List::of).orElse(List.of());
      if (!texts.isEmpty()) {
        try {
          values.put(option, option.parse(texts));
        } catch (OptionValueException refused) {
          throw parsed.refusal(option, refused);
        }
      }
    }
    return parsed;
  }

  /** The value of an option that was given or has a default. */
  public <T> T get(Option<T> option) {
    return find(option)
        .orElseThrow(() -> new IllegalStateException(option + " has neither value nor default"));
  }

  // The map was filled by this option's own parser.
  @SuppressWarnings("unchecked")
  public <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable((T) values.get(option));
  }

  /** Whether somebody wrote the option, that is, its value is not the default. */
  public boolean isGiven(Option<?> option) {
    return settings.containsKey(option);
  }

  /** What stands on the command line besides options. */
  public List<String> arguments() {
    return arguments;
  }

  /** As {@link #refusal(Option, OptionValueException, ErrorCode)} with {@link ErrorCode#USAGE}. */
  public BottledWaterException refusal(Option<?> option, OptionValueException refused) {
    return refusal(option, refused, ErrorCode.USAGE);
  }

  /** The complaint about an option's value: where it stands, what is wrong, what to write. */
  public BottledWaterException refusal(
      Option<?> option, OptionValueException refused, ErrorCode code) {
    OptionSetting setting = settings.get(option);
    String origin = setting == null ? option.toString() : setting.origin();
    return new BottledWaterException(
        code, origin + ": " + refused.why() + ".", refused.advice(), null);
  }
}
