package io.bottledwater.embedded.postgres;

import io.bottledwater.embedded.DirectoryLock;
import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A directory with one server's files, locked while this object is open. One thread only.
 *
 * <pre>
 *   cluster/     PostgreSQL's own data directory, the server's user's
 *   password     the superuser's, readable for this process's user
 *   server.log   what the server writes to standard error; the one before it in server.log.1
 *   initdb.log
 *   lock
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
  static final String SUPERUSER = "postgres";

  private static final String SETTINGS_FILE = "bottledwater.conf";
  private static final long LOG_BYTES_KEPT = 8 << 20;
  private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(30);

  private final Path directory;
  private final ServerUser user;
  private final DirectoryLock lock;
  private String password = "";

  private DataDirectory(Path directory, ServerUser user, DirectoryLock lock) {
    this.directory = directory;
    this.user = user;
    this.lock = lock;
  }

  /** Creates what is missing, and ends a server that a killed process left running here. */
  static DataDirectory open(Path directory, ServerUser user, PostgresBinaries binaries) {
    Path absolute = directory.toAbsolutePath().normalize();
    DirectoryLock lock = DirectoryLock.acquire(absolute);
    DataDirectory data = new DataDirectory(absolute, user, lock);
    try {
      user.makeEnterable(absolute);
      data.prepareLog();
      if (Files.exists(data.cluster().resolve("PG_VERSION"))) {
        data.requireVersion(binaries);
        data.endOrphan();
        data.password = Files.readString(data.passwordFile()).strip();
      } else {
        data.initialise(binaries);
      }
      return data;
    } catch (IOException e) {
      lock.close();
      throw new EmbeddedServerException(
          Reason.DATA_DIRECTORY,
          "The data directory "
              + absolute
              + " cannot be used. Check its permissions, or choose"
              + " another.",
          e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  Path cluster() {
    return directory.resolve("cluster");
  }

  Path log() {
    return directory.resolve("server.log");
  }

  String password() {
    return password;
  }

  /** Settings that {@code ALTER SYSTEM} can still overrule. */
  void writeSettings(Map<String, String> settings) throws IOException {
    StringBuilder text = new StringBuilder();
    settings.forEach(
        (name, value) ->
            text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
    Path file = cluster().resolve(SETTINGS_FILE);
    Files.writeString(file, text);
    user.own(file);
  }

  long logSize() throws IOException {
    return Files.exists(log()) ? Files.size(log()) : 0;
  }

  /** Whether the log's part since {@code offset} says so; at most its last 64 KiB are looked at. */
  boolean logSays(String words, long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
      long from = Math.max(offset, file.length() - (64 << 10));
      byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).contains(words);
    }
  }

  @Override
  public void close() {
    lock.close();
  }

  private void initialise(PostgresBinaries binaries) throws IOException {
    Path unfinished = directory.resolve("cluster.unfinished");
    if (Files.exists(unfinished)) {
      // Left by a process that was killed during initdb; only initdb's own files can be in it.
      PostgresBinaries.deleteTree(unfinished);
    }
    Files.createDirectory(unfinished);
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
    user.own(unfinished);
    password = newPassword();
    writePrivately(passwordFile(), password);
    // Initdb's user may not read ours.
    Path handedOver = directory.resolve("password.initdb");
    writePrivately(handedOver, password);
    user.own(handedOver);
    try {
      runInitdb(binaries, unfinished, handedOver);
    } finally {
      Files.deleteIfExists(handedOver);
    }
    Files.writeString(
        unfinished.resolve("postgresql.conf"),
        "\ninclude_if_exists = '" + SETTINGS_FILE + "'\n",
        StandardOpenOption.APPEND);
    Files.move(unfinished, cluster(), StandardCopyOption.ATOMIC_MOVE);
  }

  private void runInitdb(PostgresBinaries binaries, Path cluster, Path passwordFile)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binaries.program("initdb").toString());
    command.addAll(List.of("-D", cluster.toString(), "-U", SUPERUSER, "-E", "UTF8"));
    command.addAll(List.of("-A", "scram-sha-256", "--pwfile=" + passwordFile));
    if (binaries.majorVersion() >= 17) {
      command.addAll(
          List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    } else {
      command.add("--locale=C");
    }
    Path log = directory.resolve("initdb.log");
    Files.deleteIfExists(log);
    Process process = Launcher.start(user.command(command), binaries.home(), log);
    if (!succeeds(process)) {
      process.destroyForcibly();
      throw new EmbeddedServerException(
          Reason.START, "initdb failed. Its output is in " + log + ".");
    }
  }

  private static boolean succeeds(Process process) {
    try {
      return process.waitFor(INITDB_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void requireVersion(PostgresBinaries binaries) throws IOException {
    String found = Files.readString(cluster().resolve("PG_VERSION")).strip();
    String wanted = Integer.toString(binaries.majorVersion());
    if (!found.equals(wanted)) {
      throw new EmbeddedServerException(
          Reason.DATA_DIRECTORY,
          "The data directory "
              + directory
              + " was made by PostgreSQL "
              + found
              + ", not "
              + wanted
              + ". Choose another directory, or delete this one to start anew.");
    }
  }

  /**
   * We hold the lock, so no process of ours looks after a server that still runs here: its parent
   * was killed, and where the system does not end it by itself, this does.
   */
  private void endOrphan() throws IOException {
    PostmasterFile file = PostmasterFile.read(cluster());
    if (file == null) {
      return;
    }
    Optional<ProcessHandle> orphan = ProcessHandle.of(file.pid());
    if (orphan.isEmpty() || !isPostgres(orphan.get())) {
      return;
    }
    Launcher.signal(file.pid(), "INT");
    if (!exits(orphan.get(), ORPHAN_TIMEOUT)) {
      throw new EmbeddedServerException(
          Reason.DATA_DIRECTORY,
          "The data directory "
              + directory
              + " is in use by process "
              + file.pid()
              + ". End that process.");
    }
  }

  /** The file outlives a crash, and its pid may since have gone to anybody. */
  private boolean isPostgres(ProcessHandle process) {
    String commandLine = process.info().commandLine().orElse("");
    return commandLine.contains(cluster().toString());
  }

  static boolean exits(ProcessHandle process, Duration timeout) {
    try {
      process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return !process.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  private void prepareLog() throws IOException {
    if (logSize() > LOG_BYTES_KEPT) {
      Files.move(log(), directory.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log())) {
      // The server logs statements that fail, with the values in them.
      createPrivately(log());
    }
  }

  private Path passwordFile() {
    return directory.resolve("password");
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    createPrivately(file);
    Files.writeString(file, text + "\n");
  }

  private static void createPrivately(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static String newPassword() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
