package io.bottledwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

/** What of a library's warnings reaches the log. */
class RepeatedWarningsTest {
  private final LoggerContext context = new LoggerContext();
  private final RepeatedWarnings filter = new RepeatedWarnings("org.apache.kafka.clients");

  @Test
  void holdsBackTheSameWarningButNeitherOthersNorErrorsNorOurOwn() {
    String clients = "org.apache.kafka.clients.NetworkClient";

    assertThat(decide(clients, Level.WARN, "no connection to {}")).isEqualTo(FilterReply.NEUTRAL);
    assertThat(decide(clients, Level.WARN, "no connection to {}")).isEqualTo(FilterReply.DENY);
    assertThat(decide(clients, Level.WARN, "disconnected from {}")).isEqualTo(FilterReply.NEUTRAL);
    for (int i = 0; i < 2; i++) {
      assertThat(decide(clients, Level.ERROR, "fatal")).isEqualTo(FilterReply.NEUTRAL);
      assertThat(decide("io.bottledwater.pump.Pump", Level.WARN, "ours"))
          .isEqualTo(FilterReply.NEUTRAL);
    }
  }

  @Test
  void remembersABoundedNumber() {
    for (int i = 0; i < 1000; i++) {
      assertThat(decide("org.apache.kafka.clients.x", Level.WARN, "warning " + i))
          .isEqualTo(FilterReply.NEUTRAL);
    }
    assertThat(decide("org.apache.kafka.clients.x", Level.WARN, "warning 999"))
        .isEqualTo(FilterReply.DENY);
  }

  private FilterReply decide(String logger, Level level, String format) {
    return filter.decide(null, context.getLogger(logger), level, format, null, null);
  }
}
