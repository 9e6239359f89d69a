package io.bottledwater.embedded.postgres;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's user that PostgreSQL runs as: this process's own, or, since PostgreSQL
 * refuses root, {@code postgres} or {@code nobody} when this process is root's. Immutable.
 */
final class ServerUser {
  private static final List<String> CANDIDATES = List.of("postgres", "nobody");

  /** Ends the server in its fast mode when this process dies: sessions are not waited for. */
  private static final String PARENT_DEATH_SIGNAL = "INT";

  private static final @Nullable Path SETPRIV = find("setpriv");

  private final @Nullable Account other;

  private ServerUser(@Nullable Account other) {
    this.other = other;
  }

  static ServerUser forThisProcess() {
    if (!thisProcessIsRoot()) {
      return new ServerUser(null);
    }
    if (SETPRIV == null) {
      throw new EmbeddedServerException(
          Reason.START,
          "PostgreSQL refuses to run as root, and the program setpriv to run it as another user is"
              + " missing. Run as an ordinary user, or install util-linux.");
    }
    return new ServerUser(account());
  }

  static boolean thisProcessIsRoot() {
    try {
      // The owner of this process's own entry; systems without /proc are asked by name.
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return uid.equals(0);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return System.getProperty("user.name").equals("root");
    }
  }

  /**
   * The command as this user runs it. Where the system can, the process gets a signal when the
   * <em>thread</em> that starts it ends; see {@link Launcher}.
   */
  List<String> command(List<String> command) {
    if (SETPRIV == null) {
      return command;
    }
    List<String> whole = new ArrayList<>();
    whole.add(SETPRIV.toString());
    whole.add("--pdeathsig");
    whole.add(PARENT_DEATH_SIGNAL);
    if (other != null) {
      whole.addAll(List.of("--reuid", other.uid(), "--regid", other.gid(), "--clear-groups"));
    }
    whole.add("--");
    whole.addAll(command);
    return whole;
  }

  /** Hands over a file or an empty directory. */
  void own(Path path) throws IOException {
    if (other == null) {
      return;
    }
    Files.setAttribute(path, "unix:uid", Integer.parseInt(other.uid()), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", Integer.parseInt(other.gid()), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Lets this user enter the directory, and checks that the ones above allow it too.
   *
   * @throws EmbeddedServerException {@code DATA_DIRECTORY} naming the one that does not
   */
  void makeEnterable(Path directory) throws IOException {
    if (other == null) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
    if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
      Files.setPosixFilePermissions(directory, permissions);
    }
    for (Path above = directory.toRealPath(); above != null; above = above.getParent()) {
      if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new EmbeddedServerException(
            Reason.DATA_DIRECTORY,
            "PostgreSQL runs as user "
                + other.name()
                + ", who may not enter "
                + above
                + ". Choose a data directory elsewhere, or run as an ordinary user.");
      }
    }
  }

  private static Account account() {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new EmbeddedServerException(
          Reason.START, "/etc/passwd cannot be read. Run as an ordinary user.", e);
    }
    for (String name : CANDIDATES) {
      for (String line : lines) {
        // name:password:uid:gid:...
        String[] fields = line.split(":");
        if (fields.length > 3 && fields[0].equals(name)) {
          return new Account(name, fields[2], fields[3]);
        }
      }
    }
    throw new EmbeddedServerException(
        Reason.START,
        "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody. Run as"
            + " an ordinary user.");
  }

  private static @Nullable Path find(String program) {
    for (String directory : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
      Path path = Path.of(directory, program);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
  }

  private record Account(String name, String uid, String gid) {}
}
