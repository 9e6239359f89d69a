package io.bottledwater.cli;

import io.bottledwater.cli.consume.LineFormat;
import io.bottledwater.cli.consume.StartAt;
import io.bottledwater.config.HostPort;
import io.bottledwater.config.NearestName;
import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.config.WholeNumber;
import io.bottledwater.error.OneLine;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The closed list of the options of {@code bottledwater consume}. */
final class ConsumeOptions {
  static final Option<List<HostPort>> BOOTSTRAP_SERVER =
      Option.commaList(
              "bootstrap-server",
              "H[:P],...",
              text -> HostPort.parseList(text, HostPort.KAFKA_PORT))
          .group(OptionGroup.KAFKA)
          .defaultsTo("localhost:9092")
          .help("Kafka's bootstrap servers.")
          .build();

  static final Option<String> TOPIC =
      Option.value("topic", "T", ConsumeOptions::topic)
          .group(OptionGroup.RECORDS)
          .whenAbsent("required")
          .help("The topic to print.")
          .build();

  static final Option<Boolean> FROM_BEGINNING =
      Option.flag("from-beginning")
          .group(OptionGroup.RECORDS)
          .help("Start with the oldest record instead of the next one that is written.")
          .build();

  static final Option<Integer> PARTITION =
      WholeNumber.option("partition", "P", 0, Integer.MAX_VALUE)
          .group(OptionGroup.RECORDS)
          .whenAbsent("all")
          .help("Print this partition only.")
          .build();

  static final Option<StartAt> OFFSET =
      Option.value("offset", "O|earliest|latest", ConsumeOptions::startAt)
          .group(OptionGroup.RECORDS)
          .whenAbsent("latest")
          .help("Start with this offset; a number needs --partition.")
          .build();

  static final Option<Integer> MAX_MESSAGES =
      WholeNumber.option("max-messages", "N", 1, Integer.MAX_VALUE)
          .group(OptionGroup.RUNNING)
          .whenAbsent("no limit")
          .help("End after that many records.")
          .build();

  static final Option<Integer> TIMEOUT_MS =
      WholeNumber.option("timeout-ms", "N", 0, Integer.MAX_VALUE)
          .group(OptionGroup.RUNNING)
          .whenAbsent("never")
          .help("End when no record came for so many milliseconds.")
          .build();

  static final Option<String> ISOLATION_LEVEL =
      Option.value(
              "isolation-level", "read_committed|read_uncommitted", ConsumeOptions::isolationLevel)
          .group(OptionGroup.KAFKA)
          .defaultsTo("read_committed")
          .help("Whether records of open and aborted Kafka transactions are left out.")
          .build();

  static final Option<LineFormat> PROPERTY =
      Option.repeated("property", "P=V", ConsumeOptions::lineFormat)
          .group(OptionGroup.RECORDS)
          .defaultsTo("print.key=false")
          .whenAbsent("values only")
          .help(
              "print.key=true and print.headers=true add columns, key.separator=S stands between"
                  + " them instead of a tab. May be repeated.")
          .build();

  static final List<Option<?>> ALL =
      List.of(
          BOOTSTRAP_SERVER,
          PumpOptions.SCHEMA_REGISTRY,
          ISOLATION_LEVEL,
          TOPIC,
          FROM_BEGINNING,
          PARTITION,
          OFFSET,
          PROPERTY,
          MAX_MESSAGES,
          TIMEOUT_MS,
          PumpOptions.LOG_FORMAT);

  private static final String PRINT_KEY = "print.key";
  private static final String PRINT_HEADERS = "print.headers";
  private static final String SEPARATOR = "key.separator";
  private static final List<String> PROPERTIES = List.of(PRINT_KEY, PRINT_HEADERS, SEPARATOR);

  private ConsumeOptions() {}

  private static String topic(String text) throws OptionValueException {
    if (!text.matches("[A-Za-z0-9._-]{1,249}") || text.equals(".") || text.equals("..")) {
      throw new OptionValueException(
          OneLine.quote(text) + " cannot be a topic's name",
          "Kafka's topics have letters, digits, dots, underscores and dashes, 249 at most.");
    }
    return text;
  }

  private static StartAt startAt(String text) throws OptionValueException {
    if (text.equals("earliest")) {
      return new StartAt.Earliest();
    }
    if (text.equals("latest")) {
      return new StartAt.Latest();
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new OptionValueException(
          OneLine.quote(text) + " is not an offset", "Write a number, earliest or latest.");
    }
    return new StartAt.Offset(Long.parseLong(text));
  }

  private static String isolationLevel(String text) throws OptionValueException {
    String level = text.toLowerCase(Locale.ROOT).replace('-', '_');
    if (!level.equals("read_committed") && !level.equals("read_uncommitted")) {
      throw new OptionValueException(
          OneLine.quote(text) + " is not an isolation level",
          "Write read_committed or read_uncommitted.");
    }
    return level;
  }

  private static LineFormat lineFormat(List<String> texts) throws OptionValueException {
    Map<String, String> given = new HashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      if (!PROPERTIES.contains(name)) {
        throw new OptionValueException(
            "property " + OneLine.quote(name) + " is not known",
            NearestName.suggestion(
                name, PROPERTIES, "", "Use " + String.join(", ", PROPERTIES) + "."));
      }
      if (equals < 0) {
        throw new OptionValueException(
            "property " + name + " has no value", "Write it after an equals sign.");
      }
      if (given.put(name, text.substring(equals + 1)) != null) {
        throw new OptionValueException(
            "property " + name + " is given twice", "Write each property once.");
      }
    }
    return new LineFormat(
        isTrue(given, PRINT_HEADERS),
        isTrue(given, PRINT_KEY),
        // Shells make it hard to write a tab.
        given.getOrDefault(SEPARATOR, "\t").replace("\\t", "\t"));
  }

  private static boolean isTrue(Map<String, String> given, String name)
      throws OptionValueException {
    String value = given.getOrDefault(name, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new OptionValueException(
          "property " + name + " is neither true nor false", "Write " + name + "=true.");
    }
    return value.equals("true");
  }
}
