package io.bottledwater.e2e.campaign;

import io.bottledwater.embedded.postgres.EmbeddedPostgres;
import io.bottledwater.testkit.KafkaProcess;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestKafka;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.IsolationLevel;

/**
 * One run of one fault: a database, its load, its pumps, and the oracle that watches. A fault
 * starts what it needs in the order that it needs; {@link #finish} brings everything to an end and
 * compares. One thread.
 */
final class Scene implements AutoCloseable {
  private static final int RATE = 250;
  private static final long SETTLING_MILLIS = 500;

  private final Servers servers;
  private TestDatabase database;
  private final String prefix;
  private final SplittableRandom random;
  private final int rounds;
  private final Violations violations;
  private final List<PumpProcess> pumps = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Deque<AutoCloseable> kept = new ArrayDeque<>();
  private final List<String> secrets = new ArrayList<>();
  private final long seed;
  private String heap = "128m";
  private Duration patience = Duration.ofMinutes(4);
  private BooleanSupplier settled = () -> false;
  private String mainClass = "io.bottledwater.cli.Main";
  private TestKafka kafka;
  private RowDecoder decoder = RowDecoder.json();
  private TopicState state;
  private LiveReader reader;
  private SlotSampler sampler;
  private Load load;
  private PumpProcess pump;
  private boolean refused;
  private boolean finished;
  private long recoveryMillis;
  private int committed;
  private int unknown;

  Scene(Servers servers, int rounds, long seed) {
    this(servers, rounds, seed, new Violations());
  }

  private Scene(Servers servers, int rounds, long seed, Violations violations) {
    this.violations = violations;
    this.servers = servers;
    this.rounds = rounds;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.prefix =
        "bank_" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong() >>> 16, 36);
    this.database = TestDatabase.create(servers.postgres(), prefix);
    this.kafka = servers.kafka();
    Bank.create(database);
    arguments.add("--slot=" + prefix);
    arguments.add("--topic-prefix=" + prefix);
    arguments.add("--topic-partitions=2");
    arguments.add("--retry-limit=120");
    postgresAt(database.uri());
    brokerAt(servers.broker().bootstrapServers());
    with("--output-format=json");
  }

  /** Another database with all that belongs to it, judged together with this one. */
  Scene beside() {
    return new Scene(servers, 1, random.nextLong(), violations);
  }

  // What the scene is made of.

  TestDatabase database() {
    return database;
  }

  EmbeddedPostgres postgres() {
    return database.server();
  }

  KafkaProcess broker() {
    return servers.broker();
  }

  SplittableRandom random() {
    return random;
  }

  /** How often the fault is to be repeated within this run. */
  int rounds() {
    return rounds;
  }

  /** Name of slot, database and topic prefix. */
  String name() {
    return prefix;
  }

  Violations violations() {
    return violations;
  }

  PumpProcess pump() {
    return pump;
  }

  Load load() {
    return load;
  }

  TopicState state() {
    return state;
  }

  TestKafka kafka() {
    return kafka;
  }

  /** A value as the oracle reads it. */
  Map<String, Object> decode(String topic, byte[] value) {
    try {
      return decoder.decode(topic, false, value);
    } catch (RowDecoder.Undecodable e) {
      throw new AssertionError(e);
    }
  }

  // What the scene is told before it starts.

  /** An option replaces what was said of it before. */
  Scene with(String... options) {
    for (String option : options) {
      String name = option.substring(0, option.indexOf('=') + 1);
      if (!name.equals("--kafka-config=")) {
        arguments.removeIf(argument -> argument.startsWith(name));
      }
      arguments.add(option);
    }
    return this;
  }

  /** Closes it with the scene, after everything that was kept later and after pumps and load. */
  <T extends AutoCloseable> T keep(T resource) {
    kept.addFirst(resource);
    return resource;
  }

  /** Another server for database, load, pump and oracle, which ends with the scene. */
  Scene on(EmbeddedPostgres server) {
    database.close();
    database = TestDatabase.create(server, prefix);
    Bank.create(database);
    return postgresAt(database.uri());
  }

  /** Where pumps reach PostgreSQL; load and oracle go there directly. */
  Scene postgresAt(String uri) {
    return with("--postgres=" + uri);
  }

  Scene brokerAt(String bootstrapServers) {
    return with("--broker=" + bootstrapServers);
  }

  /** Another cluster for pump and oracle. */
  Scene cluster(String bootstrapServers) {
    return cluster(TestKafka.at(bootstrapServers));
  }

  Scene cluster(TestKafka other) {
    kafka = other;
    return brokerAt(other.bootstrapServers());
  }

  /** How long to wait for anything; four minutes unless told. */
  Scene patience(Duration limit) {
    patience = limit;
    return this;
  }

  /** Nothing is waited for any more once this is so. */
  void endWhen(BooleanSupplier condition) {
    settled = condition;
  }

  /** Of pumps that start from now on; 128m unless told. */
  Scene heap(String size) {
    heap = size;
    return this;
  }

  /** Another text that no log may hold. */
  void secret(String text) {
    secrets.add(text);
  }

  Scene avro(String registryUrl) {
    decoder = RowDecoder.avro(registryUrl);
    return with("--output-format=avro", "--schema-registry=" + registryUrl);
  }

  Scene mainClass(String name) {
    mainClass = name;
    return this;
  }

  // What a fault does with it.

  /** Starts oracle, load and a pump, and returns when changes flow. */
  void start() {
    observe(true);
    startPump();
    pump.awaitStreaming();
    startLoad();
    awaitNew();
  }

  /**
   * Starts the oracle.
   *
   * @param wholeSnapshot see {@link TopicState}
   */
  void observe(boolean wholeSnapshot) {
    state = new TopicState(violations, wholeSnapshot);
    reader = new LiveReader(kafka, prefix, decoder, state, violations);
    sampler = new SlotSampler(kafka, database, prefix, prefix, violations);
  }

  void startLoad() {
    load = new Load(database, RATE, seed);
  }

  PumpProcess startPump() {
    return startPump("");
  }

  /** The newest pump is the one that {@link #pump} gives. */
  PumpProcess startPump(String failpoint) {
    pump = PumpProcess.start(mainClass, heap, failpoint, arguments);
    pumps.add(pump);
    return pump;
  }

  /** Makes an older pump the current one. */
  void follow(PumpProcess other) {
    pump = other;
  }

  /** The fault has ended: waits until a change comes that is committed from now on. */
  void recovered() {
    recoveryMillis = Math.max(recoveryMillis, awaitNew());
  }

  /** Waits until a change comes that is committed from now on; the milliseconds it took. */
  long awaitNew() {
    long began = System.currentTimeMillis();
    untilPumped("a change committed from now on", () -> reader.newestCommitMillis() > began);
    return System.currentTimeMillis() - began;
  }

  /** Waits until the load has committed that many more. */
  void awaitCommits(int count) {
    int goal = load.committed() + count;
    until("commits", () -> load.committed() >= goal);
  }

  void untilPumped(String what, BooleanSupplier condition) {
    until(
        what,
        () -> {
          if (!pump.isAlive()) {
            throw new AssertionError("the pump ended by itself:\n" + pump.tail());
          }
          return condition.getAsBoolean();
        });
  }

  void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (settled.getAsBoolean()) {
        throw new AssertionError("enough is known");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            what + " never came; the pump says:\n" + (pump == null ? "" : pump.tail()));
      }
      sleep(20);
    }
  }

  /** Between {@code from} and {@code to} milliseconds. */
  void sleepBetween(int from, int to) {
    sleep(random.nextInt(from, to));
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * SQL of a transaction over the reserved rows, without its end.
   *
   * @param first of the reserved rows, from 0; callers with open transactions keep apart
   */
  static String transfer(int first, int rows) {
    StringBuilder sql = new StringBuilder("BEGIN;");
    for (int i = 0; i < rows; i++) {
      sql.append("UPDATE accounts_a SET balance = balance + ")
          .append(i == 0 ? rows - 1 : -1)
          .append(", ver = ver + 1, note = 'by hand' WHERE id = ")
          .append(Bank.ROWS + 1 + first + i)
          .append(';');
    }
    return sql.append("INSERT INTO ledger VALUES ('")
        .append(UUID.randomUUID())
        .append("', ")
        .append(rows)
        .append(");")
        .toString();
  }

  /** Leaves the slot alone from now on. */
  void stopSampling() {
    sampler.close();
  }

  /** The pump that runs ends by itself, with that code and exit code 3. */
  void expectStop(String code) {
    int exit = pump.awaitExit();
    if (exit != 3 || !pump.printed(code)) {
      violations.add(
          Rule.OUTCOME, "expected exit 3 and " + code + ", found " + exit + ":\n" + pump.tail());
    }
  }

  /** A pump does not go on: with that code, with exit code 3, and without another record. */
  void checkRefusal(String code) {
    long before = settledRecords();
    startPump();
    expectStop(code);
    long after = visibleRecords();
    if (after != before) {
      violations.add(Rule.OUTCOME, (after - before) + " records were written by a refusal");
    }
  }

  /** The same, and there is no way on from here: nothing is compared in the end. */
  void expectRefusal(String code) {
    refused = true;
    checkRefusal(code);
  }

  /** The visible records, counted until no more come: a commit becomes visible a moment later. */
  private long settledRecords() {
    long records = visibleRecords();
    while (true) {
      sleep(SETTLING_MILLIS);
      long again = visibleRecords();
      if (again == records) {
        return records;
      }
      records = again;
    }
  }

  /** Records that a reader of committed ones can see. */
  private long visibleRecords() {
    List<String> topics = new ArrayList<>(Bank.ACCOUNTS);
    topics.add(Bank.LEDGER);
    topics.replaceAll(topic -> prefix + "." + topic);
    topics.retainAll(kafka.topics());
    long records = 0;
    for (String topic : topics) {
      records += kafka.readAll(topic, IsolationLevel.READ_COMMITTED).size();
    }
    return records;
  }

  // The end.

  /** Ends everything and says what was found. */
  Result finish() {
    finishPump();
    return result();
  }

  /**
   * Ends the load, lets the pump catch up, compares, and stops the pump: for faults whose servers
   * do not outlive them.
   */
  void finishPump() {
    if (finished) {
      return;
    }
    finished = true;
    if (load != null) {
      load.close();
      committed = load.committed();
      unknown = load.unknown();
    }
    if (!refused) {
      database.execute("INSERT INTO ledger VALUES ('" + Bank.END + "', 0)");
      untilPumped("the last transaction", () -> state.hasLedger(Bank.END));
      reader.drain();
    }
    reader.close();
    sampler.close();
    if (!refused) {
      state.finish();
      compare();
      int exit = pump.stop();
      if (exit != 0) {
        violations.add(Rule.OUTCOME, "SIGTERM ended with " + exit + ":\n" + pump.tail());
      }
    }
    checkLogs();
  }

  Result result() {
    return new Result(
        committed,
        unknown,
        state == null ? 0 : state.records(),
        state == null ? 0 : state.duplicates(),
        sampler == null ? 0 : sampler.samples(),
        recoveryMillis,
        violations);
  }

  /** What the pumps have printed, one after another. */
  String logs() {
    StringBuilder logs = new StringBuilder();
    for (int i = 0; i < pumps.size(); i++) {
      logs.append("--- pump ").append(i + 1).append('\n').append(pumps.get(i).tail()).append('\n');
    }
    return logs.toString();
  }

  private void compare() {
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      // Large tables come in parts, and large rows, too.
      connection.setAutoCommit(false);
      statement.setFetchSize(20);
      for (String table : Bank.ACCOUNTS) {
        Map<String, Map<String, Object>> rebuilt = state.rows(table);
        try (ResultSet r =
            statement.executeQuery("SELECT id, balance, ver, note, big FROM " + table)) {
          while (r.next()) {
            Map<String, Object> row = rebuilt.remove(r.getString(1));
            if (row == null) {
              violations.add(Rule.O1, table + " key " + r.getString(1) + " is missing");
            } else if (!matches(row, r)) {
              violations.add(Rule.O1, table + " key " + r.getString(1) + " differs");
            }
          }
        }
        rebuilt
            .keySet()
            .forEach(
                key -> violations.add(Rule.O1, table + " key " + key + " is not in the table"));
      }
      compareLedger(statement);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the tables", e);
    }
  }

  private static boolean matches(Map<String, Object> row, ResultSet r) throws SQLException {
    String big = r.getString(5);
    Map<String, Object> expected = new HashMap<>();
    expected.put("id", r.getString(1));
    expected.put("balance", r.getString(2));
    expected.put("ver", r.getString(3));
    expected.put("note", r.getString(4));
    expected.put("big", big == null ? "null" : Bank.digest(big));
    for (Map.Entry<String, Object> column : expected.entrySet()) {
      if (!String.valueOf(row.get(column.getKey())).equals(column.getValue())) {
        return false;
      }
    }
    return true;
  }

  private void compareLedger(Statement statement) throws SQLException {
    Map<String, Integer> seen = state.ledger();
    try (ResultSet r = statement.executeQuery("SELECT id, n_rows FROM ledger")) {
      while (r.next()) {
        Integer rows = seen.remove(r.getString(1));
        if (rows == null || rows != r.getInt(2)) {
          violations.add(Rule.O3, "ledger id " + r.getString(1) + " never came");
        }
      }
    }
    seen.keySet().forEach(id -> violations.add(Rule.O6, "ledger id " + id + " never committed"));
  }

  private void checkLogs() {
    for (PumpProcess each : pumps) {
      if (each.printed(database.server().password())) {
        violations.add(Rule.SECRET, "the log holds PostgreSQL's password");
      }
      if (secrets.stream().anyMatch(each::printed)) {
        violations.add(Rule.SECRET, "the log holds a password of Kafka's");
      }
    }
  }

  /** Ends whatever still runs; the servers go on. */
  @Override
  public void close() {
    pumps.forEach(PumpProcess::close);
    try {
      if (load != null) {
        load.close();
      }
    } finally {
      try {
        if (sampler != null) {
          reader.close();
          sampler.close();
        }
      } finally {
        leave();
      }
    }
  }

  private void leave() {
    try {
      if (database.server() == servers.postgres()) {
        database.close();
      }
    } finally {
      for (AutoCloseable resource : kept) {
        try {
          resource.close();
        } catch (Exception e) {
          violations.add(Rule.OUTCOME, "cannot close what the scene was made of: " + e);
        }
      }
    }
  }
}
