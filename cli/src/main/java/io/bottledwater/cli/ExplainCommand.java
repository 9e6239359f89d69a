package io.bottledwater.cli;

import io.bottledwater.config.Option;
import io.bottledwater.config.OptionGroup;
import io.bottledwater.config.ParsedOptions;
import io.bottledwater.config.PumpConfig;
import io.bottledwater.config.PumpOptions;
import io.bottledwater.error.ExitCode;
import io.bottledwater.error.OneLine;
import io.bottledwater.explain.Explainer;
import io.bottledwater.explain.TableExplanation;
import io.bottledwater.registry.client.HttpSchemaRegistry;
import io.bottledwater.schema.SchemaOutlook;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows what the pump would do with each table, or what a change of a table would do. */
final class ExplainCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(ExplainCommand.class);

  static final Option<String> DDL =
      Option.value("ddl", "SQL", text -> text)
          .group(OptionGroup.RECORDS)
          .commandLineOnly()
          .help(
              "Run this in a transaction that is rolled back, and show which schemas it would"
                  + " change. It waits for a lock for two seconds at most and runs for ten.")
          .build();

  @Override
  public String name() {
    return "explain";
  }

  @Override
  public String summary() {
    return "Shows for each table its topic, key, columns, schemas and risks, without touching"
        + " anything.";
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> options = new ArrayList<>(PumpOptions.ALL);
    options.removeIf(option -> option == PumpOptions.CONFIG_HELP);
    options.add(DDL);
    return options;
  }

  @Override
  public int run(ParsedOptions options, Console console) throws Exception {
    PumpConfig config = PumpConfig.from(options, console.environment(), log::warn);
    try (HttpSchemaRegistry registry = PumpWiring.registry(config)) {
      ForgivingRegistry forgiving = new ForgivingRegistry(registry, registry);
      Explainer explainer =
          new Explainer(
              PumpWiring.connector(config),
              new Explainer.Options(
                  config.tables()::matches,
                  config.allowUnkeyed(),
                  RuleWiring.columns(config.columns()),
                  RuleWiring.outbox(config),
                  config.topicPrefix().orElse(""),
                  Styles.factory(config),
                  collector -> Styles.format(config, collector),
                  forgiving,
                  forgiving));
      Optional<String> ddl = options.find(DDL);
      if (ddl.isPresent()) {
        effect(explainer.ddl(ddl.get()), console.out());
      } else {
        tables(explainer.tables(), console.out());
      }
    }
    return ExitCode.OK;
  }

  private static void tables(List<TableExplanation> tables, PrintStream out) {
    if (tables.isEmpty()) {
      out.println("No table is exported.");
    }
    for (TableExplanation table : tables) {
      line(out, table.table());
      line(out, "  topic    " + table.topic());
      line(out, "  key      " + table.key());
      columns(table, out);
      for (TableExplanation.Schema schema : table.schemas()) {
        line(out, "  schema   " + schema.subject() + ": " + say(schema.outlook()));
        for (String text : schema.text().split("\n", -1)) {
          line(out, "           " + text);
        }
      }
      table.risks().forEach(risk -> line(out, "  risk     " + risk));
      out.println();
    }
  }

  private static void columns(TableExplanation table, PrintStream out) {
    int name = 0;
    int type = 0;
    for (TableExplanation.Column column : table.columns()) {
      name = Math.max(name, column.name().length());
      type = Math.max(type, column.pgType().length());
    }
    String head = "  columns  ";
    for (TableExplanation.Column column : table.columns()) {
      line(
          out,
          head
              + padded(column.name(), name)
              + "  "
              + padded(column.pgType(), type)
              + "  "
              + column.written());
      head = "           ";
    }
  }

  private static void effect(Explainer.DdlEffect effect, PrintStream out) {
    Map<Long, TableExplanation> before = new HashMap<>();
    effect.before().forEach(table -> before.put(table.oid(), table));
    boolean same = true;
    for (TableExplanation after : effect.after()) {
      TableExplanation earlier = before.remove(after.oid());
      same &= !changed(earlier, after, out);
    }
    for (TableExplanation gone : before.values()) {
      same = false;
      line(out, gone.table() + ": no longer exported; topic " + gone.topic() + " stays as it is");
    }
    if (same) {
      out.println("No exported table changes.");
    }
  }

  private static boolean changed(
      @Nullable TableExplanation earlier, TableExplanation after, PrintStream out) {
    if (earlier == null) {
      line(out, after.table() + ": new");
    } else if (earlier.topic().equals(after.topic())
        && earlier.key().equals(after.key())
        && earlier.columns().equals(after.columns())) {
      return false;
    } else {
      line(out, after.table() + ":");
    }
    if (earlier == null || !earlier.topic().equals(after.topic())) {
      line(out, "  topic    " + (earlier == null ? "" : earlier.topic() + " -> ") + after.topic());
    }
    if (earlier == null || !earlier.key().equals(after.key())) {
      line(out, "  key      " + (earlier == null ? "" : earlier.key() + " -> ") + after.key());
    }
    if (earlier != null) {
      columns(earlier, after, out);
    }
    for (TableExplanation.Schema schema : after.schemas()) {
      line(out, "  schema   " + schema.subject() + ": " + say(schema.outlook()));
    }
    return true;
  }

  private static void columns(TableExplanation earlier, TableExplanation after, PrintStream out) {
    Map<String, TableExplanation.Column> old = new HashMap<>();
    earlier.columns().forEach(column -> old.put(column.name(), column));
    for (TableExplanation.Column column : after.columns()) {
      TableExplanation.Column was = old.remove(column.name());
      if (was == null) {
        line(out, "  column   + " + column.name() + " " + written(column));
      } else if (!was.equals(column)) {
        line(out, "  column   " + column.name() + " " + written(was) + " -> " + written(column));
      }
    }
    for (TableExplanation.Column column : earlier.columns()) {
      if (old.containsKey(column.name())) {
        line(out, "  column   - " + column.name() + " " + written(column));
      }
    }
  }

  private static String written(TableExplanation.Column column) {
    return column.pgType() + " (" + column.written() + ")";
  }

  private static String say(SchemaOutlook outlook) {
    return switch (outlook.kind()) {
      case REGISTERED -> "registered as version " + outlook.version();
      case ACCEPTED -> "would become version " + outlook.version();
      case REFUSED -> "would be refused: " + outlook.detail();
      case UNKNOWN -> "the registry was not asked";
    };
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  // Names may hold anything, line ends and escape sequences too.
  private static void line(PrintStream out, String text) {
    out.println(OneLine.escape(text));
  }
}
