package io.bottledwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input to the real process: exit code 2, one line that says what to mend, no secret. */
class BadInputTest {
  private static final String SECRET = "geheim";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "--slto=x; BW-USAGE: unknown option --slto. Did you mean --slot?",
        "--pasword=geheim; BW-USAGE: unknown option --pasword.",
        "-q; BW-USAGE: unknown option -q.",
        "frobnicate; BW-USAGE: unknown command frobnicate.",
        "postgres://u:geheim@h/d; BW-USAGE: unknown command. A connection string follows",
        "-d; BW-USAGE: --postgres has no value.",
        "--slot=; BW-USAGE: --slot: '' cannot name a replication slot.",
        "--slot=My-Slot; BW-USAGE: --slot: 'My-Slot' cannot name a replication slot.",
        "--slot=a|--slot=b; BW-USAGE: --slot is given twice.",
        "-u|--allow-unkeyed; BW-USAGE: --allow-unkeyed is given twice.",
        "-u|--allow-unkeyed=off; BW-USAGE: --allow-unkeyed is given twice.",
        "-f|protobuff; BW-USAGE: --output-format: 'protobuff' is not one of avro, json, protobuf. Did you"
            + " mean protobuf?",
        "--envelop=debezium; BW-USAGE: unknown option --envelop. Did you mean --envelope?",
        "-d|postgres://u:geheim@h:abc/d; BW-USAGE: --postgres: port 'abc' is not a number",
        "-d|postgres://u:geheim@h:0/d; BW-USAGE: --postgres: port '0' is not a number",
        "-d|postgres://u:geheim@h:70000/d; BW-USAGE: --postgres: port '70000' is not a number",
        "-d|postgres://u:geheim; BW-USAGE: --postgres: the port is not a number",
        "-d|host=h password=geheim drei; BW-USAGE: --postgres: no equals sign follows the word",
        "-d|host=h password='a|geheim; BW-USAGE: a word belongs to no option.",
        "-d|postgres://h/d?socketFactory=x.geheim; BW-USAGE: --postgres: connection parameter"
            + " 'socketFactory' is unknown.",
        "-d|postgres://h/d?loggerFile=/geheim; BW-USAGE: --postgres: connection parameter"
            + " 'loggerFile' is unknown.",
        "-d|host=h host=i; BW-USAGE: --postgres: host is given twice.",
        "-d|host=/tmp; BW-USAGE: --postgres: host '/tmp' is a Unix socket",
        "-d|postgres:///|-b|k:abc; BW-USAGE: --broker: port 'abc' is not a number",
        "-d|postgres:///|-r|ftp://u:geheim@r; BW-USAGE: --schema-registry: a registry URL is",
        "-d|postgres:///|-C|geheim; BW-USAGE: --kafka-config: a property is not of the form P=V.",
        "-d|postgres:///|-C|linger.ms=1|-C|linger.ms=2; BW-USAGE: --kafka-config: property"
            + " 'linger.ms' is given twice.",
        "-d|postgres:///|-C|lingr.ms=1; BW-KAFKA-CONFIG: --kafka-config: unknown property"
            + " 'lingr.ms'. Did you mean linger.ms?",
        "-d|postgres:///|-C|sasl.jaas.config=com.sun.security.auth.module.JndiLoginModule required"
            + " p=geheim\\; BW-KAFKA-CONFIG: --kafka-config: sasl.jaas.config names a JNDI",
        "-d|postgres:///|-C|sasl.oauthbearer.token.endpoint.url=file:///geheim; BW-KAFKA-CONFIG:"
            + " --kafka-config: sasl.oauthbearer.token.endpoint.url is not an https:// URL.",
        "-d|postgres:///|--tables=orders; BW-USAGE: --tables: 'orders' names no schema.",
        "-d|postgres:///|--type-mapping=classic|--numeric=string; BW-USAGE: --numeric: with"
            + " --type-mapping=classic numeric is always a double. Leave one of the two out.",
        "-d|postgres:///|--type-mapping=classic|--numeric=decimal(9,2); BW-USAGE: --numeric: with",
        "-d|postgres:///|--type-mapping=classic|--enum=enum; BW-USAGE: --enum: with"
            + " --type-mapping=classic enumerated types are always strings.",
        "-d|postgres:///|--type-mapping=classic|--special-values=string; BW-USAGE: --special-values:"
            + " with --type-mapping=classic schemas have no place for a second type.",
        "-d|postgres:///|--type-mapping=classic|-f|protobuf; BW-USAGE: --output-format:"
            + " --type-mapping=classic has no form in protobuf. Choose avro or json.",
        "-d|postgres:///|--envelope=debezium|--numeric=decimal(9,2); BW-USAGE: --numeric: with"
            + " --envelope=debezium there are no decimals of one precision for all columns.",
        "-d|postgres:///|--envelope=debezium|--enum=enum; BW-USAGE: --enum: with",
        "-d|postgres:///|--envelope=debezium|--special-values=string; BW-USAGE: --special-values:"
            + " with --envelope=debezium schemas have no place for a second type.",
        "-d|postgres:///|--envelope=debezium|-f|protobuf; BW-USAGE: --output-format:"
            + " --envelope=debezium has no form in protobuf. Choose avro or json.",
        "--config=/nowhere/pump.yaml; BW-CONFIG-FILE: /nowhere/pump.yaml does not exist.",
        "--config=/; BW-CONFIG-FILE: / is a directory.",
        "--config=/dev/zero; BW-CONFIG-FILE: /dev/zero is larger than 1048576 bytes.",
        "-x; BW-USAGE: --postgres: no database is named."
      })
  void refusesABadCommandLine(String args, String complaint) throws Exception {
    assertRefused(CommandProcess.run(Map.of(), args.split("\\|")), complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "slto: x; line 1: unknown key 'slto'. Did you mean slot?",
        "postgres://u:geheim@h: d; line 1: unknown key [hidden].",
        "help: true; line 1: unknown key 'help'.",
        "config: other.yaml; line 1: unknown key 'config'.",
        "# c|slot: My Slot; line 2, slot: 'My Slot' cannot name a replication slot.",
        "slot: ${NOT_SET}; line 1, slot: environment variable NOT_SET is not set.",
        "slot: ${not closed; line 1, slot: ${ begins no variable's name.",
        "kafka-config:|  linger ms: 5; line 1, kafka-config: a property is not of the form P=V.",
        "postgres: postgres://u:geheim@h:0/d; line 1, postgres: port '0' is not a number",
        "postgres: h|retry-limit: soon; line 2, retry-limit: 'soon' is not a whole number"
      })
  void refusesABadValueInAFileWithItsLine(String lines, String complaint) throws Exception {
    Path file = Files.writeString(directory.resolve("pump.yaml"), lines.replace('|', '\n'));

    CommandProcess process = CommandProcess.run(Map.of(), "--config=" + file);

    assertRefused(process, "BW-USAGE: " + file + " " + complaint);
  }

  @Test
  void refusesAFileThatIsNotUtf8WithTheByte() throws Exception {
    Path file = directory.resolve("pump.yaml");
    Files.write(file, "slot: a\nx: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

    assertRefused(
        CommandProcess.run(Map.of(), "--config=" + file),
        "BW-CONFIG-FILE: " + file + " is not UTF-8 at byte 11.");
  }

  @Test
  void refusesAMistypedEnvironmentVariable() throws Exception {
    assertRefused(
        CommandProcess.run(Map.of("BOTTLEDWATER_SLTO", "x"), "-d", "postgres:///"),
        "BW-USAGE: environment variable 'BOTTLEDWATER_SLTO' names no option. Did you mean"
            + " BOTTLEDWATER_SLOT?");
  }

  @Test
  void refusesALogLevelThatIsNone() throws Exception {
    assertRefused(
        CommandProcess.run(Map.of("BOTTLEDWATER_LOG_LEVEL", "loud"), "-d", "postgres:///"),
        "BW-USAGE: BOTTLEDWATER_LOG_LEVEL: 'loud' is not a level.");
  }

  @Test
  void escapesTerminalControlInWhatItRepeats() throws Exception {
    CommandProcess process = CommandProcess.run(Map.of(), "--slot=a\n\u001b[31mb");

    assertRefused(process, "BW-USAGE: --slot: 'a\\n\\u001b[31mb' cannot name a replication slot.");
  }

  @Test
  void namesTheVariableThatFilledABadValue() throws Exception {
    assertRefused(
        CommandProcess.run(Map.of("PGPORT", "abc"), "-d", "postgres://u:geheim@h/d"),
        "BW-USAGE: --postgres: port 'abc' is not a number from 1 to 65535 (from PGPORT).");
  }

  private static void assertRefused(CommandProcess process, String complaint) throws IOException {
    assertThat(process.err()).startsWith("bottledwater: " + complaint).doesNotContain(SECRET);
    assertThat(process.err().lines()).hasSize(1);
    assertThat(process.err()).endsWith("\n");
    assertThat(process.out()).isEmpty();
    assertThat(process.exitCode()).isEqualTo(2);
  }
}
