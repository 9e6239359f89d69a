package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file's name as an option's value. */
public final class FileName {
  private FileName() {}

  /** Refuses what no file system takes as a name. */
  public static Path parse(String text) throws OptionValueException {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // Falls through to the same complaint.
    }
    throw new OptionValueException(
        OneLine.quote(text) + " is not a file name", "Name an existing file.");
  }
}
