package io.bottledwater.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One option, declared once: the command line, the environment, the configuration file, {@code
 * --help} and the documents all derive from this declaration. Immutable.
 */
public final class Option<T> {
  /** Turns what was written into the option's value. */
  @FunctionalInterface
  public interface Parser<T> {
    T parse(String text) throws OptionValueException;
  }

  /** Turns what was written, once or several times, into the option's value. */
  @FunctionalInterface
  public interface ListParser<T> {
    T parse(List<String> texts) throws OptionValueException;
  }

  /** How often and with what an option is written. */
  public enum Arity {
    /** Present or absent, no value. */
    FLAG,
    /** One value. */
    VALUE,
    /** One value, whose commas separate items; a list in the configuration file. */
    COMMA_LIST,
    /** May be written several times; a list or a mapping in the configuration file. */
    REPEATED
  }

  private final String name;
  private final @Nullable Character letter;
  private final Arity arity;
  private final String placeholder;
  private final String help;
  private final OptionGroup group;
  private final @Nullable String defaultText;
  private final String defaultHelp;
  private final boolean secret;
  private final boolean required;
  private final boolean commandLineOnly;
  private final ListParser<T> parser;

  private Option(Builder<T> builder) {
    this.name = builder.name;
    this.letter = builder.letter;
    this.arity = builder.arity;
    this.placeholder = builder.placeholder;
    this.help = builder.help;
    this.group = builder.group;
    this.defaultText = builder.defaultText;
    this.defaultHelp = builder.defaultHelp;
    this.secret = builder.secret;
    this.required = builder.required;
    this.commandLineOnly = builder.commandLineOnly;
    this.parser = builder.parser;
  }

  /** Starts an option that takes one value. */
  public static <T> Builder<T> value(String name, String placeholder, Parser<T> parser) {
    return new Builder<>(name, Arity.VALUE, placeholder, texts -> parser.parse(texts.get(0)));
  }

  /** Starts an option whose one value is a list with commas. */
  public static <T> Builder<T> commaList(String name, String placeholder, Parser<T> parser) {
    return new Builder<>(
        name, Arity.COMMA_LIST, placeholder, texts -> parser.parse(String.join(",", texts)));
  }

  /** Starts an option that may be written several times. */
  public static <T> Builder<T> repeated(String name, String placeholder, ListParser<T> parser) {
    return new Builder<>(name, Arity.REPEATED, placeholder, parser);
  }

  /** Starts an option without value, off unless written. */
  public static Builder<Boolean> flag(String name) {
    return new Builder<>(name, Arity.FLAG, "", texts -> OnOff.parse(texts.get(0)))
        .defaultsTo("off");
  }

  /** Long name without dashes, for instance {@code on-error}; also the configuration file's key. */
  public String name() {
    return name;
  }

  public Optional<Character> letter() {
    return Optional.ofNullable(letter);
  }

  public Arity arity() {
    return arity;
  }

  /** What stands for the value in help, for instance {@code URI}; empty for a flag. */
  public String placeholder() {
    return placeholder;
  }

  /** One or more sentences, plain text. */
  public String help() {
    return help;
  }

  public OptionGroup group() {
    return group;
  }

  /** The default as it would be written; none when the option may stay without value. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** What help says of the default. */
  public String defaultHelp() {
    return defaultHelp;
  }

  /** Whether the value may hold a password, so that no message shows it. */
  public boolean secret() {
    return secret;
  }

  /** Whether help says so; the command itself complains when the option is missing. */
  public boolean required() {
    return required;
  }

  /** Whether only the command line has it, such as {@code --help}. */
  public boolean commandLineOnly() {
    return commandLineOnly;
  }

  /** {@code BOTTLEDWATER_} and the name, for instance {@code BOTTLEDWATER_ON_ERROR}. */
  public String environmentName() {
    return "BOTTLEDWATER_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  T parse(List<String> texts) throws OptionValueException {
    return parser.parse(texts);
  }

  @Override
  public String toString() {
    return "--" + name;
  }

  /** Collects an option's declaration. */
  public static final class Builder<T> {
    private final String name;
    private final Arity arity;
    private final String placeholder;
    private final ListParser<T> parser;
    private @Nullable Character letter;
    private String help = "";
    private OptionGroup group = OptionGroup.GENERAL;
    private @Nullable String defaultText;
    private String defaultHelp = "";
    private boolean secret;
    private boolean required;
    private boolean commandLineOnly;

    private Builder(String name, Arity arity, String placeholder, ListParser<T> parser) {
      this.name = name;
      this.arity = arity;
      this.placeholder = placeholder;
      this.parser = parser;
    }

    public Builder<T> letter(char letter) {
      this.letter = letter;
      return this;
    }

    public Builder<T> help(String help) {
      this.help = help;
      return this;
    }

    public Builder<T> group(OptionGroup group) {
      this.group = group;
      return this;
    }

    /** A default that is parsed like a value that was written. */
    public Builder<T> defaultsTo(String text) {
      this.defaultText = text;
      this.defaultHelp = text;
      return this;
    }

    /** Words for the case that nothing was written, for instance "the slot's name". */
    public Builder<T> whenAbsent(String words) {
      this.defaultHelp = words;
      return this;
    }

    public Builder<T> secret() {
      this.secret = true;
      return this;
    }

    public Builder<T> required() {
      this.required = true;
      return this;
    }

    public Builder<T> commandLineOnly() {
      this.commandLineOnly = true;
      return this;
    }

    public Option<T> build() {
      return new Option<>(this);
    }
  }
}
