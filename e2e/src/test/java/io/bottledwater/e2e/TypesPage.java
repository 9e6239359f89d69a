package io.bottledwater.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of {@code docs/types.md}. */
final class TypesPage {
  private static final Path FILE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/types.md");

  /** A type, and perhaps the first version of PostgreSQL that has it. */
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)`(?: \\((\\d+)\\))? \\|.*");

  /** Its types no server of the tests has; they are tested where their decoders are. */
  private static final String WITHOUT_SERVER = "## PostGIS";

  private TypesPage() {}

  /** The types that a server of this major version has. */
  static Set<String> names(int version) throws IOException {
    Set<String> names = new TreeSet<>();
    boolean counts = true;
    for (String line : Files.readAllLines(FILE)) {
      Matcher row = ROW.matcher(line);
      if (line.startsWith("## ")) {
        counts = !line.startsWith(WITHOUT_SERVER);
      } else if (counts && row.matches()) {
        int since = row.group(2) == null ? 0 : Integer.parseInt(row.group(2));
        if (since <= version) {
          names.add(row.group(1));
        }
      }
    }
    return names;
  }
}
