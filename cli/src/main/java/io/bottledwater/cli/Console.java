package io.bottledwater.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command has of the outside.
 *
 * @param out for data only
 * @param err for messages; the log goes there too
 * @param stopSignal where a command that runs for long says how it is stopped
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    StopSignal stopSignal) {
  /** The process's own streams, in UTF-8 whatever the locale. */
  static Console ofProcess() {
    return new Console(
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        new StopSignal());
  }
}
