package io.bottledwater.embedded.postgres;

import io.bottledwater.embedded.DirectoryLock;
import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's program files, unpacked. An archive is unpacked once a version into a cache
 * directory and from then on only found there; several processes may do so at the same time.
 */
public final class PostgresBinaries {
  private static final Pattern JAR_VERSION = Pattern.compile("-(\\d+(?:\\.\\d+)*)\\.jar$");
  private static final Duration UNPACK_TIMEOUT = Duration.ofMinutes(2);
  private static final Object UNPACKING = new Object();

  private final Path home;
  private final String version;

  private PostgresBinaries(Path home, String version) {
    this.home = home;
    this.version = version;
  }

  /** Those that come with the product for this platform, in {@link #defaultCache}. */
  public static PostgresBinaries bundled() {
    return bundled(defaultCache());
  }

  /**
   * Those that come with the product for this platform.
   *
   * @throws EmbeddedServerException {@code BINARIES} when this platform has none, or the cache
   *     cannot be written to
   */
  public static PostgresBinaries bundled(Path cache) {
    String archive = "postgres-" + platform() + ".txz";
    String version = bundledVersion();
    return install(
        cache,
        version,
        () -> {
          InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive);
          if (in == null) {
            throw new EmbeddedServerException(
                Reason.BINARIES,
                "This build holds no PostgreSQL for "
                    + platform()
                    + ". Use a PostgreSQL server of"
                    + " your own, or the build for this platform.");
          }
          return in;
        });
  }

  /**
   * Those in a jar of embedded PostgreSQL binaries.
   *
   * @param jar named {@code ...-VERSION.jar}, with one entry that ends in {@code .txz}
   */
  public static PostgresBinaries fromJar(Path jar, Path cache) {
    Matcher matcher = JAR_VERSION.matcher(jar.toString());
    if (!matcher.find()) {
      throw new EmbeddedServerException(
          Reason.BINARIES, "The file name " + jar + " does not end in a version and .jar.");
    }
    return install(cache, matcher.group(1), () -> openArchive(jar));
  }

  /**
   * Where the user's caches are: {@code $XDG_CACHE_HOME}, {@code ~/Library/Caches} or {@code
   * ~/.cache}; for root {@code /var/cache}, because the server runs as another user, who may not
   * enter root's home.
   */
  public static Path defaultCache() {
    String name = "bottledwater";
    if (ServerUser.thisProcessIsRoot()) {
      return Path.of("/var/cache", name);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    if (xdg != null && !xdg.isEmpty()) {
      return Path.of(xdg, name);
    }
    String home = System.getProperty("user.home");
    return isMac() ? Path.of(home, "Library", "Caches", name) : Path.of(home, ".cache", name);
  }

  /** For instance {@code 17.11.0}. */
  public String version() {
    return version;
  }

  /** For instance 17. */
  public int majorVersion() {
    int dot = version.indexOf('.');
    return Integer.parseInt(dot < 0 ? version : version.substring(0, dot));
  }

  /** The directory that holds {@code bin}, {@code lib} and {@code share}. */
  public Path home() {
    return home;
  }

  /** The path of a program, {@code initdb} for instance. */
  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  private static PostgresBinaries install(Path cache, String version, ArchiveSource source) {
    Path home = cache.resolve("postgres-" + version + "-" + platform());
    if (!Files.isDirectory(home)) {
      // A file lock is the whole process's, so threads need their own.
      synchronized (UNPACKING) {
        try {
          unpack(source, home);
        } catch (IOException e) {
          throw new EmbeddedServerException(
              Reason.BINARIES,
              "PostgreSQL "
                  + version
                  + " could not be unpacked to "
                  + home
                  + ". Check the space"
                  + " left and the permissions there.",
              e);
        }
      }
    }
    return new PostgresBinaries(home, version);
  }

  private static void unpack(ArchiveSource source, Path home) throws IOException {
    createEnterable(home.toAbsolutePath().getParent());
    Path unfinished = home.resolveSibling(home.getFileName() + ".unfinished");
    Path lockFile = home.resolveSibling(home.getFileName() + ".lock");
    try (DirectoryLock lock = DirectoryLock.await(lockFile, UNPACK_TIMEOUT)) {
      if (Files.isDirectory(home)) {
        return;
      }
      // Left by a process that died while it was unpacking: nobody else holds the lock.
      deleteTree(unfinished);
      Files.createDirectory(unfinished);
      try (InputStream compressed = new BufferedInputStream(source.open(), 1 << 16);
          InputStream archive = new XZInputStream(compressed)) {
        new TarUnpacker(archive, unfinished).unpack();
      }
      makeEnterable(unfinished);
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void createEnterable(@Nullable Path directory) throws IOException {
    if (directory == null || Files.isDirectory(directory)) {
      return;
    }
    createEnterable(directory.getParent());
    Files.createDirectories(directory);
    makeEnterable(directory);
  }

  private static void makeEnterable(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static InputStream openArchive(Path jar) throws IOException {
    ZipFile zip = new ZipFile(jar.toFile());
    for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
      ZipEntry entry = e.nextElement();
      if (entry.getName().endsWith(".txz")) {
        InputStream in = zip.getInputStream(entry);
        return new FilterInputStream(in) {
          @Override
          public void close() throws IOException {
            zip.close();
          }
        };
      }
    }
    zip.close();
    throw new IOException("no .txz in " + jar);
  }

  private static String bundledVersion() {
    Properties properties = new Properties();
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("bundled.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new EmbeddedServerException(
          Reason.BINARIES, "The version of the bundled PostgreSQL cannot be read.", e);
    }
    return properties.getProperty("version");
  }

  /** As the archives are named: {@code linux-x86_64}, {@code darwin-arm_64}. */
  private static String platform() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    return system() + "-" + (arm ? "arm_64" : "x86_64");
  }

  private static String system() {
    if (isMac()) {
      return "darwin";
    }
    if (System.getProperty("os.name").equals("Linux")) {
      return "linux";
    }
    throw new EmbeddedServerException(
        Reason.BINARIES,
        "An embedded PostgreSQL runs on Linux and macOS only. Use a PostgreSQL server of your"
            + " own.");
  }

  private static boolean isMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }

  private interface ArchiveSource {
    InputStream open() throws IOException;
  }
}
