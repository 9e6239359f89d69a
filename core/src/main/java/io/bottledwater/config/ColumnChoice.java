package io.bottledwater.config;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Which columns are left out, and which are masked.
 *
 * @param salt the secret of {@code hash}; given whenever a mask hashes
 */
public record ColumnChoice(
    List<ColumnPattern> excluded, List<ColumnMask> masks, Optional<String> salt) {
  public ColumnChoice {
    excluded = List.copyOf(excluded);
    masks = List.copyOf(masks);
  }

  static ColumnChoice from(ParsedOptions options) {
    ColumnChoice choice =
        new ColumnChoice(
            options.find(PumpOptions.EXCLUDE_COLUMNS).orElse(List.of()),
            options.find(PumpOptions.MASK_COLUMNS).orElse(List.of()),
            options.find(PumpOptions.MASK_SALT));
    boolean hashes = choice.masks.stream().anyMatch(mask -> mask.kind() == ColumnMask.Kind.HASH);
    if (hashes && choice.salt.isEmpty()) {
      throw new BottledWaterException(
          ErrorCode.USAGE,
          PumpOptions.MASK_COLUMNS + ": hash needs a secret, and there is none.",
          "Put at least 16 random characters into BOTTLEDWATER_MASK_SALT.",
          null);
    }
    return choice;
  }

  /** Without the salt. */
  @Override
  public String toString() {
    return excluded + " " + masks;
  }
}
