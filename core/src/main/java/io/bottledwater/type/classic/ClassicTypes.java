package io.bottledwater.type.classic;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/** Bottled Water's helper records and its enumeration of the two infinities. */
final class ClassicTypes {
  private static final List<String> NAMESPACE =
      List.of("com", "martinkl", "bottledwater", "datatypes");

  private static final String[] DAY = {"year", "month", "day"};
  private static final String[] DAY_AND_TIME = {
    "year", "month", "day", "hour", "minute", "second", "micro"
  };

  static final int POSITIVE_INFINITY = 0;
  static final int NEGATIVE_INFINITY = 1;

  private static final ValueType SPECIAL_TIME =
      new ValueType.Enumeration("SpecialTime", List.of(), List.of("POS_INFINITY", "NEG_INFINITY"));

  static final ValueType INTERVAL =
      new ValueType.Struct("Interval", NAMESPACE, fields(DAY_AND_TIME));

  static final ValueType TIME_TZ =
      new ValueType.Struct(
          "TimeTZ", NAMESPACE, List.of(field("micro", ValueType.Simple.LONG), field("zoneOffset")));

  static final ValueType DATE = orSpecial("Date", fields(DAY));
  static final ValueType DATE_TIME = orSpecial("DateTime", fields(DAY_AND_TIME));
  static final ValueType DATE_TIME_TZ = orSpecial("DateTimeTZ", withZone());

  private ClassicTypes() {}

  private static ValueType orSpecial(String name, List<RowShape.Field> fields) {
    return new ValueType.OneOf(
        List.of(new ValueType.Struct(name, NAMESPACE, fields), SPECIAL_TIME));
  }

  private static List<RowShape.Field> withZone() {
    List<RowShape.Field> fields = new ArrayList<>(fields(DAY_AND_TIME));
    fields.add(field("zoneOffset"));
    return fields;
  }

  private static List<RowShape.Field> fields(String... names) {
    List<RowShape.Field> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(field(name));
    }
    return fields;
  }

  private static RowShape.Field field(String name) {
    return field(name, ValueType.Simple.INT);
  }

  private static RowShape.Field field(String name, ValueType type) {
    return new RowShape.Field(name, type, true, "");
  }
}
