package io.bottledwater.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionSetting;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir Path directory;

  @Test
  void readsScalarsListsAndMappingsAsTheyAreWritten() throws IOException {
    ConfigFile file =
        read(
            """
            # the pump
            slot: one
            retry-limit: 010
            allow-unkeyed: yes
            headers: off
            tables: [public.a, 'public.b']
            exclude-tables:
              - shop.*
            kafka-config:
              linger.ms: 5
              client.id: "a: b"
            topic-config:
              - cleanup.policy=compact
            """);

    assertThat(texts(file, PumpOptions.SLOT)).containsExactly("one");
    assertThat(texts(file, PumpOptions.RETRY_LIMIT)).containsExactly("010");
    assertThat(texts(file, PumpOptions.ALLOW_UNKEYED)).containsExactly("yes");
    assertThat(texts(file, PumpOptions.HEADERS)).containsExactly("off");
    assertThat(texts(file, PumpOptions.TABLES)).containsExactly("public.a", "public.b");
    assertThat(texts(file, PumpOptions.EXCLUDE_TABLES)).containsExactly("shop.*");
    assertThat(texts(file, PumpOptions.KAFKA_CONFIG))
        .containsExactly("linger.ms=5", "client.id=a: b");
    assertThat(texts(file, PumpOptions.TOPIC_CONFIG)).containsExactly("cleanup.policy=compact");
    assertThat(file.find(PumpOptions.PUBLICATION)).isEmpty();
    assertThat(file.find(PumpOptions.SLOT).orElseThrow().origin())
        .isEqualTo(directory.resolve("pump.yaml") + " line 2, slot");
  }

  @Test
  void readsFilesWithByteOrderMarkAndWindowsLineEnds() throws IOException {
    ConfigFile file = read("\ufeffslot: one\r\nheaders: off\r\n");

    assertThat(texts(file, PumpOptions.SLOT)).containsExactly("one");
    assertThat(texts(file, PumpOptions.HEADERS)).containsExactly("off");
  }

  @ParameterizedTest
  @CsvSource({"''", "'# only a comment'", "'---'"})
  void readsAnEmptyFileAsNoOptions(String text) throws IOException {
    assertThat(read(text).find(PumpOptions.SLOT)).isEmpty();
  }

  @Test
  void substitutesTheEnvironment() throws IOException {
    ConfigFile file = read("postgres: postgres://u:${PW}@${HOST}/d\nslot: $${x}$y\n");

    assertThat(texts(file, PumpOptions.POSTGRES)).containsExactly("postgres://u:p${w@h/d");
    assertThat(texts(file, PumpOptions.SLOT)).containsExactly("${x}$y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "slot: a|slot: b; line 2: slot is given twice.",
        "kafka-config:|  a: 1|  a: 2; line 3: 'a' is given twice.",
        "- a; line 1: the file is not a mapping.",
        "just words; line 1: the file is not a mapping.",
        "slot:; line 1, slot has no plain value.",
        "slot: [a, b]; line 1, slot has no plain value.",
        "slot: {a: b}; line 1, slot has no plain value.",
        "tables: []; line 1, tables: the list is empty.",
        "[a]: b; line 1: a key has no plain value.",
      })
  void refusesWhatIsNoSetOfOptions(String lines, String complaint) {
    assertThat(refusal(lines.replace('|', '\n')).found())
        .isEqualTo(directory.resolve("pump.yaml") + " " + complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "slot: 'geheim; at line 1",
        "slot: a: geheim; at line 1, column 8",
        "a: b|\t- geheim; at line 2",
        "slot: &geheim *geheim; at line 1",
        "slot: a|---|slot: geheim; at line",
        "slot: @geheim; at line 1, column 7"
      })
  void refusesWhatIsNotYamlWithTheLineAndNoText(String lines, String where) {
    BottledWaterException refused = refusal(lines.replace('|', '\n'));

    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_FILE);
    assertThat(refused.getMessage())
        .contains("is not valid YAML " + where)
        .doesNotContain("geheim");
  }

  @Test
  void refusesNestingWithoutEnd() {
    assertThat(refusal("slot: " + "[".repeat(100_000)).code()).isEqualTo(ErrorCode.CONFIG_FILE);
  }

  @Test
  void refusesControlCharacters() {
    assertThat(refusal("slot: a\u0000b").found()).contains("is not valid YAML");
  }

  @Test
  void namesTheByteThatIsNotUtf8() throws IOException {
    Path file = directory.resolve("pump.yaml");
    Files.write(file, new byte[] {'s', 'l', 'o', 't', ':', ' ', (byte) 0xc3, 0x28});

    assertThat(refusal(file).found()).isEqualTo(file + " is not UTF-8 at byte 6.");
  }

  @Test
  void namesTheByteOfACharacterThatIsCutOff() throws IOException {
    Path file = directory.resolve("pump.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe2, (byte) 0x82});

    assertThat(refusal(file).found()).isEqualTo(file + " is not UTF-8 at byte 3.");
  }

  @Test
  void readsAFileOfOneMegabyteAndRefusesALargerOne() throws IOException {
    String comment = "#" + "x".repeat(ConfigFile.MOST_BYTES - 11) + "\nslot: one";
    assertThat(comment.getBytes(StandardCharsets.UTF_8)).hasSize(ConfigFile.MOST_BYTES);

    assertThat(texts(read(comment), PumpOptions.SLOT)).containsExactly("one");
    assertThat(refusal(comment + "\n").found()).endsWith("is larger than 1048576 bytes.");
  }

  private static List<String> texts(ConfigFile file, Option<?> option) {
    return file.find(option).map(OptionSetting::texts).orElse(List.of());
  }

  private ConfigFile read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("pump.yaml"), text);
    return ConfigFile.read(file, PumpOptions.ALL, Map.of("PW", "p${w", "HOST", "h"));
  }

  private BottledWaterException refusal(String text) {
    try {
      return refusal(Files.writeString(directory.resolve("pump.yaml"), text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static BottledWaterException refusal(Path file) {
    BottledWaterException refused =
        catchThrowableOfType(
            BottledWaterException.class, () -> ConfigFile.read(file, PumpOptions.ALL, Map.of()));
    assertThat(refused).isNotNull();
    return refused;
  }
}
