package io.bottledwater.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server's key and a certificate that it has signed itself, for {@code localhost} and 127.0.0.1,
 * made by the JDK's keytool.
 *
 * @param store PKCS #12, with both
 * @param certificate PEM
 */
public record TestCertificate(Path store, Path certificate) {
  /** Of the store and of the key in it. */
  public static final String PASSWORD = "store-password";

  private static final String ALIAS = "server";
  private static final int PEM_COLUMNS = 64;
  private static final int PATIENCE_SECONDS = 60;

  /** Makes one in an existing directory. */
  public static TestCertificate create(Path directory) {
    Path store = directory.resolve("server.p12");
    Path certificate = directory.resolve("server.pem");
    keytool(
        "-genkeypair -alias "
            + ALIAS
            + " -keyalg EC -dname CN=localhost -ext"
            + " SAN=dns:localhost,ip:127.0.0.1 -validity 2 -storetype PKCS12 -storepass "
            + PASSWORD,
        "-keystore",
        store.toString());
    keytool(
        "-exportcert -rfc -alias " + ALIAS + " -storepass " + PASSWORD,
        "-keystore",
        store.toString(),
        "-file",
        certificate.toString());
    return new TestCertificate(store, certificate);
  }

  /** Opens a session. */
  @FunctionalInterface
  public interface Opener {
    Connection open() throws SQLException;
  }

  /**
   * Makes a PostgreSQL server offer TLS, and waits until it does.
   *
   * @param superusers opens sessions of a superuser, with TLS where it is offered
   */
  public void giveTo(Opener superusers) throws SQLException {
    try (Connection connection = superusers.open();
        Statement statement = connection.createStatement()) {
      write(connection, "server.crt", lines(certificate));
      write(connection, "server.key", keyLines());
      statement.execute("ALTER SYSTEM SET ssl = on");
      statement.execute("SELECT pg_reload_conf()");
    }
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!isOffered(superusers)) {
        if (System.nanoTime() - untilNanos > 0) {
          throw new IllegalStateException("The server does not take the certificate.");
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOffered(Opener superusers) throws SQLException {
    try (Connection connection = superusers.open();
        Statement statement = connection.createStatement();
        ResultSet r =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      return r.next() && r.getBoolean(1);
    }
  }

  // By the server itself, into its own directory and with its own rights.
  private static void write(Connection superuser, String file, List<String> lines)
      throws SQLException {
    try (Statement statement = superuser.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE lines (i int, line text)");
      try (PreparedStatement insert =
          superuser.prepareStatement("INSERT INTO lines VALUES (?, ?)")) {
        for (int i = 0; i < lines.size(); i++) {
          insert.setInt(1, i);
          insert.setString(2, lines.get(i));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      statement.execute(
          "COPY (SELECT line FROM lines ORDER BY i) TO PROGRAM 'umask 077; cat > " + file + "'");
      statement.execute("DROP TABLE lines");
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> keyLines() {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
      List<String> lines = new ArrayList<>();
      lines.add("-----BEGIN PRIVATE KEY-----");
      Base64.Encoder base64 =
          Base64.getMimeEncoder(PEM_COLUMNS, "\n".getBytes(StandardCharsets.US_ASCII));
      lines.addAll(base64.encodeToString(key).lines().toList());
      lines.add("-----END PRIVATE KEY-----");
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(String options, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of(more));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("keytool failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
