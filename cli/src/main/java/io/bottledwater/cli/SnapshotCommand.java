package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.error.ExitCode;
import io.bottledwater.pump.SnapshotRequest;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresConnector;
import io.bottledwater.source.catalog.PostgresErrors;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the running pump to read tables again. */
final class SnapshotCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(SnapshotCommand.class);
  private static final long WAIT_MILLIS = 30_000;

  static final Option<String> TABLE =
      Option.value("table", "GLOB", SnapshotCommand::parse)
          .group(OptionGroup.RECORDS)
          .commandLineOnly()
          .help("The tables to read: schema.table, where * stands for any characters.")
          .build();

  private static String parse(String text) throws OptionValueException {
    if (text.indexOf('.') <= 0 || text.indexOf('\t') >= 0) {
      throw new OptionValueException("no schema is named", "Write schema.table, or schema.*");
    }
    return text;
  }

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public String summary() {
    return "Has the running pump read tables again, as one consistent snapshot, while it streams.";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(TABLE, PumpOptions.POSTGRES, PumpOptions.SLOT, PumpOptions.LOG_FORMAT);
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    String pattern =
        options
            .find(TABLE)
            .orElseThrow(
                () ->
                    new BottledWaterException(
                        ErrorCode.USAGE,
                        "--table: no table is named.",
                        "Write --table=schema.table.",
                        null));
    String slot = options.get(PumpOptions.SLOT);
    PostgresConnector connector =
        PumpWiring.connector(PumpConfig.postgres(options, console.environment(), log::warn));
    int tables;
    try (Catalog catalog = new Catalog(connector.open())) {
      tables = new SnapshotRequest(pattern).send(catalog, slot, WAIT_MILLIS);
    } catch (SQLException e) {
      throw PostgresErrors.translate(e, "asking for a snapshot", connector.address());
    }
    if (tables < 0) {
      throw new BottledWaterException(
          ErrorCode.PUMP_SILENT, "No pump on slot " + slot + " of this database has answered.");
    }
    if (tables == 0) {
      throw new BottledWaterException(
          ErrorCode.NO_TABLES, "No table that the pump exports matches --table.");
    }
    console.err().println("bottledwater: the pump will read " + tables + " tables.");
    return ExitCode.OK;
  }
}
