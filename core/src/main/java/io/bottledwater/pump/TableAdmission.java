package io.bottledwater.pump;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import io.bottledwater.postgres.Identifiers;
import io.bottledwater.source.catalog.Catalog;
import io.bottledwater.source.catalog.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes tables that appear while the pump streams into its publications, or says why not. */
final class TableAdmission {
  private static final Logger log = LoggerFactory.getLogger(TableAdmission.class);

  private final PumpSettings settings;
  private final Publications publications;
  private final Catalog catalog;
  private final Set<Long> refused = new HashSet<>();
  private boolean heldUp;

  TableAdmission(PumpSettings settings, Publications publications, Catalog catalog) {
    this.settings = settings;
    this.publications = publications;
    this.catalog = catalog;
    refused.addAll(publications.leftOut());
  }

  /**
   * Those that are published now. One that cannot be taken in is named once and left alone: those
   * that are followed already must not suffer for it.
   */
  List<TableInfo> admit(List<TableInfo> candidates) throws SQLException {
    heldUp = false;
    List<TableInfo> joined = new ArrayList<>();
    Set<Long> published = publications.published(catalog);
    for (TableInfo table : candidates) {
      if (!table.relation().isKeyed() && !settings.allowUnkeyed()) {
        refuse(table, "it has no primary key; add one, or start with --allow-unkeyed");
      } else if (!table.readable()) {
        refuse(table, "this role may not read it; GRANT SELECT on it");
      } else if (published.contains(table.relation().oid()) || publish(table)) {
        joined.add(table);
      }
    }
    return Publications.asPublished(catalog, publications.names(), joined);
  }

  /** Whether somebody held one of the last tables, so that it is worth trying again. */
  boolean isHeldUp() {
    return heldUp;
  }

  /** Adds a table to the publication of its kind, if the pump may. */
  private boolean publish(TableInfo table) throws SQLException {
    String publication = publications.of(table);
    if (publication == null) {
      refuse(
          table,
          "it has no replica identity, and the slot is older than a publication of inserts would"
              + " be; run ALTER TABLE ... REPLICA IDENTITY FULL");
      return false;
    }
    if (!catalog.publications().owns(publication)) {
      refuse(
          table,
          "publication "
              + publication
              + " was not made by this pump; run ALTER PUBLICATION ... ADD TABLE");
      return false;
    }
    try {
      settings.columns().checkKey(table.relation());
      settings.rowFilters().checkCondition(catalog, table);
      catalog.execute(
          "ALTER PUBLICATION "
              + Identifiers.quote(publication)
              + " ADD TABLE "
              + Publications.tableAlone(table)
              + settings.rowFilters().clause(table.relation()));
      log.info(
          "Added new table {} to publication {}.", table.relation().qualifiedName(), publication);
      return true;
    } catch (BottledWaterException e) {
      if (e.code() != ErrorCode.ROW_FILTER && e.code() != ErrorCode.COLUMN_RULE) {
        throw e;
      }
      refuse(table, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      if (NewTables.LOCKED.equals(e.getSQLState())) {
        heldUp = true;
      } else {
        refuse(
            table,
            "it could not be added to publication "
                + publication
                + " (SQLSTATE "
                + e.getSQLState()
                + "); its owner can run ALTER PUBLICATION ... ADD TABLE");
      }
    }
    return false;
  }

  private void refuse(TableInfo table, String why) {
    if (refused.add(table.relation().oid())) {
      log.warn("New table {} is not exported: {}.", table.relation().qualifiedName(), why);
    }
  }
}
