package io.bottledwater.embedded.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarUnpackerTest {
  @TempDir Path directory;
  Path target;

  @BeforeEach
  void createTarget() throws IOException {
    target = Files.createDirectory(directory.resolve("target"));
  }

  @Test
  void unpacksFilesWithTheirExecutableBitDirectoriesAndLinks() throws IOException {
    byte[] large = "x".repeat(1500).getBytes(ISO_8859_1);
    unpack(
        entry("./bin/", '5', "0755", "", new byte[0]),
        entry("./bin/program", '0', "0755", "", large),
        entry("./share/text", '0', "0644", "", "text".getBytes(ISO_8859_1)),
        entry("./lib/link", '2', "0777", "../share/text", new byte[0]),
        new byte[1024]);

    assertThat(target.resolve("bin/program")).isExecutable().hasBinaryContent(large);
    assertThat(target.resolve("lib/link")).isSymbolicLink().hasContent("text");
    assertThat(Files.isExecutable(target.resolve("share/text"))).isFalse();
  }

  @Test
  void refusesAFileOutsideTheTarget() {
    assertThatThrownBy(() -> unpack(entry("../escaped", '0', "0644", "", new byte[] {1})))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("../escaped");
    assertThat(directory.resolve("escaped")).doesNotExist();
  }

  @Test
  void refusesALinkThatLeadsOutOfTheTarget() {
    assertThatThrownBy(() -> unpack(entry("link", '2', "0777", "../../etc", new byte[0])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leads out");
    assertThatThrownBy(() -> unpack(entry("link", '2', "0777", "/etc/passwd", new byte[0])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leads out");
  }

  @Test
  void refusesATruncatedArchive() {
    byte[] whole = entry("file", '0', "0644", "", new byte[600]);
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 1000))).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 100))).isInstanceOf(EOFException.class);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> unpack(entry("long", 'L', "0644", "", new byte[0])))
        .hasMessageContaining("unexpected entry type");
    assertThatThrownBy(() -> unpack(entry("mode", '0', "9999", "", new byte[0])))
        .hasMessageContaining("not octal");
  }

  private void unpack(byte[]... parts) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      archive.write(part);
    }
    new TarUnpacker(new ByteArrayInputStream(archive.toByteArray()), target).unpack();
  }

  private static byte[] entry(String name, char type, String mode, String link, byte[] content) {
    byte[] entry = new byte[512 + (content.length + 511) / 512 * 512];
    put(entry, 0, name);
    put(entry, 100, mode);
    put(entry, 124, Integer.toOctalString(content.length));
    entry[156] = (byte) type;
    put(entry, 157, link);
    System.arraycopy(content, 0, entry, 512, content.length);
    return entry;
  }

  private static void put(byte[] entry, int offset, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    System.arraycopy(bytes, 0, entry, offset, bytes.length);
  }
}
