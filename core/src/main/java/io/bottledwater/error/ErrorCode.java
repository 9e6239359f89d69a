package io.bottledwater.error;

/**
 * The closed list of reasons for which Bottled Water stops, retries or sets a record aside. Codes
 * are stable: scripts and alert rules match on them. {@code docs/errors.md} is generated from this
 * list.
 */
public enum ErrorCode {
  USAGE(
      "BW-USAGE",
      ExitCode.USAGE,
      "An option, a key of the configuration file or an environment variable is wrong.",
      "Correct the option that the message names; `bottledwater --help` lists all of them."),
  CONFIG_FILE(
      "BW-CONFIG-FILE",
      ExitCode.USAGE,
      "The configuration file cannot be read or is not valid YAML.",
      "Correct the file at the line that the message names."),
  NO_TABLES(
      "BW-NO-TABLES",
      ExitCode.USAGE,
      "No table is left to export after the filters.",
      "Check --tables and --exclude-tables against the names in the database."),
  COLUMN_RULE(
      "BW-COLUMN-RULE",
      ExitCode.USAGE,
      "A column cannot be left out or masked as asked, or no column fits what was asked.",
      "Correct the glob in --exclude-columns or --mask-columns that the message names."),
  ROW_FILTER(
      "BW-ROW-FILTER",
      ExitCode.USAGE,
      "A row filter cannot be applied, or is another one than the publication has.",
      "Correct the --row-filter that the message names."),
  OUTBOX(
      "BW-OUTBOX",
      ExitCode.REFUSED,
      "The outbox table is missing or lacks a column, or a row of it names no topic.",
      "Correct --outbox or --outbox-columns, or the row."),
  AUTHENTICATION(
      "BW-PG-AUTH",
      ExitCode.USAGE,
      "PostgreSQL rejected the user, the password or the database name.",
      "Check the connection URI, PGPASSWORD or the password file, and pg_hba.conf."),
  WAL_LEVEL(
      "BW-WAL-LEVEL",
      ExitCode.REFUSED,
      "The server does not write enough WAL for logical decoding.",
      "Run: ALTER SYSTEM SET wal_level = 'logical'; then restart the server."),
  PRIVILEGE(
      "BW-PRIVILEGE",
      ExitCode.REFUSED,
      "The database role lacks a privilege that the pump needs.",
      "Run the SQL that the message gives, as a superuser or the owner."),
  SERVER_VERSION(
      "BW-PG-VERSION",
      ExitCode.REFUSED,
      "The PostgreSQL server is too old for the pump, or for an option of it.",
      "Use PostgreSQL 10 or later; the message names what needs a later one."),
  ENCODING(
      "BW-PG-ENCODING",
      ExitCode.REFUSED,
      "The database's encoding is SQL_ASCII, so its text has no known encoding.",
      "Dump and restore into a database with encoding UTF8."),
  TIME_ZONE(
      "BW-TIME-ZONE",
      ExitCode.REFUSED,
      "The server's TimeZone is not a zone of the IANA database, and --type-mapping=classic writes"
          + " timestamptz in it.",
      "Run: ALTER ROLE ... SET TimeZone = 'UTC'; with the pump's role, or another IANA name."),
  NO_SLOTS_LEFT(
      "BW-SLOTS-EXHAUSTED",
      ExitCode.REFUSED,
      "The server has no free replication slot or WAL sender.",
      "Drop an unused slot, or raise max_replication_slots and max_wal_senders."),
  LOCKS_EXHAUSTED(
      "BW-LOCKS-EXHAUSTED",
      ExitCode.REFUSED,
      "The server has no room for locks on so many tables at once.",
      "Raise max_locks_per_transaction, to twice its value at least, and restart the server."),
  SLOT_FOREIGN(
      "BW-SLOT-FOREIGN",
      ExitCode.REFUSED,
      "The replication slot belongs to another database, is physical, or uses another plugin.",
      "Choose another name with --slot."),
  SLOT_IN_USE(
      "BW-SLOT-IN-USE",
      ExitCode.GAVE_UP,
      "Another connection is reading from the replication slot.",
      "Stop the other reader, or choose another name with --slot."),
  PUMP_SILENT(
      "BW-PUMP-SILENT",
      ExitCode.GAVE_UP,
      "A request for a snapshot was not answered.",
      "Start the pump on this slot; while it waits for Kafka or reads a snapshot it answers late."),
  SLOT_LOST(
      "BW-SLOT-LOST",
      ExitCode.REFUSED,
      "The server removed WAL that the slot still needed.",
      "The changes since then are gone; a new snapshot is needed: drop the slot and start again."),
  SLOT_MISSING(
      "BW-SLOT-MISSING",
      ExitCode.REFUSED,
      "The slot is gone although this pump has already published from it.",
      "Restore the slot; or run bottledwater slot drop, which forgets what was published, and start"
          + " with a new snapshot."),
  SLOT_AHEAD(
      "BW-SLOT-AHEAD",
      ExitCode.REFUSED,
      "The slot has been confirmed further than what Kafka holds: changes would be missing.",
      "Somebody advanced or recreated the slot; a new snapshot is needed."),
  STATE_AHEAD(
      "BW-STATE-AHEAD",
      ExitCode.REFUSED,
      "The server's WAL ends before the position that has been published.",
      "The server was restored from a backup or lost WAL in a failover; a new snapshot is needed."),
  STATE_MISSING(
      "BW-STATE-MISSING",
      ExitCode.REFUSED,
      "The slot is one that a pump has used, but Kafka holds no state of it.",
      "Check --broker, --topic-prefix and --slot. If the state topic is lost, run `bottledwater slot"
          + " drop` and start again with a snapshot, or go on without one with --skip-snapshot."),
  TIMELINE(
      "BW-TIMELINE",
      ExitCode.REFUSED,
      "The server is on another timeline, which left the old one before the published position.",
      "Changes that were published do not exist on this server; a new snapshot is needed."),
  TOPIC_CHANGED(
      "BW-TOPIC-CHANGED",
      ExitCode.REFUSED,
      "A topic was deleted, recreated or truncated behind the pump's back.",
      "Records that the pump has written are gone; a new snapshot is needed."),
  SYSTEM_CHANGED(
      "BW-SYSTEM-CHANGED",
      ExitCode.REFUSED,
      "The server is not the one that the recorded position came from.",
      "Point --postgres at the original server, or use another --slot for the new one."),
  PUBLICATION(
      "BW-PUBLICATION",
      ExitCode.REFUSED,
      "The publication is missing and may not be created by this role, or is younger than the slot,"
          + " or does not publish what the pump needs.",
      "Run the SQL that the message gives, as the owner of the tables."),
  TABLE_CHANGED(
      "BW-TABLE-CHANGED",
      ExitCode.GAVE_UP,
      "A table was dropped or altered while the pump was preparing to read it.",
      "The pump tries again by itself."),
  UNKEYED_TABLE(
      "BW-UNKEYED",
      ExitCode.REFUSED,
      "A table has neither primary key nor replica identity index.",
      "Add a primary key, exclude the table with --exclude-tables, or allow it with"
          + " --allow-unkeyed."),
  TOPIC_NAME(
      "BW-TOPIC-NAME",
      ExitCode.REFUSED,
      "A topic's name is too long, or two tables would share a topic.",
      "Shorten --topic-prefix, rename the table, or exclude it."),
  TOPIC_MISSING(
      "BW-TOPIC-MISSING",
      ExitCode.REFUSED,
      "A topic does not exist and cannot be created.",
      "Create the topic, or grant the Kafka principal CREATE on it."),
  KAFKA_CONFIG(
      "BW-KAFKA-CONFIG",
      ExitCode.USAGE,
      "Kafka rejected a client property.",
      "Correct the --kafka-config or --topic-config that the message names."),
  KAFKA_REFUSED(
      "BW-KAFKA-REFUSED",
      ExitCode.REFUSED,
      "Kafka refused a request for lack of authorization.",
      "Grant the Kafka principal the right that the message names."),
  FENCED(
      "BW-FENCED",
      ExitCode.REFUSED,
      "Another pump with the same slot took over.",
      "Run one pump a slot; this one has written nothing since."),
  RECORD_REFUSED(
      "BW-RECORD-REFUSED",
      ExitCode.REFUSED,
      "Kafka will not take a record, for instance because it is too large.",
      "Raise max.message.bytes of the topic and max.request.size, or use --on-error=log."),
  SCHEMA_REFUSED(
      "BW-SCHEMA-REFUSED",
      ExitCode.REFUSED,
      "The schema registry refused a schema.",
      "Compare the table's change with the subject's compatibility level, and choose"
          + " --on-incompatible-schema or another level."),
  VALUE_SPECIAL(
      "BW-VALUE-SPECIAL",
      ExitCode.REFUSED,
      "A value cannot be held by its column's schema, such as NaN in a decimal or an array of two"
          + " dimensions.",
      "Choose --special-values=string or null, or map the column otherwise, for instance with"
          + " --numeric=string."),
  VALUE_MALFORMED(
      "BW-VALUE-MALFORMED",
      ExitCode.REFUSED,
      "PostgreSQL sent a value that is not of its type's form.",
      "Report this with the PostgreSQL version and the column's type."),
  TOAST_UNCHANGED(
      "BW-TOAST-UNCHANGED",
      ExitCode.REFUSED,
      "An update left a large value out of the WAL, and it can no longer be read from the table.",
      "Run: ALTER TABLE ... REPLICA IDENTITY FULL for the table that the message names."),
  WIRE(
      "BW-WIRE",
      ExitCode.REFUSED,
      "A message of the replication protocol could not be decoded.",
      "Report this with the PostgreSQL version and the LSN."),
  MEMORY(
      "BW-MEMORY",
      ExitCode.REFUSED,
      "A row, or all that is under way, does not fit into the memory that Java may use.",
      "Give the pump more memory: about five times its largest row, and 256 MB at least"
          + " (BOTTLEDWATER_JAVA_OPTS=-Xmx...)."),
  LISTENER(
      "BW-LISTENER",
      ExitCode.USAGE,
      "An address to listen on is taken, or is not loopback and lacks TLS and credentials.",
      "Choose another port, 0 for any free one, or a loopback address."),
  DATA_DIRECTORY(
      "BW-DATA-DIRECTORY",
      ExitCode.USAGE,
      "The data directory cannot be used.",
      "Choose a directory that this user can write to and no other process uses."),
  POSTGRES_UNREACHABLE(
      "BW-PG-UNREACHABLE",
      ExitCode.GAVE_UP,
      "PostgreSQL could not be reached.",
      "Check host, port, firewall and listen_addresses."),
  KAFKA_UNREACHABLE(
      "BW-KAFKA-UNREACHABLE",
      ExitCode.GAVE_UP,
      "No Kafka broker could be reached.",
      "Check --broker, and the advertised listeners of the brokers."),
  REGISTRY_UNREACHABLE(
      "BW-REGISTRY-UNREACHABLE",
      ExitCode.GAVE_UP,
      "The schema registry could not be reached.",
      "Check --schema-registry."),
  BUG(
      "BW-BUG",
      ExitCode.BUG,
      "Something happened that the code did not foresee.",
      "Report the stack trace.");

  private final String id;
  private final int exitCode;
  private final String meaning;
  private final String advice;

  ErrorCode(String id, int exitCode, String meaning, String advice) {
    this.id = id;
    this.exitCode = exitCode;
    this.meaning = meaning;
    this.advice = advice;
  }

  /** The stable name, for instance {@code BW-SLOT-LOST}. */
  public String id() {
    return id;
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }

  /** What the code means, one sentence. */
  public String meaning() {
    return meaning;
  }

  /** What a user can do in general; a message may carry something more exact. */
  public String advice() {
    return advice;
  }
}
