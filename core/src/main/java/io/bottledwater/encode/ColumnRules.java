package io.bottledwater.encode;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.Relation;
import io.bottledwater.type.ColumnMapping;
import io.bottledwater.type.Masks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns are left out or masked. Decided once for each relation, when its plan is compiled;
 * whatever would let a value through by mistake is refused. Immutable and thread safe.
 */
public final class ColumnRules {
  /** Lets every column through as it is. */
  public static final ColumnRules NONE = new ColumnRules(List.of(), new byte[0]);

  /** What becomes of a column. */
  public enum Treatment {
    KEEP,
    EXCLUDE,
    NULL,
    HASH,
    REDACT,
    TRUNCATE
  }

  /** Whether a rule is about a column: schema, table and column as PostgreSQL has them. */
  public interface Match {
    boolean test(String schema, String table, String column);
  }

  /**
   * One rule.
   *
   * @param written how the user wrote it
   * @param characters how many {@code TRUNCATE} keeps, else 0
   */
  public record Rule(String written, Match match, Treatment treatment, int characters) {}

  private final List<Rule> rules;
  private final byte[] salt;

  /**
   * @param rules of those that match a column the first counts
   * @param salt the key of {@code HASH}
   */
  public ColumnRules(List<Rule> rules, byte[] salt) {
    this.rules = List.copyOf(rules);
    this.salt = salt.clone();
  }

  /** The treatment of a column; {@code KEEP} when no rule is about it. */
  Treatment of(Relation relation, int column) {
    Rule rule = rule(relation, relation.columns().get(column).name());
    return rule == null ? Treatment.KEEP : rule.treatment;
  }

  /** The mapping of a column under its rule. */
  ColumnMapping map(Relation relation, int column, ColumnMapping own) {
    Rule rule = rule(relation, relation.columns().get(column).name());
    if (rule == null) {
      return own;
    }
    return switch (rule.treatment) {
      case KEEP, EXCLUDE, NULL -> own;
      case HASH -> Masks.hash(salt);
      case REDACT -> Masks.redact();
      case TRUNCATE -> Masks.truncate(rule.characters);
    };
  }

  /**
   * Refuses what would leave rows without identity.
   *
   * @throws BottledWaterException {@code BW-COLUMN-RULE} when a key's column is left out, or masked
   *     so that different keys could become one
   */
  public void checkKey(Relation relation) {
    for (int column : relation.keyColumns()) {
      Rule rule = rule(relation, relation.columns().get(column).name());
      if (rule != null && rule.treatment != Treatment.KEEP && rule.treatment != Treatment.HASH) {
        throw new BottledWaterException(
            ErrorCode.COLUMN_RULE,
            rule.written
                + ": column "
                + relation.qualifiedName()
                + "."
                + relation.columns().get(column).name()
                + " is part of the key.",
            "Use the mask hash, which keeps keys apart, or leave the table out.",
            null);
      }
    }
  }

  /**
   * Refuses rules that are about nothing, so that a misspelt one does not pass for protection.
   *
   * @throws BottledWaterException {@code BW-COLUMN-RULE}
   */
  public void checkMatches(Collection<Relation> relations) {
    for (Rule rule : rules) {
      boolean matched = false;
      for (Relation relation : relations) {
        for (Column column : relation.columns()) {
          matched |= rule.match.test(relation.schema(), relation.name(), column.name());
        }
      }
      if (!matched) {
        throw new BottledWaterException(
            ErrorCode.COLUMN_RULE, rule.written + ": no column of an exported table fits.");
      }
    }
  }

  /**
   * Refuses a shape in which a column that was left out or masked is gone while one has come that
   * no rule is about: it may be the same column under a new name.
   *
   * @throws BottledWaterException {@code BW-COLUMN-RULE}
   */
  void checkRenamed(Relation before, Relation after) {
    List<String> come = new ArrayList<>();
    for (Column column : after.columns()) {
      if (!has(before, column.name()) && rule(after, column.name()) == null) {
        come.add(column.name());
      }
    }
    boolean moved = !before.schema().equals(after.schema()) || !before.name().equals(after.name());
    for (Column column : before.columns()) {
      Rule rule = rule(before, column.name());
      if (rule == null || rule.treatment == Treatment.KEEP) {
        continue;
      }
      boolean there = has(after, column.name());
      if (there ? moved && rule(after, column.name()) == null : !come.isEmpty()) {
        throw new BottledWaterException(
            ErrorCode.COLUMN_RULE,
            rule.written
                + ": column "
                + before.qualifiedName()
                + "."
                + column.name()
                + (there
                    ? " is in " + after.qualifiedName() + " now, and no rule is about it there."
                    : " is gone, and no rule is about "
                        + String.join(", ", come)
                        + ", which has come."),
            "Name both, the old and the new, with one glob; or except the new one with the mask"
                + " keep.",
            null);
      }
    }
  }

  /**
   * Refuses a rule about a relation whose rows are written as they are.
   *
   * @throws BottledWaterException {@code BW-COLUMN-RULE}
   */
  void checkUntouched(Relation relation) {
    for (Column column : relation.columns()) {
      Rule rule = rule(relation, column.name());
      if (rule != null && rule.treatment != Treatment.KEEP) {
        throw new BottledWaterException(
            ErrorCode.COLUMN_RULE,
            rule.written
                + ": "
                + relation.qualifiedName()
                + " is the outbox, whose columns are written as they are.",
            "Except its column "
                + column.name()
                + " with the mask keep, and let the application write what may be seen.",
            null);
      }
    }
  }

  private static boolean has(Relation relation, String name) {
    for (Column column : relation.columns()) {
      if (column.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Rule rule(Relation relation, String column) {
    for (Rule rule : rules) {
      if (rule.match.test(relation.schema(), relation.name(), column)) {
        return rule;
      }
    }
    return null;
  }
}
