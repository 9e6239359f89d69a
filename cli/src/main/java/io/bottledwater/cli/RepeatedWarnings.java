package io.bottledwater.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets each warning of a library through twice a minute at most: Kafka's clients warn of a broker
 * that does not answer with every try, which the pump reports by itself. Thread safe.
 */
final class RepeatedWarnings extends TurboFilter {
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST_REMEMBERED = 256;

  private final String library;
  private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();

  /**
   * @param library what the names of its loggers begin with
   */
  RepeatedWarnings(String library) {
    this.library = library;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (format == null || level != Level.WARN || !logger.getName().startsWith(library)) {
      return FilterReply.NEUTRAL;
    }
    if (lastNanos.size() >= MOST_REMEMBERED) {
      lastNanos.clear();
    }
    long now = System.nanoTime();
    boolean[] denied = {false};
    lastNanos.compute(
        format,
        (key, last) -> {
          if (last != null && now - last < SILENCE_NANOS) {
            denied[0] = true;
            return last;
          }
          return now;
        });
    return denied[0] ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
