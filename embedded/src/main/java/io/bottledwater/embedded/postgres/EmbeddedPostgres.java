package io.bottledwater.embedded.postgres;

import io.bottledwater.embedded.EmbeddedServerException;
import io.bottledwater.embedded.EmbeddedServerException.Reason;
import io.bottledwater.embedded.FreePort;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server as a child process. It listens on 127.0.0.1 only, has no Unix socket, asks
 * for a password (SCRAM) and keeps all its files under one directory, which a later server may take
 * up again. Any thread may call; calls exclude each other. Whoever starts it closes it; should this
 * process end first, the server is stopped too, even after {@code kill -9} on Linux.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  /** PostgreSQL's shutdown modes. */
  public enum StopMode {
    /** Disconnects clients, writes a checkpoint, ends. */
    FAST("INT"),
    /** Ends at once, like a crash: the next start recovers from the WAL. */
    IMMEDIATE("QUIT");

    private final String signal;

    StopMode(String signal) {
      this.signal = signal;
    }
  }

  private enum Outcome {
    READY,
    PORT_TAKEN,
    PREDECESSOR_ALIVE
  }

  private static final int PORT_ATTEMPTS = 10;
  private static final Duration POLL = Duration.ofMillis(10);
  // A fast stop waits for WAL senders to send everything; one whose client hangs never does.
  private static final Duration FAST_STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final PostgresBinaries binaries;
  private final DataDirectory data;
  private final ServerUser user;
  private final Duration startTimeout;
  private final @Nullable Thread shutdownHook;
  private @Nullable Process process;
  private int port;
  private boolean closed;

  private EmbeddedPostgres(
      PostgresBinaries binaries, DataDirectory data, ServerUser user, Builder builder) {
    this.binaries = binaries;
    this.data = data;
    this.user = user;
    this.startTimeout = builder.startTimeout;
    this.shutdownHook =
        builder.stopWithProcess ? new Thread(this::stopAtExit, "embedded-postgres-stop") : null;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The port on 127.0.0.1; the same over restarts. */
  public synchronized int port() {
    return port;
  }

  /** The superuser's name. */
  public String user() {
    return DataDirectory.SUPERUSER;
  }

  /** The superuser's password: random, kept with the data. A secret. */
  public String password() {
    return data.password();
  }

  /** For pgjdbc, without credentials. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + percentEncode(database);
  }

  /** As libpq takes it, with the password in it: a secret. */
  public String uri(String database) {
    return "postgres://"
        + user()
        + ":"
        + password()
        + "@127.0.0.1:"
        + port()
        + "/"
        + percentEncode(database);
  }

  /** The first server process's id. */
  public synchronized long pid() {
    return running().pid();
  }

  public synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Where the server writes its log. */
  public Path log() {
    return data.log();
  }

  /** Stops and starts again, on the same port. */
  public synchronized void restart(StopMode mode) {
    stop(mode);
    start();
  }

  /** Starts again after {@link #stop} or {@link #kill9}, on the same port. */
  public synchronized void start() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (!isRunning()) {
      launch(port);
    }
  }

  /** Returns when the server has ended; a server that hangs is ended by force. */
  public synchronized void stop(StopMode mode) {
    if (process == null) {
      return;
    }
    Process server = process;
    if (server.isAlive()) {
      Launcher.signal(server.pid(), mode.signal);
      if (!DataDirectory.exits(server.toHandle(), FAST_STOP_TIMEOUT)) {
        Launcher.signal(server.pid(), StopMode.IMMEDIATE.signal);
        if (!DataDirectory.exits(server.toHandle(), STOP_TIMEOUT)) {
          killTree(server);
        }
      }
    }
    process = null;
  }

  /** Kills every process of the server with SIGKILL, as if the machine's power had gone. */
  public synchronized void kill9() {
    killTree(running());
    process = null;
  }

  /** Stops in fast mode and lets go of the directory. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    removeHook();
    try {
      stop(StopMode.FAST);
    } finally {
      data.close();
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the server is not running");
    }
    return process;
  }

  private synchronized void stopAtExit() {
    stop(StopMode.FAST);
  }

  private void launch(int wantedPort) {
    long deadline = System.nanoTime() + startTimeout.toNanos();
    int portsTaken = 0;
    while (true) {
      int candidate = wantedPort == 0 ? FreePort.pick() : wantedPort;
      switch (launchOn(candidate, deadline)) {
        case READY -> {
          port = candidate;
          return;
        }
        case PORT_TAKEN -> {
          portsTaken++;
          if (wantedPort != 0 || portsTaken == PORT_ATTEMPTS) {
            throw new EmbeddedServerException(
                Reason.LISTENER,
                "PostgreSQL cannot listen on 127.0.0.1:"
                    + candidate
                    + ", which is taken. Choose another port, or 0 for any free one.");
          }
        }
        // Somebody killed the last server's first process; its children end on their own.
        case PREDECESSOR_ALIVE -> {}
      }
    }
  }

  private Outcome launchOn(int candidate, long deadline) {
    try {
      long logOffset = data.logSize();
      Process server =
          Launcher.start(user.command(command(candidate)), binaries.home(), data.log());
      process = server;
      while (System.nanoTime() < deadline) {
        PostmasterFile file = PostmasterFile.read(data.cluster());
        if (file != null && file.pid() == server.pid() && file.ready()) {
          return Outcome.READY;
        }
        if (server.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          process = null;
          if (data.logSays("could not create any TCP/IP sockets", logOffset)) {
            return Outcome.PORT_TAKEN;
          }
          if (data.logSays("pre-existing shared memory block", logOffset)) {
            return Outcome.PREDECESSOR_ALIVE;
          }
          throw failure("PostgreSQL ended while it was starting");
        }
      }
      killTree(server);
      process = null;
      throw failure("PostgreSQL was not ready after " + startTimeout.toSeconds() + " s");
    } catch (IOException e) {
      throw new EmbeddedServerException(
          Reason.START, "The files in " + data.cluster() + " cannot be read.", e);
    } catch (InterruptedException e) {
      stop(StopMode.IMMEDIATE);
      Thread.currentThread().interrupt();
      throw new EmbeddedServerException(Reason.START, "Interrupted while starting.", e);
    }
  }

  private List<String> command(int candidate) {
    return List.of(
        binaries.program("postgres").toString(),
        "-D",
        data.cluster().toString(),
        "-c",
        "port=" + candidate,
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=");
  }

  private EmbeddedServerException failure(String found) {
    return new EmbeddedServerException(
        Reason.START, found + ". Its log " + data.log() + " ends with the reason.");
  }

  private static void killTree(Process server) {
    // Before the parent dies: afterwards its children are no longer its.
    List<ProcessHandle> children = server.descendants().toList();
    server.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    DataDirectory.exits(server.toHandle(), STOP_TIMEOUT);
    for (ProcessHandle child : children) {
      DataDirectory.exits(child, STOP_TIMEOUT);
    }
  }

  private void addHook() {
    if (shutdownHook != null) {
      Runtime.getRuntime().addShutdownHook(shutdownHook);
    }
  }

  private void removeHook() {
    if (shutdownHook == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, and finds nothing left to do.
    }
  }

  private static String percentEncode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What to start. One thread only. */
  public static final class Builder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable PostgresBinaries binaries;
    private @Nullable Path dataDirectory;
    private Duration startTimeout = Duration.ofSeconds(60);
    private boolean stopWithProcess = true;
    private int port;

    private Builder() {
      settings.put("timezone", "UTC");
      settings.put("log_timezone", "UTC");
    }

    /** Default: {@link PostgresBinaries#bundled()}. */
    public Builder binaries(PostgresBinaries value) {
      this.binaries = value;
      return this;
    }

    /** Required. Made when missing, taken up again otherwise. */
    public Builder dataDirectory(Path value) {
      this.dataDirectory = value;
      return this;
    }

    /** Default 0: any free one. */
    public Builder port(int value) {
      this.port = value;
      return this;
    }

    /** A line for {@code postgresql.conf}. */
    public Builder setting(String name, String value) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*") || value.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("not a PostgreSQL setting: " + name);
      }
      settings.put(name, value);
      return this;
    }

    /** Recovery after a crash counts. Default 60 s. */
    public Builder startTimeout(Duration value) {
      this.startTimeout = value;
      return this;
    }

    /**
     * Whether a shutdown hook stops the server; default true. False for a caller whose own hook has
     * things to end before the server.
     */
    public Builder stopWithProcess(boolean value) {
      this.stopWithProcess = value;
      return this;
    }

    /**
     * Returns when the server takes connections. Blocks for about 1 s with a new directory, 0.1 s
     * with an old one, and some seconds more when the program files are to be unpacked first.
     *
     * @throws EmbeddedServerException with any reason but FAULT
     */
    public EmbeddedPostgres start() {
      if (dataDirectory == null) {
        throw new IllegalArgumentException("no data directory");
      }
      ServerUser user = ServerUser.forThisProcess();
      PostgresBinaries programs = binaries == null ? PostgresBinaries.bundled() : binaries;
      DataDirectory data = DataDirectory.open(dataDirectory, user, programs);
      try {
        data.writeSettings(new TreeMap<>(settings));
        EmbeddedPostgres server = new EmbeddedPostgres(programs, data, user, this);
        server.launch(port);
        server.addHook();
        return server;
      } catch (IOException e) {
        data.close();
        throw new EmbeddedServerException(
            Reason.DATA_DIRECTORY, "The settings cannot be written to " + data.cluster() + ".", e);
      } catch (RuntimeException e) {
        data.close();
        throw e;
      }
    }
  }
}
