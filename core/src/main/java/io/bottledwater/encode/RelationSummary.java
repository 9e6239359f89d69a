package io.bottledwater.encode;

import io.bottledwater.postgres.Relation;
import io.bottledwater.value.RowShape;
import java.util.List;

/**
 * What is decided about a relation before its first row, for people to read.
 *
 * @param topic where its records go
 * @param fields what is written for each column that is exported
 */
public record RelationSummary(Relation relation, String topic, List<RowShape.Field> fields) {
  public RelationSummary {
    fields = List.copyOf(fields);
  }

  /** Plans the relation as the pump does; the format meets its schemas on the way. */
  public static RelationSummary of(Relation relation, EncoderSettings settings) {
    RelationPlan plan = RelationPlan.compile(relation, settings, false);
    return new RelationSummary(relation, plan.topic().name(), plan.fields().valueFields());
  }
}
