package io.bottledwater.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.TableInfo;
import io.bottledwater.testkit.TestDatabase;
import io.bottledwater.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks are bounded, however large their table is or becomes. */
class ChunkPlannerTest {
  @ParameterizedTest
  @ValueSource(ints = {10, 17})
  void cutsATableSoThatEachChunkIsReadByItself(int version) throws Exception {
    try (TestDatabase database = TestPostgres.version(version).newDatabase();
        Catalog catalog = new Catalog(database.open())) {
      database.execute(
          "CREATE TABLE public.t (id int PRIMARY KEY, v text)",
          "INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 30000) i",
          // Rows whose versions lie on several pages, and pages with holes.
          "UPDATE t SET v = repeat('y', 400) WHERE id % 7 = 0",
          "DELETE FROM t WHERE id % 11 = 0");
      TableInfo table = catalog.tables().userTables().get(0);
      ChunkPlanner planner = new ChunkPlanner(catalog, 1);
      ChunkPlanner.Pages pages = pagesOf(planner, table);

      List<Chunk> chunks = planner.cut(table.relation(), pages, pages.pages(), pages.chunkPages());

      assertThat(chunks).hasSizeGreaterThan(3);
      assertThat(chunks.get(chunks.size() - 1).toPage()).isEqualTo(pages.pages());
      for (Chunk chunk : chunks) {
        assertThat(plan(database, query(chunk, version)))
            .contains(version < 14 ? "Tid Scan" : "Tid Range Scan")
            .doesNotContain("Seq Scan");
      }
      assertThat(
              chunks.stream()
                  .map(chunk -> query(chunk, version))
                  .collect(
                      Collectors.joining(
                          " UNION ALL ",
                          "SELECT (SELECT count(*) FROM t) || ' ' || count(*) || ' '"
                              + " || count(DISTINCT id) FROM (",
                          ") r")))
          .satisfies(
              sql -> {
                String[] counts = String.valueOf(database.query(sql).get(0)).split(" ");
                assertThat(counts).containsOnly(counts[0]);
              });
    }
  }

  @Test
  void readsNothingOfATableThatWasEmptyWhenItWasPlanned() throws Exception {
    try (TestDatabase database = TestPostgres.version(10).newDatabase();
        Catalog catalog = new Catalog(database.open())) {
      database.execute("CREATE TABLE public.t (id int PRIMARY KEY, v text)");
      TableInfo table = catalog.tables().userTables().get(0);
      ChunkPlanner planner = new ChunkPlanner(catalog, 1);
      ChunkPlanner.Pages pages = pagesOf(planner, table);
      database.execute("INSERT INTO t VALUES (1, 'later')");

      List<Chunk> chunks = planner.cut(table.relation(), pages, pages.pages(), pages.chunkPages());

      assertThat(chunks).hasSize(1);
      assertThat(database.query(query(chunks.get(0), 10))).isEmpty();
      assertThat(database.query(query(chunks.get(0), 17))).isEmpty();
    }
  }

  private static String query(Chunk chunk, int version) {
    BitSet asTheyAre = new BitSet();
    asTheyAre.set(0, chunk.relation().columns().size());
    return CopyQuery.of(chunk, version, asTheyAre, new BitSet(), null, null)
        .replace("COPY (", "")
        .replace(") TO STDOUT (FORMAT binary)", "");
  }

  private static String plan(TestDatabase database, String query) {
    return String.join("\n", database.query("EXPLAIN " + query));
  }

  private static ChunkPlanner.Pages pagesOf(ChunkPlanner planner, TableInfo table)
      throws SQLException {
    List<ChunkPlanner.Pages> pages = planner.pagesOf(List.of(table)).get(table.relation().oid());
    assertThat(pages).hasSize(1);
    return pages.get(0);
  }
}
