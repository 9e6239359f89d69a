package io.bottledwater.embedded.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server writes about itself into {@code postmaster.pid}, one item a line: pid, data
 * directory, start time, port, socket directory, address, shared memory key, status (since
 * PostgreSQL 10).
 */
record PostmasterFile(long pid, boolean ready) {
  private static final int STATUS_LINE = 7;

  /** Null while there is none, or it is only half written. */
  static @Nullable PostmasterFile read(Path clusterDirectory) throws IOException {
    try {
      List<String> lines =
          Files.readAllLines(
              clusterDirectory.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
      if (lines.isEmpty() || !lines.get(0).strip().matches("-?\\d{1,18}")) {
        return null;
      }
      boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
      return new PostmasterFile(Long.parseLong(lines.get(0).strip()), ready);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
