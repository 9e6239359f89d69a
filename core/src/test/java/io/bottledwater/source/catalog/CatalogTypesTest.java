package io.bottledwater.source.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.postgres.Column;
import io.bottledwater.postgres.PgType;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Types whose parts may be altered are read anew, with all that they are built from. */
class CatalogTypesTest {
  @Test
  void readsWhatIsBuiltFromAlterableTypesEachTime() throws Exception {
    try (TestDatabase database = TestPostgres.version(17).newDatabase()) {
      database.execute(
          "CREATE TYPE pair AS (a int)",
          "CREATE DOMAIN pairs AS pair[]",
          "CREATE TYPE mood AS ENUM ('sad')",
          "CREATE DOMAIN feeling AS mood",
          "CREATE DOMAIN price AS numeric(10,2)");
      long[] oids =
          database
              .query(
                  "SELECT t::regtype::oid FROM unnest('{pair[],pairs,mood[],feeling,price}'::text[])"
                      + " WITH ORDINALITY AS x (t, i) ORDER BY i")
              .stream()
              .mapToLong(Long::parseLong)
              .toArray();
      try (Catalog catalog = new Catalog(database.open())) {
        List<PgType> first = types(catalog, oids);
        assertThat(types(catalog, oids)).isEqualTo(first);
        assertThat(element(first.get(0)).form()).isInstanceOf(PgType.Form.Composite.class);
        assertThat(first.get(1).withoutDomains()).isEqualTo(first.get(0));
        assertThat(element(first.get(2)).form())
            .isEqualTo(new PgType.Form.Enumeration(List.of("sad")));
        assertThat(first.get(3).form())
            .isEqualTo(new PgType.Form.Domain(element(first.get(2)), -1));
        assertThat(first.get(4).withoutDomains().name()).isEqualTo("numeric");

        database.execute(
            "ALTER TYPE pair ADD ATTRIBUTE b text", "ALTER TYPE mood ADD VALUE 'glad'");
        List<PgType> later = types(catalog, oids);
        assertThat(
                ((PgType.Form.Composite) element(later.get(1).withoutDomains()).form())
                    .attributes())
            .extracting(PgType.Attribute::name)
            .containsExactly("a", "b");
        assertThat(later.get(3).withoutDomains().form())
            .isEqualTo(new PgType.Form.Enumeration(List.of("sad", "glad")));
      }
    }
  }

  private static List<PgType> types(Catalog catalog, long[] oids) throws Exception {
    String[] names = new String[oids.length];
    Arrays.fill(names, "c");
    int[] typmods = new int[oids.length];
    Arrays.fill(typmods, -1);
    return catalog.columns().columns(names, oids, typmods).stream().map(Column::type).toList();
  }

  private static PgType element(PgType array) {
    return ((PgType.Form.Array) array.form()).element();
  }
}
