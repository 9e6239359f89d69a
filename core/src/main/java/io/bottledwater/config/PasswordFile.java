package io.bottledwater.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** libpq's password file, by default {@code ~/.pgpass} (PostgreSQL manual, 32.16). */
final class PasswordFile {
  private static final long MOST_BYTES = 1 << 20;
  private static final Set<PosixFilePermission> FORBIDDEN =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /** As written: host:port:database:user:password. */
  private final List<String> lines;

  private PasswordFile(List<String> lines) {
    this.lines = lines;
  }

  /** Reads the file; one that is missing or that others may read holds nothing. */
  static PasswordFile read(Path file, Consumer<String> warnings) {
    try {
      if (!Files.exists(file)) {
        return new PasswordFile(List.of());
      }
      if (!Files.isRegularFile(file)) {
        return ignored(file, "is not a plain file", warnings);
      }
      if (Files.size(file) > MOST_BYTES) {
        return ignored(file, "is larger than 1 MB", warnings);
      }
      if (isReadableByOthers(file)) {
        return ignored(file, "has group or world access; run: chmod 0600 " + file, warnings);
      }
      return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return ignored(file, "cannot be read", warnings);
    }
  }

  static PasswordFile parse(String content) {
    List<String> lines = new ArrayList<>();
    for (String line : content.split("\r?\n")) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        lines.add(line);
      }
    }
    return new PasswordFile(lines);
  }

  /** The password of the first line that fits. */
  Optional<String> find(HostPort host, String database, String user) {
    String[] wanted = {host.host(), Integer.toString(host.port()), database, user};
    for (String line : lines) {
      int at = 0;
      for (int field = 0; field < wanted.length && at >= 0; field++) {
        at = afterField(line, at, wanted[field]);
      }
      if (at >= 0) {
        return Optional.of(unescape(line, at));
      }
    }
    return Optional.empty();
  }

  /** Where the next field begins when the one at {@code at} fits, else -1. */
  private static int afterField(String line, int at, String wanted) {
    if (line.startsWith("*:", at)) {
      return at + 2;
    }
    int matched = 0;
    int i = at;
    while (i < line.length() && line.charAt(i) != ':') {
      if (line.charAt(i) == '\\' && i + 1 < line.length()) {
        i++;
      }
      if (matched == wanted.length() || line.charAt(i) != wanted.charAt(matched)) {
        return -1;
      }
      matched++;
      i++;
    }
    return matched == wanted.length() && i < line.length() ? i + 1 : -1;
  }

  private static String unescape(String line, int from) {
    StringBuilder password = new StringBuilder();
    for (int i = from; i < line.length() && line.charAt(i) != ':'; i++) {
      if (line.charAt(i) == '\\' && i + 1 < line.length()) {
        i++;
      }
      password.append(line.charAt(i));
    }
    return password.toString();
  }

  private static boolean isReadableByOthers(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(FORBIDDEN::contains);
    } catch (UnsupportedOperationException e) {
      // As libpq on Windows: there are no such permissions to check.
      return false;
    }
  }

  private static PasswordFile ignored(Path file, String why, Consumer<String> warnings) {
    warnings.accept("Password file " + file + " is ignored: it " + why + ".");
    return new PasswordFile(List.of());
  }
}
