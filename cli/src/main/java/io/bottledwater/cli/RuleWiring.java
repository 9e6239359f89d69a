package io.bottledwater.cli;

import io.bottledwater.config.ColumnChoice;
import io.bottledwater.config.ColumnMask;
import io.bottledwater.config.ColumnPattern;
import io.bottledwater.config.OutboxColumns;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.config.RowCondition;
import io.bottledwater.encode.ColumnRules;
import io.bottledwater.encode.OutboxSettings;
import io.bottledwater.pump.RowFilters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the user said of columns, rows and routes into rules of the pump. */
final class RuleWiring {
  private RuleWiring() {}

  static ColumnRules columns(ColumnChoice choice) {
    List<ColumnRules.Rule> rules = new ArrayList<>();
    for (ColumnPattern pattern : choice.excluded()) {
      rules.add(
          new ColumnRules.Rule(
              PumpOptions.EXCLUDE_COLUMNS + " " + pattern,
              pattern::matches,
              ColumnRules.Treatment.EXCLUDE,
              0));
    }
    for (ColumnMask mask : choice.masks()) {
      rules.add(
          new ColumnRules.Rule(
              PumpOptions.MASK_COLUMNS + " " + mask.columns(),
              mask.columns()::matches,
              switch (mask.kind()) {
                case NULL -> ColumnRules.Treatment.NULL;
                case HASH -> ColumnRules.Treatment.HASH;
                case REDACT -> ColumnRules.Treatment.REDACT;
                case TRUNCATE -> ColumnRules.Treatment.TRUNCATE;
                case KEEP -> ColumnRules.Treatment.KEEP;
              },
              mask.characters()));
    }
    return new ColumnRules(rules, choice.salt().orElse("").getBytes(StandardCharsets.UTF_8));
  }

  static @Nullable OutboxSettings outbox(PumpConfig config) {
    OutboxColumns columns = config.outboxColumns();
    return config
        .outbox()
        .map(
            table ->
                new OutboxSettings(
                    table.schema(),
                    table.table(),
                    columns.route(),
                    columns.key(),
                    columns.payload(),
                    columns.id(),
                    columns.type(),
                    columns.headers()))
        .orElse(null);
  }

  static RowFilters rows(List<RowCondition> conditions) {
    return new RowFilters(
        conditions.stream()
            .map(c -> new RowFilters.Rule(c.table().toString(), c.table()::matches, c.condition()))
            .toList());
  }
}
