package io.bottledwater.pump;

import io.bottledwater.postgres.Lsn;
import io.bottledwater.sink.StateEntry;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables some of whose changes do not reach the sink, although the sink holds their rows: the
 * filter leaves them out, or a publication does not hold them. Such a table is read again when it
 * comes back, whatever was read of it before. What the rows cannot tell, such as a delete, is a gap
 * that the state names.
 */
final class TableGaps {
  private static final Logger log = LoggerFactory.getLogger(TableGaps.class);

  private TableGaps() {}

  /**
   * Entries to commit at the latest with the position after the first change that is missing.
   *
   * @param cause why, as the end of a sentence
   * @param fromLsn what commits before this has been written
   */
  static List<StateEntry> open(TableLedger ledger, long oid, String cause, long fromLsn) {
    List<StateEntry> entries = new ArrayList<>(ledger.request(oid));
    String now = Instant.now().toString();
    Map<String, String> gap = new HashMap<>();
    gap.put("table", ledger.name(oid));
    gap.put("cause", cause);
    gap.put("from", Lsn.format(fromLsn));
    gap.put("noticed_at", now);
    entries.add(new StateEntry("gap/table/" + oid + "/" + now, gap));
    log.warn(
        "Changes of table {} are left out after {}: {}. When it is exported again it is read again;"
            + " rows that are deleted until then stay in its topic.",
        ledger.name(oid),
        Lsn.format(fromLsn),
        cause);
    return entries;
  }

  /**
   * Entries for the tables that publications hold otherwise than when that was last recorded. Tells
   * the ledger how they hold them now.
   *
   * @param publications that the stream is made of
   * @param wanted the tables that pass the filters; of others the gate notices what is left out
   * @param reachedLsn what commits before this has been written
   */
  static List<StateEntry> compare(
      Catalog catalog,
      List<String> publications,
      List<TableInfo> wanted,
      TableLedger ledger,
      long reachedLsn)
      throws SQLException {
    ledger.members(catalog.publications().memberships(publications));
    List<StateEntry> entries = new ArrayList<>();
    for (TableInfo table : wanted) {
      long oid = table.relation().oid();
      if (!ledger.knows(oid)) {
        continue;
      }
      if (!ledger.isRequested(oid) && ledger.wasUnpublished(oid)) {
        entries.addAll(
            open(
                ledger,
                oid,
                "it was not in publication " + String.join(", ", publications),
                reachedLsn));
      } else {
        StateEntry member = ledger.memberEntry(oid);
        if (member != null) {
          entries.add(member);
        }
      }
    }
    return entries;
  }
}
