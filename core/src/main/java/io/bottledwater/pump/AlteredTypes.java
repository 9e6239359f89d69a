package io.bottledwater.pump;

import io.bottledwater.change.Transaction;
import io.bottledwater.encode.TypeHistory;
import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.PgType;
import io.bottledwater.postgres.Relation;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.PostgresErrors;
import io.bottledwater.source.catalog.TypeState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the catalog again whenever a transaction comes that was committed after the last look:
 * up to there the catalog has not changed, so that one look is enough for a whole backlog. A
 * transaction that began before the youngest alteration of a composite type may have written values
 * of the older shape, of which the text does not say which it is: those are marked as uncertain.
 *
 * <p>One thread only.
 */
final class AlteredTypes implements TypeHistory {
  private final Catalog catalog;
  private final String address;
  private final Map<Long, Known> known = new HashMap<>();

  private static final class Known {
    final Relation described;
    Relation current;
    @Nullable Relation uncertain;
    @Nullable TypeState state;

    Known(Relation described) {
      this.described = described;
      this.current = described;
    }
  }

  AlteredTypes(Catalog catalog, String address) {
    this.catalog = catalog;
    this.address = address;
  }

  @Override
  public Relation asOf(Relation relation, Transaction transaction) {
    Known types = known.get(relation.oid());
    if (types == null || types.described != relation) {
      types = new Known(relation);
      known.put(relation.oid(), types);
    }
    TypeState state = types.state;
    if (state == null || Long.compareUnsigned(transaction.commitLsn(), state.upTo()) > 0) {
      state = look(types);
    }
    if (!state.alteredSince(transaction.xid())) {
      return types.current;
    }
    Relation uncertain = types.uncertain;
    if (uncertain == null) {
      uncertain = uncertain(types.current);
      types.uncertain = uncertain;
    }
    return uncertain;
  }

  private TypeState look(Known types) {
    try {
      TypeState before = types.state;
      TypeState state = catalog.columns().typeState(alterable(types.current));
      if (before == null || !before.fingerprint().equals(state.fingerprint())) {
        Relation read = catalog.columns().withTypesRead(types.described);
        types.current = read.equals(types.described) ? types.described : read;
        types.uncertain = null;
        // What was read may be newer than the state, and may refer to other types.
        state = catalog.columns().typeState(alterable(types.current));
      }
      types.state = state;
      return state;
    } catch (SQLException e) {
      throw PostgresErrors.translate(
          e, "reading the types of " + types.described.qualifiedName(), address);
    }
  }

  private static Set<Long> alterable(Relation relation) {
    Set<Long> oids = new TreeSet<>();
    for (Column column : relation.columns()) {
      collect(column.type(), oids);
    }
    return oids;
  }

  private static void collect(PgType type, Set<Long> oids) {
    if (type.form() instanceof PgType.Form.Composite composite) {
      oids.add(type.oid());
      composite.attributes().forEach(attribute -> collect(attribute.type(), oids));
    } else if (type.form() instanceof PgType.Form.Enumeration) {
      oids.add(type.oid());
    } else if (type.form() instanceof PgType.Form.Array array) {
      collect(array.element(), oids);
    } else if (type.form() instanceof PgType.Form.Domain domain) {
      collect(domain.base(), oids);
    }
  }

  private static Relation uncertain(Relation relation) {
    List<Column> columns = new ArrayList<>();
    for (Column c : relation.columns()) {
      columns.add(new Column(c.name(), uncertain(c.type()), c.typmod(), c.typeName()));
    }
    return relation.withColumns(columns);
  }

  private static PgType uncertain(PgType type) {
    if (type.form() instanceof PgType.Form.Composite composite) {
      return type.withForm(new PgType.Form.Composite(composite.attributes(), false));
    }
    if (type.form() instanceof PgType.Form.Array array) {
      return type.withForm(new PgType.Form.Array(uncertain(array.element()), array.delimiter()));
    }
    if (type.form() instanceof PgType.Form.Domain domain) {
      return type.withForm(new PgType.Form.Domain(uncertain(domain.base()), domain.typmod()));
    }
    return type;
  }
}
