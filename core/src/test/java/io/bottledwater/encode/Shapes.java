package io.bottledwater.encode;

import io.bottledwater.value.RowShape;
import io.bottledwater.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/** Row shapes for tests. */
public final class Shapes {
  private final List<RowShape.Field> fields = new ArrayList<>();

  private Shapes() {}

  public static Shapes with(String name, ValueType type) {
    return new Shapes().and(name, type);
  }

  public static Shapes empty() {
    return new Shapes();
  }

  public Shapes and(String name, ValueType type) {
    fields.add(new RowShape.Field(name, type, false, "type of " + name));
    return this;
  }

  public RowShape value() {
    return new RowShape("shop.orders", false, "orders", List.of("db", "shop"), fields);
  }

  /** The same fields, required. */
  public RowShape key() {
    List<RowShape.Field> required =
        fields.stream().map(f -> new RowShape.Field(f.name(), f.type(), true, f.pgType())).toList();
    return new RowShape("shop.orders", true, "orders", List.of("db", "shop"), required);
  }
}
