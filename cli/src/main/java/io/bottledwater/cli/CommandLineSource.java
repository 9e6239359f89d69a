package io.bottledwater.cli;

import io.bottledwater.config.NearestName;
import io.bottledwater.config.Option;
import io.bottledwater.config.OptionSetting;
import io.bottledwater.config.OptionSource;
import io.bottledwater.config.Secrets;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Options on the command line. picocli splits it, by a model built from the declarations. */
final class CommandLineSource implements OptionSource {
  private static final String SEE_HELP = "`bottledwater --help` lists the options.";

  private final Map<Option<?>, List<String>> given = new HashMap<>();
  private final List<String> arguments = new ArrayList<>();

  private CommandLineSource() {}

  /**
   * Splits a command line.
   *
   * @param args what follows the command's name
   * @throws BottledWaterException with {@link ErrorCode#USAGE}; no message shows a stray word,
   *     which may be a piece of a password
   */
  static CommandLineSource parse(Command command, List<Option<?>> options, List<String> args) {
    CommandLineSource source = new CommandLineSource();
    List<String> rest = source.takeFlagsWithValue(options, args);
    CommandSpec spec = CommandSpec.create().name("bottledwater");
    spec.parser().expandAtFiles(false);
    for (Option<?> option : options) {
      spec.addOption(specFor(option));
    }
    if (command.mostArguments() > 0) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .index("0.." + (command.mostArguments() - 1))
              .arity("0.." + command.mostArguments())
              .type(List.class)
              .auxiliaryTypes(String.class)
              .build());
    }
    CommandLine.ParseResult parsed;
    try {
      parsed = new CommandLine(spec).parseArgs(rest.toArray(String[]::new));
    } catch (CommandLine.UnmatchedArgumentException e) {
      throw unmatched(e.getUnmatched().get(0), options);
    } catch (CommandLine.MissingParameterException e) {
      throw usage(
          nameOf(e.getMissing().get(0)) + " has no value.", "Write it after an equals sign.");
    } catch (CommandLine.OverwrittenOptionException e) {
      throw givenTwice(nameOf(e.getOverwritten()));
    } catch (CommandLine.ParameterException e) {
      throw usage("the command line cannot be read.", SEE_HELP);
    }
    for (Option<?> option : options) {
      source.collect(option, parsed.matchedOptionValue("--" + option.name(), null));
    }
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      List<String> words = positional.getValue();
      source.arguments.addAll(words == null ? List.of() : words);
    }
    return source;
  }

  @Override
  public Optional<OptionSetting> find(Option<?> option) {
    List<String> texts = given.get(option);
    return texts == null ? Optional.empty() : Optional.of(new OptionSetting(texts, "" + option));
  }

  List<String> arguments() {
    return List.copyOf(arguments);
  }

  private static OptionSpec specFor(Option<?> option) {
    List<String> names = new ArrayList<>();
    option.letter().ifPresent(letter -> names.add("-" + letter));
    names.add("--" + option.name());
    OptionSpec.Builder spec = OptionSpec.builder(names.toArray(String[]::new));
    if (option.arity() == Option.Arity.FLAG) {
      return spec.arity("0").type(boolean.class).build();
    }
    return spec.arity("1").type(List.class).auxiliaryTypes(String.class).build();
  }

  /** Takes out {@code --flag=on}: picocli has flags with or without a value, not both. */
  private List<String> takeFlagsWithValue(List<Option<?>> options, List<String> args) {
    List<String> rest = new ArrayList<>();
    for (String arg : args) {
      Option<?> flag = null;
      for (Option<?> option : options) {
        if (option.arity() == Option.Arity.FLAG && arg.startsWith(option + "=")) {
          flag = option;
        }
      }
      if (flag == null) {
        rest.add(arg);
      } else if (given.put(flag, List.of(arg.substring(arg.indexOf('=') + 1))) != null) {
        throw givenTwice(flag.toString());
      }
    }
    return rest;
  }

  private void collect(Option<?> option, @Nullable Object value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(text -> texts.add((String) text));
    } else if (Boolean.TRUE.equals(value)) {
      texts.add("on");
    }
    if (texts.isEmpty()) {
      return;
    }
    boolean twice = texts.size() > 1 && option.arity() != Option.Arity.REPEATED;
    if (given.put(option, texts) != null || twice) {
      throw givenTwice(option.toString());
    }
  }

  private static BottledWaterException unmatched(String word, List<Option<?>> options) {
    if (word.startsWith("--") && word.length() > 2) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
      List<String> names = options.stream().map(Option::name).toList();
      return usage(
          "unknown option --" + (name.matches("[A-Za-z0-9_-]{1,40}") ? name : Secrets.HIDDEN) + ".",
          NearestName.suggestion(name, names, "--", SEE_HELP));
    }
    if (word.startsWith("-") && word.length() > 1 && Character.isLetterOrDigit(word.charAt(1))) {
      return usage("unknown option -" + word.charAt(1) + ".", SEE_HELP);
    }
    return usage(
        "a word belongs to no option.", "Quote a value that has spaces in it. " + SEE_HELP);
  }

  private static String nameOf(CommandLine.Model.ArgSpec spec) {
    return spec instanceof OptionSpec option ? option.longestName() : "an argument";
  }

  private static BottledWaterException givenTwice(String option) {
    return usage(option + " is given twice.", "Write it once.");
  }

  private static BottledWaterException usage(String found, String advice) {
    return new BottledWaterException(ErrorCode.USAGE, found, advice, null);
  }
}
