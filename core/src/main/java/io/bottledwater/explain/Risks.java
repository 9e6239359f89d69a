package io.bottledwater.explain;

import io.bottledwater.encode.RelationSummary;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.postgres.Relation;
import io.bottledwater.postgres.ReplicaIdentity;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/** What can go wrong with a table, each with what mends it. */
final class Risks {
  private Risks() {}

  /**
   * @param toastable columns whose large values the WAL leaves out when an update does not touch
   *     them
   */
  static List<String> of(
      TableInfo table, RelationSummary summary, List<String> toastable, boolean allowUnkeyed) {
    Relation relation = table.relation();
    String name = Identifiers.quote(relation.schema(), relation.name());
    List<String> risks = new ArrayList<>();
    if (!relation.isKeyed() && !allowUnkeyed) {
      risks.add(
          ErrorCode.UNKEYED_TABLE.id()
              + ": the pump refuses to start with it. Run: ALTER TABLE "
              + name
              + " ADD PRIMARY KEY (...); or use --allow-unkeyed or --exclude-tables.");
    } else if (!relation.isKeyed()) {
      risks.add("Records have no key: deletes are not exported, and the topic is not compacted.");
    }
    if (!table.hasIdentity()) {
      risks.add(
          "Without replica identity only inserts are exported. Run: ALTER TABLE "
              + name
              + " REPLICA IDENTITY FULL;");
    }
    if (!table.readable()) {
      risks.add(
          ErrorCode.PRIVILEGE.id()
              + ": this role may not read it. Run: GRANT SELECT ON "
              + name
              + " TO ...;");
    }
    if (table.rowSecurity()) {
      risks.add(ErrorCode.PRIVILEGE.id() + ": row-level security hides rows from this role.");
    }
    if (!toastable.isEmpty() && relation.identity() != ReplicaIdentity.FULL) {
      risks.add(
          "The WAL leaves out values beyond 2 kB of "
              + String.join(", ", toastable)
              + " when an UPDATE does not touch them; the pump then fetches them. ALTER TABLE "
              + name
              + " REPLICA IDENTITY FULL; puts them into the WAL.");
    }
    List<String> special = new ArrayList<>();
    for (RowShape.Field field : summary.fields()) {
      if (field.type() instanceof ValueType.Decimal && field.pgType().startsWith("numeric")) {
        special.add(field.name());
      }
    }
    if (!special.isEmpty()) {
      risks.add(
          "NaN or infinity in "
              + String.join(", ", special)
              + " cannot be written as a decimal: "
              + ErrorCode.VALUE_SPECIAL.id()
              + ".");
    }
    return risks;
  }
}
