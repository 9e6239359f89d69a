package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
  private static final HostPort HOST = new HostPort("db.example", 5432);

  @Test
  void takesTheFirstLineThatFits() {
    PasswordFile file =
        PasswordFile.parse(
            "# other:5432:shop:me:comment\r\n"
                + "other:5432:shop:me:one\r\n"
                + "db.example:5433:shop:me:two\n"
                + "db.example:*:shop:me:three\n"
                + "*:*:*:*:four\n");

    assertThat(file.find(HOST, "shop", "me")).contains("three");
    assertThat(file.find(HOST, "shop", "you")).contains("four");
  }

  @Test
  void takesAWildcardOnlyForAWholeField() {
    PasswordFile file = PasswordFile.parse("db*:*:*:*:one\ndb.example:*:*:me*:two\n");

    assertThat(file.find(HOST, "shop", "me")).isEmpty();
  }

  @Test
  void fitsNoLineWithTooFewFields() {
    assertThat(PasswordFile.parse("db.example:5432:shop\n*:*\n:\n").find(HOST, "shop", "me"))
        .isEmpty();
  }

  @Test
  void findsEveryFieldThatWasEscapedByLibpqsRules() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      String database = randomText(random);
      String user = randomText(random);
      String password = randomText(random);
      PasswordFile file =
          PasswordFile.parse(
              String.join(
                  ":", "*", "5432", escape(database), escape(user), escape(password) + "\n"));

      assertThat(file.find(HOST, database, user)).contains(password);
      assertThat(file.find(HOST, database + "x", user)).isEmpty();
    }
  }

  @Test
  void ignoresAFileThatOthersMayRead(@TempDir Path directory) throws IOException {
    Path path = directory.resolve(".pgpass");
    Files.writeString(path, "*:*:*:*:geheim\n");
    List<String> warnings = new ArrayList<>();

    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(PasswordFile.read(path, warnings::add).find(HOST, "shop", "me")).isEmpty();
    assertThat(warnings).singleElement().asString().contains("chmod 0600").doesNotContain("geheim");

    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    assertThat(PasswordFile.read(path, warnings::add).find(HOST, "shop", "me")).contains("geheim");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void holdsNothingWhenTheFileIsMissing(@TempDir Path directory) {
    List<String> warnings = new ArrayList<>();

    PasswordFile file = PasswordFile.read(directory.resolve("none"), warnings::add);

    assertThat(file.find(HOST, "shop", "me")).isEmpty();
    assertThat(warnings).isEmpty();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace(":", "\\:");
  }

  private static String randomText(Random random) {
    String alphabet = "ab:\\*#@ é";
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(10); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
