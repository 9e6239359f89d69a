package io.bottledwater.config;

import java.util.List;

/**
 * What was written for an option, and where.
 *
 * @param texts the values as written, at least one
 * @param origin where it stands, for messages: {@code --slot}, {@code BOTTLEDWATER_SLOT} or {@code
 *     pump.yaml line 3, slot}
 */
public record OptionSetting(List<String> texts, String origin) {
  public OptionSetting {
    texts = List.copyOf(texts);
  }

  /** Without the values, which may be secrets. */
  @Override
  public String toString() {
    return origin;
  }
}
