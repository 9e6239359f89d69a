package io.bottledwater.explain;

import io.bottledwater.encode.ColumnRules;
import io.bottledwater.encode.EncoderSettings;
import io.bottledwater.encode.OutboxSettings;
import io.bottledwater.encode.OutputFormat;
import io.bottledwater.encode.RecordStyle;
import io.bottledwater.encode.RelationSummary;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import io.bottledwater.schema.SchemaOutlook;
import io.bottledwater.schema.SchemaRegistry;
import io.bottledwater.schema.SubjectVersions;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.catalog.ServerInfo;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plans tables as the pump would, without slot, publication, topic or registration. */
public final class Explainer {
  // A statement that rewrites a large table would keep everybody from it for as long as it runs.
  private static final String LIMITS =
      "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s'";

  private final PostgresConnector connector;
  private final Options options;

  /**
   * What of the pump's options matters here.
   *
   * @param tables schema and name of a table: whether it is exported
   * @param columns which columns are left out or masked
   * @param outbox the table whose rows are events, or null
   * @param formats makes the format around a registry
   * @param versions what the registry holds: formats go on from it
   * @param outlook asked about every schema
   */
  public record Options(
      BiPredicate<String, String> tables,
      boolean allowUnkeyed,
      ColumnRules columns,
      @Nullable OutboxSettings outbox,
      String topicPrefix,
      RecordStyle.Factory styles,
      Function<SchemaRegistry, OutputFormat> formats,
      SubjectVersions versions,
      SchemaOutlook.Source outlook) {}

  public Explainer(PostgresConnector connector, Options options) {
    this.connector = connector;
    this.options = options;
  }

  /** All tables that the filter lets through, by name. */
  public List<TableExplanation> tables() {
    try (Catalog catalog = new Catalog(connector.open())) {
      return explain(catalog);
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog", connector.address());
    }
  }

  /** The tables before and after a statement that is then taken back. */
  public record DdlEffect(List<TableExplanation> before, List<TableExplanation> after) {}

  /**
   * Runs DDL in a transaction that is rolled back. While it runs it holds the locks that it takes;
   * it gives up after waiting two seconds for a lock, and after ten in all.
   *
   * @param ddl one statement or several with semicolons; not those that end a transaction
   * @throws BottledWaterException {@code BW-USAGE} when the server does not take the statement
   */
  public DdlEffect ddl(String ddl) {
    try (Connection connection = connector.open()) {
      List<TableExplanation> before = explain(new Catalog(connection));
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(LIMITS);
        execute(connection, ddl);
        statement.execute("SET LOCAL search_path = pg_catalog");
        return new DdlEffect(before, explain(new Catalog(connection)));
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "reading the catalog", connector.address());
    }
  }

  // Inside a DO block the server itself refuses COMMIT and whatever else would outlive the
  // rollback.
  private static void execute(Connection connection, String ddl) throws SQLException {
    try (PreparedStatement parameter =
            connection.prepareStatement(
                "SELECT set_config('bottledwater.ddl', ?, true),"
                    + " set_config('search_path', '\"$user\", public', true)");
        Statement block = connection.createStatement()) {
      parameter.setString(1, ddl);
      parameter.execute();
      block.execute("DO 'BEGIN EXECUTE current_setting(''bottledwater.ddl''); END'");
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state == null || state.startsWith("08") || state.startsWith("57P")) {
        throw e;
      }
      throw new BottledWaterException(
          ErrorCode.USAGE,
          "--ddl: PostgreSQL refuses the statement (SQLSTATE " + state + ").",
          switch (state) {
            case "55P03", "57014" ->
                "It had to wait for a lock or took too long; try it on a copy of the database.";
            case "42501" -> "This role may not do it: connect as one that owns the table.";
            default -> "Try it in psql, in a transaction that is rolled back.";
          },
          e);
    }
  }

  private List<TableExplanation> explain(Catalog catalog) throws SQLException {
    ServerInfo server = catalog.serverInfo();
    SchemaCollector schemas = new SchemaCollector(options.versions());
    EncoderSettings settings =
        new EncoderSettings(
            options
                .styles()
                .style(
                    new RecordStyle.Origin(
                        server.database(), options.topicPrefix(), server.timeZone())),
            options.formats().apply(schemas),
            options.allowUnkeyed(),
            options.columns(),
            options.outbox(),
            null);
    Map<Long, List<String>> toastable = catalog.tables().toastableColumns();
    List<TableExplanation> explanations = new ArrayList<>();
    for (TableInfo table : catalog.tables().userTables()) {
      Relation relation = table.relation();
      OutboxSettings outbox = options.outbox();
      if (outbox != null && outbox.isAbout(relation)) {
        explanations.add(
            new TableExplanation(
                relation.oid(),
                relation.qualifiedName(),
                settings.style().topics().outboxTopic("") + "(" + outbox.routeColumn() + ")",
                outbox.keyColumn() + " (of the outbox)",
                List.of(),
                List.of(),
                List.of()));
      } else if (options.tables().test(relation.schema(), relation.name())) {
        RelationSummary summary = RelationSummary.of(relation, settings);
        explanations.add(
            new TableExplanation(
                relation.oid(),
                relation.qualifiedName(),
                summary.topic(),
                key(relation),
                summary.fields().stream()
                    .map(
                        field ->
                            new TableExplanation.Column(
                                field.name(), field.pgType(), WrittenType.of(field.type())))
                    .toList(),
                schemas.take().stream().map(this::schema).toList(),
                Risks.of(
                    table,
                    summary,
                    toastable.getOrDefault(relation.oid(), List.of()),
                    options.allowUnkeyed())));
      }
    }
    return explanations;
  }

  private TableExplanation.Schema schema(SchemaCollector.Schema schema) {
    return new TableExplanation.Schema(
        schema.subject(),
        schema.type(),
        schema.text(),
        options.outlook().outlook(schema.subject(), schema.type(), schema.text()));
  }

  private static String key(Relation relation) {
    if (!relation.isKeyed()) {
      return relation.identity() == ReplicaIdentity.NOTHING
          ? "none: its replica identity is NOTHING"
          : "none: it has no primary key and no replica identity index";
    }
    String columns =
        relation.keyColumns().stream()
            .map(i -> relation.columns().get(i).name())
            .collect(Collectors.joining(", "));
    return columns
        + (relation.identity() == ReplicaIdentity.INDEX
            ? " (replica identity index "
            : " (primary key ")
        + relation.keyIndex()
        + ")";
  }
}
