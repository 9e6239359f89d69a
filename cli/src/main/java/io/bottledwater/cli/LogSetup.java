package io.bottledwater.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.bottledwater.config.LogFormat;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.OneLine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to standard error. Logback finds this class as a service, so that even what is
 * logged before {@link #start} stays away from standard output, which is for data.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  static final String LEVEL_VARIABLE = "BOTTLEDWATER_LOG_LEVEL";

  private static final List<String> LEVELS =
      List.of("off", "error", "warn", "info", "debug", "trace");

  /** Called by logback. */
  public LogSetup() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    apply(context, LogFormat.TEXT, Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * @param format text when absent
   * @param level the value of {@link #LEVEL_VARIABLE}, null when it is not set
   */
  static void start(Optional<LogFormat> format, @Nullable String level) {
    String word = level == null ? "info" : level.toLowerCase(Locale.ROOT);
    if (!LEVELS.contains(word)) {
      throw new BottledWaterException(
          ErrorCode.USAGE,
          LEVEL_VARIABLE + ": " + OneLine.quote(word) + " is not a level.",
          "Use one of " + String.join(", ", LEVELS) + ".",
          null);
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    apply(context, format.orElse(LogFormat.TEXT), Level.toLevel(word));
  }

  /** Takes a library's word away, for a command that reports its failures itself. */
  static void silence(String logger) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel().isGreaterOrEqual(Level.INFO)) {
      context.getLogger(logger).setLevel(Level.OFF);
    }
  }

  private static void apply(LoggerContext context, LogFormat format, Level level) {
    context.reset();
    Encoder<ILoggingEvent> encoder =
        format == LogFormat.JSON ? new JsonLogEncoder() : new TextLogEncoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("standard-error");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    if (level == Level.INFO) {
      // Kafka and Jetty print their whole configuration at INFO.
      context.getLogger("org.apache.kafka").setLevel(Level.WARN);
      context.getLogger("kafka").setLevel(Level.WARN);
      context.getLogger("state.change.logger").setLevel(Level.WARN);
      // An embedded node warns of being new each time that it is.
      context.getLogger("org.apache.kafka.controller").setLevel(Level.ERROR);
      context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
      RepeatedWarnings filter = new RepeatedWarnings("org.apache.kafka.clients");
      filter.setContext(context);
      filter.start();
      context.addTurboFilter(filter);
    }
  }
}
