package io.bottledwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.config.PumpOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Documents that derive from declarations. */
class DocumentsTest {
  private static final String REWRITE =
      "./mvnw -q -B -ntp -pl cli -am test -Dtest=DocumentsTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dbottledwater.docs=write";

  private final Path root = Path.of("").toAbsolutePath().getParent();

  @Test
  void readmeListsTheOptionsAsDeclared() throws IOException {
    Path readme = root.resolve("README.md");
    String written = Files.readString(readme);
    compare(readme, written, OptionsDoc.rewrite(written, PumpOptions.ALL));
  }

  @Test
  void errorsPageListsTheCodesAsDeclared() throws IOException {
    Path page = root.resolve("docs/errors.md");
    compare(page, Files.exists(page) ? Files.readString(page) : "", ErrorsDoc.page());
  }

  private static void compare(Path file, String written, String derived) throws IOException {
    if ("write".equals(System.getProperty("bottledwater.docs"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, derived);
      return;
    }
    assertThat(written)
        .as("%s is out of date; rewrite it with: %s", file, REWRITE)
        .isEqualTo(derived);
  }
}
