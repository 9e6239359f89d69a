package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in the place of a column's values.
 *
 * @param characters how many {@code TRUNCATE} keeps, else 0
 */
public record ColumnMask(ColumnPattern columns, Kind kind, int characters) {
  /** The masks, in the order of help. */
  public enum Kind {
    NULL,
    HASH,
    REDACT,
    TRUNCATE,
    /** The value itself: an exception from a wider pattern that follows. */
    KEEP
  }

  private static final String ADVICE =
      "Write for instance public.users.email=hash; the masks are null, hash, redact, truncate:N and"
          + " keep.";
  private static final int MOST_CHARACTERS = 1_000_000;

  /** Reads {@code schema.table.column=mask} with commas. */
  static List<ColumnMask> parseList(String text) throws OptionValueException {
    List<ColumnMask> masks = new ArrayList<>();
    GlobReader in = new GlobReader(text, ",=", ADVICE);
    do {
      ColumnPattern columns = ColumnPattern.read(in);
      if (!in.isAt('=')) {
        throw new OptionValueException(OneLine.quote(in.written()) + " has no mask", ADVICE);
      }
      in.next();
      masks.add(mask(columns, in.word(',')));
    } while (in.next());
    return masks;
  }

  private static ColumnMask mask(ColumnPattern columns, String word) throws OptionValueException {
    return switch (word) {
      case "null" -> new ColumnMask(columns, Kind.NULL, 0);
      case "hash" -> new ColumnMask(columns, Kind.HASH, 0);
      case "redact" -> new ColumnMask(columns, Kind.REDACT, 0);
      case "keep" -> new ColumnMask(columns, Kind.KEEP, 0);
      default -> {
        if (!word.matches("truncate:[0-9]{1,7}")) {
          throw new OptionValueException(OneLine.quote(word) + " is not a mask", ADVICE);
        }
        int characters = Integer.parseInt(word.substring("truncate:".length()));
        if (characters < 1 || characters > MOST_CHARACTERS) {
          throw new OptionValueException(
              OneLine.quote(word) + " keeps too few or too many characters",
              "Write a number from 1 to " + MOST_CHARACTERS + ".");
        }
        yield new ColumnMask(columns, Kind.TRUNCATE, characters);
      }
    };
  }
}
