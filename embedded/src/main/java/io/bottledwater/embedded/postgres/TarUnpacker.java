package io.bottledwater.embedded.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Unpacks the plain tar archives that PostgreSQL's program files come in: files, directories and
 * symbolic links, names of at most 100 bytes. Anything else, and any path that leaves the target,
 * is refused. Own code because a library would bring four jars for these lines.
 *
 * <pre>
 *   0      100    108   116   124    136        156   157        257
 *   +------+------+-----+-----+------+----------+-----+----------+---------
 *   | name | mode | uid | gid | size | mtime,sum| type| linkname | magic ...   512 bytes
 *   +------+------+-----+-----+------+----------+-----+----------+---------
 * </pre>
 */
final class TarUnpacker {
  private static final int BLOCK = 512;
  private static final int EXECUTABLE = 0111;

  private final InputStream archive;
  private final Path target;
  private final byte[] header = new byte[BLOCK];
  private final byte[] buffer = new byte[64 * 1024];

  /**
   * @param archive positioned at the first header; the caller closes it
   * @param target an existing directory
   */
  TarUnpacker(InputStream archive, Path target) {
    this.archive = archive;
    this.target = target.toAbsolutePath().normalize();
  }

  void unpack() throws IOException {
    while (nextHeader()) {
      String name = text(0, 100);
      Path path = inside(target.resolve(name), name);
      long size = octal(124, 12);
      switch (header[156]) {
        case '0', 0 -> file(path, size);
        case '5' -> Files.createDirectories(path);
        case '2' -> link(path, name);
        default -> throw new IOException("unexpected entry type in the archive: " + name);
      }
    }
  }

  private boolean nextHeader() throws IOException {
    int read = archive.readNBytes(header, 0, BLOCK);
    if (read == 0) {
      return false;
    }
    if (read < BLOCK) {
      throw new EOFException("the archive ends inside a header");
    }
    return header[0] != 0;
  }

  private void file(Path path, long size) throws IOException {
    createParent(path);
    try (OutputStream out = Files.newOutputStream(path)) {
      copy(out, size);
    }
    archive.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    boolean executable = (octal(100, 8) & EXECUTABLE) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private void copy(OutputStream out, long size) throws IOException {
    long left = size;
    while (left > 0) {
      int read = archive.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("the archive ends inside a file");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private void link(Path path, String name) throws IOException {
    createParent(path);
    Path pointsTo = Path.of(text(157, 100));
    inside(path.resolveSibling(pointsTo), name);
    Files.createSymbolicLink(path, pointsTo);
  }

  private static void createParent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  private Path inside(Path path, String name) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(target)) {
      throw new IOException("an entry of the archive leads out of it: " + name);
    }
    return normal;
  }

  private String text(int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private long octal(int offset, int length) throws IOException {
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      byte digit = header[i];
      if (digit == 0 || digit == ' ') {
        continue;
      }
      if (digit < '0' || digit > '7') {
        throw new IOException("a number in the archive is not octal");
      }
      value = value * 8 + (digit - '0');
    }
    return value;
  }
}
