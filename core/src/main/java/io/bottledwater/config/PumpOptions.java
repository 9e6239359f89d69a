package io.bottledwater.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The closed list of the pump's options. */
public final class PumpOptions {
  public static final Option<String> POSTGRES =
      Option.value("postgres", "URI", text -> text)
          .letter('d')
          .secret()
          .group(OptionGroup.POSTGRES)
          .required()
          .help(
              "The database: postgres://user:password@host:port/database, or libpq's key=value"
                  + " list. PG* environment variables and ~/.pgpass fill what is missing. Other"
                  + " users of this machine can read a command line: leave a password to"
                  + " PGPASSWORD, ~/.pgpass or BOTTLEDWATER_POSTGRES.")
          .build();

  public static final Option<String> SLOT =
      Option.value("slot", "NAME", SlotName::parse)
          .letter('s')
          .group(OptionGroup.POSTGRES)
          .defaultsTo("bottledwater")
          .help("The replication slot, created on first use.")
          .build();

  public static final Option<List<HostPort>> BROKER =
      Option.commaList("broker", "H[:P],...", text -> HostPort.parseList(text, HostPort.KAFKA_PORT))
          .letter('b')
          .group(OptionGroup.KAFKA)
          .defaultsTo("localhost:9092")
          .help("Kafka's bootstrap servers.")
          .build();

  public static final Option<List<RegistryUrl>> SCHEMA_REGISTRY =
      Option.commaList("schema-registry", "URL", RegistryUrl::parseList)
          .letter('r')
          .secret()
          .group(OptionGroup.KAFKA)
          .defaultsTo("http://localhost:8081")
          .help(
              "A Confluent-compatible schema registry; several URLs with commas. A user and"
                  + " password in the URL are for basic authentication: better in"
                  + " BOTTLEDWATER_SCHEMA_REGISTRY than on the command line.")
          .build();

  public static final Option<String> OUTPUT_FORMAT =
      Option.value("output-format", "avro|json|protobuf", text -> text)
          .letter('f')
          .group(OptionGroup.RECORDS)
          .defaultsTo("avro")
          .help(
              "The encoding of keys and values, or a name that a jar on BOTTLEDWATER_CLASSPATH"
                  + " brings. json needs no schema registry.")
          .build();

  public static final Option<Boolean> JSON_SCHEMA =
      Option.flag("json-schema")
          .group(OptionGroup.RECORDS)
          .help(
              "With --output-format=json: register a JSON Schema, and begin each key and value"
                  + " with its id.")
          .build();

  public static final Option<Boolean> ALLOW_UNKEYED =
      Option.flag("allow-unkeyed")
          .letter('u')
          .group(OptionGroup.RECORDS)
          .help("Also export tables without primary key or replica identity.")
          .build();

  public static final Option<String> TOPIC_PREFIX =
      Option.value("topic-prefix", "P", TopicPrefix::parse)
          .letter('p')
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help("Stands before every topic's name, with a dot between.")
          .build();

  public static final Option<StyleConfig.Mapping> TYPE_MAPPING =
      Choice.option("type-mapping", StyleConfig.Mapping.class)
          .group(OptionGroup.RECORDS)
          .defaultsTo("standard")
          .help(
              "How types and schemas are written; classic writes what Bottled Water, the original,"
                  + " wrote: see docs/compatibility.md.")
          .build();

  public static final Option<StyleConfig.Envelope> ENVELOPE =
      Choice.option("envelope", StyleConfig.Envelope.class)
          .group(OptionGroup.RECORDS)
          .defaultsTo("row")
          .help(
              "What a value is: row, the row itself; debezium, before, after, source and op as"
                  + " Debezium's PostgreSQL connector writes them: see docs/compatibility.md.")
          .build();

  public static final Option<StyleConfig.Naming> TOPIC_NAMING =
      Choice.option("topic-naming", StyleConfig.Naming.class)
          .group(OptionGroup.RECORDS)
          .whenAbsent("as --type-mapping and --envelope ask for")
          .help(
              "What a table's topic is called after the prefix: standard, [schema.]table; classic,"
                  + " the same with dashes escaped; debezium, schema.table.")
          .build();

  public static final Option<OnError> ON_ERROR =
      Choice.option("on-error", OnError.class)
          .letter('e')
          .group(OptionGroup.RUNNING)
          .defaultsTo("exit")
          .help(
              "On a record that cannot be delivered: exit stops before acknowledging it; log sends"
                  + " it to the dead-letter topic, counts it, logs it and goes on.")
          .build();

  public static final Option<OnIncompatibleSchema> ON_INCOMPATIBLE_SCHEMA =
      Choice.option("on-incompatible-schema", OnIncompatibleSchema.class)
          .group(OptionGroup.RUNNING)
          .defaultsTo("stop")
          .help(
              "On a schema that the registry refuses as incompatible with the subject's earlier"
                  + " ones: stop says what changed; force sets the subject's compatibility to NONE"
                  + " while it registers the schema; new-topic writes rows of the new shape to"
                  + " TOPIC.v2, .v3 and so on. See docs/schema-registry.md.")
          .build();

  public static final Option<Boolean> SKIP_SNAPSHOT =
      Option.flag("skip-snapshot")
          .letter('x')
          .group(OptionGroup.RUNNING)
          .help("Stream only. With a slot that exists: even when its state is lost.")
          .build();

  public static final Option<Map<String, String>> KAFKA_CONFIG =
      Option.repeated("kafka-config", "P=V", PropertyList::parse)
          .letter('C')
          .secret()
          .group(OptionGroup.KAFKA)
          .whenAbsent("none")
          .help(
              "A producer property; librdkafka's global names are understood and translated. May"
                  + " be repeated. In the environment, one property a line.")
          .build();

  public static final Option<Map<String, String>> TOPIC_CONFIG =
      Option.repeated("topic-config", "P=V", PropertyList::parse)
          .letter('T')
          .secret()
          .group(OptionGroup.KAFKA)
          .whenAbsent("none")
          .help(
              "A topic property of librdkafka (translated), or a property for topics that the pump"
                  + " creates. May be repeated. In the environment, one property a line.")
          .build();

  public static final Option<Boolean> CONFIG_HELP =
      Option.flag("config-help")
          .commandLineOnly()
          .help(
              "Print the producer properties: name, type, range, default, description, and the"
                  + " librdkafka name that each answers to.")
          .build();

  public static final Option<Boolean> HELP =
      Option.flag("help").letter('h').commandLineOnly().help("Print this help.").build();

  public static final Option<Boolean> VERSION =
      Option.flag("version").commandLineOnly().help("Print the version.").build();

  public static final Option<Path> CONFIG =
      Option.value("config", "FILE", FileName::parse)
          .whenAbsent("none")
          .help(
              "A YAML file whose keys are these options' names. ${NAME} stands for an environment"
                  + " variable, $${ for the characters themselves.")
          .build();

  public static final Option<List<TablePattern>> TABLES =
      Option.commaList("tables", "GLOB,...", TableFilter::parsePatterns)
          .group(OptionGroup.RECORDS)
          .whenAbsent("all user tables")
          .help(
              "Export only these tables: schema.table with * and ?; a name in double quotes is"
                  + " taken literally.")
          .build();

  public static final Option<List<TablePattern>> EXCLUDE_TABLES =
      Option.commaList("exclude-tables", "GLOB,...", TableFilter::parsePatterns)
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help("Leave these tables out.")
          .build();

  public static final Option<List<ColumnPattern>> EXCLUDE_COLUMNS =
      Option.commaList("exclude-columns", "GLOB,...", ColumnPattern::parseList)
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help("Leave these columns out: schema.table.column with * and ?. Not those of a key.")
          .build();

  public static final Option<List<ColumnMask>> MASK_COLUMNS =
      Option.commaList("mask-columns", "GLOB=MASK,...", ColumnMask::parseList)
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help(
              "Write something else for the values of these columns: null; hash, a keyed hash"
                  + " (HMAC-SHA-256) that needs --mask-salt; redact, the word redacted; truncate:N,"
                  + " the first N characters; keep, an exception. The first glob that fits counts.")
          .build();

  public static final Option<String> MASK_SALT =
      Option.value("mask-salt", "SECRET", MaskSalt::parse)
          .secret()
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help(
              "The secret of the mask hash: without it anybody could hash likely values and"
                  + " compare. Better in BOTTLEDWATER_MASK_SALT than on the command line.")
          .build();

  public static final Option<List<RowCondition>> ROW_FILTER =
      Option.repeated("row-filter", "GLOB: CONDITION", RowCondition::parse)
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help(
              "Export only rows of schema.table for which an SQL condition holds, from PostgreSQL"
                  + " 15 on. May be repeated. In the environment, one filter a line.")
          .build();

  public static final Option<MessageChoice> MESSAGES =
      Option.value("messages", "on|off|GLOB,...", MessageChoice::parse)
          .group(OptionGroup.RECORDS)
          .defaultsTo("off")
          .help(
              "Write logical messages (pg_logical_emit_message) to the topic"
                  + " [prefix.]bottledwater.messages, from PostgreSQL 14 on: all of them, or those"
                  + " whose prefix fits a glob.")
          .build();

  public static final Option<TableName> OUTBOX =
      Option.value("outbox", "SCHEMA.TABLE", TableFilter::parseTable)
          .group(OptionGroup.RECORDS)
          .whenAbsent("none")
          .help(
              "Write each row that is inserted into this table as an event to the topic"
                  + " [prefix.]outbox.event.(aggregatetype): key aggregateid, value payload, headers"
                  + " id and type.")
          .build();

  public static final Option<OutboxColumns> OUTBOX_COLUMNS =
      Option.commaList("outbox-columns", "PART=COLUMN,...", OutboxColumns::parse)
          .group(OptionGroup.RECORDS)
          .defaultsTo("route=aggregatetype,key=aggregateid,payload=payload,id=id,type=type")
          .help(
              "Other columns of the outbox for route, key, payload, id and type; header=COLUMN adds"
                  + " a header.")
          .build();

  public static final Option<String> PUBLICATION =
      Option.value("publication", "NAME", PublicationName::parse)
          .group(OptionGroup.POSTGRES)
          .whenAbsent("the slot's name")
          .help("The publication, created when it is missing and the role may.")
          .build();

  public static final Option<Delivery> DELIVERY =
      Choice.option("delivery", Delivery.class)
          .group(OptionGroup.KAFKA)
          .defaultsTo("exactly-once")
          .help(
              "Whether a restart may repeat records (at-least-once) or each change reaches readers"
                  + " of committed records once.")
          .build();

  public static final Option<Partitioner> PARTITIONER =
      Choice.option("partitioner", Partitioner.class)
          .group(OptionGroup.KAFKA)
          .defaultsTo("murmur2")
          .help(
              "How a key chooses its partition: murmur2 as Kafka's Java clients, crc32 as"
                  + " librdkafka's consistent_random.")
          .build();

  public static final Option<Integer> TOPIC_PARTITIONS =
      WholeNumber.option("topic-partitions", "N", 1, 100_000)
          .group(OptionGroup.KAFKA)
          .whenAbsent("the broker's default")
          .help("Partitions of the topics that the pump creates.")
          .build();

  public static final Option<Integer> TOPIC_REPLICATION_FACTOR =
      WholeNumber.option("topic-replication-factor", "N", 1, Short.MAX_VALUE)
          .group(OptionGroup.KAFKA)
          .whenAbsent("the broker's default")
          .help("Replicas of each partition of the topics that the pump creates.")
          .build();

  public static final Option<Boolean> HEADERS =
      Option.value("headers", "on|off", OnOff::parse)
          .group(OptionGroup.RECORDS)
          .defaultsTo("on")
          .help("Whether records carry bw.op, bw.lsn, bw.xid and bw.seq.")
          .build();

  public static final Option<NumericForm> NUMERIC =
      Option.value("numeric", "string|double|decimal(P,S)", NumericForm::parse)
          .group(OptionGroup.RECORDS)
          .whenAbsent("as each column is declared")
          .help(
              "What numeric is written as. Unless given, numeric(p,s) is a decimal of that"
                  + " precision and scale, and numeric without them is text. double is not exact. With"
                  + " --envelope=debezium, string and double are its decimal.handling.mode.")
          .build();

  public static final Option<EnumForm> ENUM =
      Choice.option("enum", EnumForm.class)
          .group(OptionGroup.RECORDS)
          .defaultsTo("string")
          .help(
              "What enumerated types are written as. With enum, a label that is added to the type"
                  + " makes a new version of the schema.")
          .build();

  public static final Option<SpecialValueForm> SPECIAL_VALUES =
      Choice.option("special-values", SpecialValueForm.class)
          .group(OptionGroup.RECORDS)
          .defaultsTo("stop")
          .help(
              "What becomes of a value that its schema cannot hold, such as NaN in a decimal or an"
                  + " array of two dimensions: stop names the place; null writes null, counts and"
                  + " logs it; string gives such columns a union with PostgreSQL's text. Records of"
                  + " other pumps have no such unions: there, stop or null.")
          .build();

  public static final Option<Integer> SNAPSHOT_THREADS =
      WholeNumber.option("snapshot-threads", "N", 1, 64)
          .group(OptionGroup.RUNNING)
          .whenAbsent("4 at most, fewer on few cores")
          .help("Connections that read the snapshot in parallel.")
          .build();

  public static final Option<CatchUpMode> CATCH_UP =
      Choice.option("catch-up", CatchUpMode.class)
          .group(OptionGroup.RUNNING)
          .defaultsTo("auto")
          .help(
              "How a backlog is read: auto takes PostgreSQL's decoding functions, which cost the"
                  + " server less than the replication stream, until the tip is near; off takes the"
                  + " stream for all.")
          .build();

  public static final Option<ValueForm> VALUE_FORM =
      Choice.option("value-form", ValueForm.class)
          .group(OptionGroup.RUNNING)
          .defaultsTo("auto")
          .help(
              "How PostgreSQL sends the values of changes: auto asks for their binary form, which is"
                  + " quicker on both sides, when all columns of the published tables have one that"
                  + " is understood (PostgreSQL 14 and later); text always asks for text.")
          .build();

  public static final Option<Integer> RETRY_LIMIT =
      WholeNumber.option("retry-limit", "SECONDS", 0, 31_536_000)
          .group(OptionGroup.RUNNING)
          .defaultsTo("300")
          .help(
              "How long an unreachable system is tried again before the pump gives up with exit"
                  + " code 4; 0 does not retry.")
          .build();

  public static final Option<SinkKind> SINK =
      Choice.option("sink", SinkKind.class)
          .group(OptionGroup.RUNNING)
          .defaultsTo("kafka")
          .help("Where records go: discard counts them, stdout prints them.")
          .build();

  public static final Option<LogFormat> LOG_FORMAT =
      Choice.option("log-format", LogFormat.class)
          .defaultsTo("text")
          .help(
              "Form of the log on standard error. BOTTLEDWATER_LOG_LEVEL sets how much:"
                  + " error, warn, info, debug or trace.")
          .build();

  /** In the order of help. */
  public static final List<Option<?>> ALL =
      List.of(
          POSTGRES,
          SLOT,
          PUBLICATION,
          BROKER,
          SCHEMA_REGISTRY,
          KAFKA_CONFIG,
          TOPIC_CONFIG,
          DELIVERY,
          PARTITIONER,
          TOPIC_PARTITIONS,
          TOPIC_REPLICATION_FACTOR,
          OUTPUT_FORMAT,
          JSON_SCHEMA,
          ALLOW_UNKEYED,
          TOPIC_PREFIX,
          TOPIC_NAMING,
          TYPE_MAPPING,
          ENVELOPE,
          TABLES,
          EXCLUDE_TABLES,
          EXCLUDE_COLUMNS,
          MASK_COLUMNS,
          MASK_SALT,
          ROW_FILTER,
          MESSAGES,
          OUTBOX,
          OUTBOX_COLUMNS,
          HEADERS,
          NUMERIC,
          ENUM,
          SPECIAL_VALUES,
          ON_ERROR,
          ON_INCOMPATIBLE_SCHEMA,
          SKIP_SNAPSHOT,
          SNAPSHOT_THREADS,
          CATCH_UP,
          VALUE_FORM,
          RETRY_LIMIT,
          SINK,
          CONFIG,
          LOG_FORMAT,
          CONFIG_HELP,
          VERSION,
          HELP);

  private PumpOptions() {}
}
