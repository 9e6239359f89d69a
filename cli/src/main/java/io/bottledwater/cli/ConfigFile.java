package io.bottledwater.cli;

import io.bottledwater.config.NearestName;
import io.bottledwater.config.Option;
import io.bottledwater.config.OptionSetting;
import io.bottledwater.config.OptionSource;
import io.bottledwater.config.Secrets;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Options in a YAML file: a mapping from options' names to values, every scalar taken as it is
 * written. {@code ${NAME}} in a value stands for an environment variable.
 */
final class ConfigFile implements OptionSource {
  static final int MOST_BYTES = 1 << 20;

  private final String fileName;
  private final Map<String, String> environment;
  private final Map<String, OptionSetting> settings = new HashMap<>();

  private ConfigFile(String fileName, Map<String, String> environment) {
    this.fileName = fileName;
    this.environment = environment;
  }

  /**
   * Reads the whole file.
   *
   * @param options those whose names are allowed as keys
   * @throws BottledWaterException with {@link ErrorCode#CONFIG_FILE} or {@link ErrorCode#USAGE}
   */
  static ConfigFile read(Path file, List<Option<?>> options, Map<String, String> environment) {
    ConfigFile config = new ConfigFile(OneLine.escape(file.toString()), environment);
    String text = config.decode(config.readBytes(file));
    Optional<Node> root = config.compose(text);
    if (root.isPresent()) {
      config.collect(root.get(), options);
    }
    return config;
  }

  @Override
  public Optional<OptionSetting> find(Option<?> option) {
    return Optional.ofNullable(settings.get(option.name()));
  }

  private byte[] readBytes(Path file) {
    if (Files.isDirectory(file)) {
      throw invalid(fileName + " is a directory.", "Name a file.");
    }
    if (!Files.exists(file)) {
      throw invalid(fileName + " does not exist.", "Name an existing file.");
    }
    byte[] bytes;
    // Not by the file's size alone: a pipe or a device has none.
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw new BottledWaterException(
          ErrorCode.CONFIG_FILE,
          fileName + " cannot be read.",
          "Check that this user may read it.",
          e);
    }
    if (bytes.length > MOST_BYTES) {
      throw invalid(
          fileName + " is larger than " + MOST_BYTES + " bytes.", "Name a configuration file.");
    }
    return bytes;
  }

  private String decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    if (result.isError()) {
      throw invalid(
          fileName + " is not UTF-8 at byte " + in.position() + ".", "Save the file as UTF-8.");
    }
    String text = out.flip().toString();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private Optional<Node> compose(String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(fileName).build();
    try {
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      String where =
          e.getProblemMark()
              .map(
                  mark -> " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
              .orElse("");
      throw notYaml(where, e);
    } catch (YamlEngineException e) {
      throw notYaml("", e);
    } catch (StackOverflowError e) {
      throw notYaml(": it is nested too deeply", e);
    }
  }

  private BottledWaterException notYaml(String where, Throwable cause) {
    return new BottledWaterException(
        ErrorCode.CONFIG_FILE,
        fileName + " is not valid YAML" + where + ".",
        "Write one `option: value` a line, and put values with special characters in quotes.",
        cause);
  }

  private void collect(Node root, List<Option<?>> options) {
    if (root.getTag().equals(Tag.NULL)) {
      return;
    }
    if (!(root instanceof MappingNode mapping)) {
      throw invalid(at(root) + ": the file is not a mapping.", "Write one `option: value` a line.");
    }
    List<String> names = options.stream().filter(ConfigFile::isAllowed).map(Option::name).toList();
    for (NodeTuple entry : mapping.getValue()) {
      String key = scalar(entry.getKeyNode(), "a key");
      String where = at(entry.getKeyNode());
      Option<?> option =
          options.stream()
              .filter(candidate -> isAllowed(candidate) && candidate.name().equals(key))
              .findFirst()
              .orElse(null);
      if (option == null) {
        // What is no word may be a value that slipped to the beginning of a line.
        boolean plain = key.matches("[A-Za-z0-9_-]{1,40}");
        throw new BottledWaterException(
            ErrorCode.USAGE,
            where + ": unknown key " + (plain ? OneLine.quote(key) : Secrets.HIDDEN) + ".",
            NearestName.suggestion(key, names, "", "Keys are options' names without dashes."),
            null);
      }
      String origin = where + ", " + key;
      OptionSetting setting =
          new OptionSetting(values(option, entry.getValueNode(), origin), origin);
      if (settings.put(key, setting) != null) {
        throw invalid(where + ": " + key + " is given twice.", "Write each key once.");
      }
    }
  }

  private static boolean isAllowed(Option<?> option) {
    // A file that names another file would leave open which of them wins.
    return !option.commandLineOnly() && !option.name().equals("config");
  }

  private List<String> values(Option<?> option, Node node, String origin) {
    boolean severalAllowed =
        option.arity() == Option.Arity.REPEATED || option.arity() == Option.Arity.COMMA_LIST;
    List<String> values = new ArrayList<>();
    if (node instanceof SequenceNode sequence && severalAllowed) {
      for (Node item : sequence.getValue()) {
        values.add(substitute(scalar(item, origin), origin));
      }
    } else if (node instanceof MappingNode mapping && option.arity() == Option.Arity.REPEATED) {
      Set<String> seen = new HashSet<>();
      for (NodeTuple entry : mapping.getValue()) {
        String name = scalar(entry.getKeyNode(), origin);
        if (!seen.add(name)) {
          throw invalid(
              at(entry.getKeyNode()) + ": " + OneLine.quote(name) + " is given twice.",
              "Write each key once.");
        }
        values.add(name + "=" + substitute(scalar(entry.getValueNode(), origin), origin));
      }
    } else {
      values.add(substitute(scalar(node, origin), origin));
    }
    if (values.isEmpty()) {
      throw invalid(origin + ": the list is empty.", "Write a value, or leave the key out.");
    }
    return values;
  }

  private String scalar(Node node, String what) {
    if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
      return scalar.getValue();
    }
    throw invalid(
        (what.startsWith(fileName) ? what : at(node) + ": " + what) + " has no plain value.",
        "Write the value behind the colon, in quotes when it is empty or has special characters.");
  }

  private String substitute(String text, String origin) {
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (true) {
      int open = text.indexOf("${", at);
      if (open < 0) {
        return result.append(text, at, text.length()).toString();
      }
      if (open > at && text.charAt(open - 1) == '$') {
        result.append(text, at, open - 1).append("${");
        at = open + 2;
        continue;
      }
      int close = text.indexOf('}', open);
      String name = close < 0 ? "" : text.substring(open + 2, close);
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,99}")) {
        throw usage(
            origin + ": ${ begins no variable's name.",
            "Write ${NAME}, or $${ for the characters.");
      }
      String value = environment.get(name);
      if (value == null) {
        throw usage(
            origin + ": environment variable " + name + " is not set.",
            "Set it, or write $${ if the characters are meant.");
      }
      result.append(text, at, open).append(value);
      at = close + 1;
    }
  }

  private String at(Node node) {
    @Nullable Mark mark = node.getStartMark().orElse(null);
    return mark == null ? fileName : fileName + " line " + (mark.getLine() + 1);
  }

  private static BottledWaterException invalid(String found, String advice) {
    return new BottledWaterException(ErrorCode.CONFIG_FILE, found, advice, null);
  }

  private static BottledWaterException usage(String found, String advice) {
    return new BottledWaterException(ErrorCode.USAGE, found, advice, null);
  }
}
