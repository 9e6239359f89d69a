package io.bottledwater.type.classic;

import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The offsets of a time zone. Remembers the last one and the time that it is valid for, so that
 * rows of the same half year cost no lookup. One thread only.
 */
final class ZoneOffsets {
  private final ZoneRules rules;

  // Valid from and before, seconds since 1970; nothing at first.
  private long from = Long.MAX_VALUE;
  private long before = Long.MIN_VALUE;
  private int seconds;

  ZoneOffsets(ZoneRules rules) {
    this.rules = rules;
  }

  /**
   * @return seconds east of UTC
   */
  int at(long epochSecond) {
    if (epochSecond < from || epochSecond >= before) {
      Instant instant = Instant.ofEpochSecond(epochSecond);
      ZoneOffsetTransition last = rules.previousTransition(instant.plusSeconds(1));
      ZoneOffsetTransition next = rules.nextTransition(instant);
      from = last == null ? Long.MIN_VALUE : last.toEpochSecond();
      before = next == null ? Long.MAX_VALUE : next.toEpochSecond();
      seconds = rules.getOffset(instant).getTotalSeconds();
    }
    return seconds;
  }
}
