package io.bottledwater.source.catalog;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Turns SQLSTATEs into error codes (PostgreSQL manual, "PostgreSQL Error Codes"). The server's own
 * text is not repeated, since it may quote values; its SQLSTATE is.
 */
public final class PostgresErrors {
  private PostgresErrors() {}

  /**
   * @param doing what was being done, for instance {@code "connecting to PostgreSQL at h:5432/db"}
   * @param address {@code host:port/database}
   */
  public static BottledWaterException translate(SQLException e, String doing, String address) {
    String state = firstState(e);
    String found = "Failed " + doing + " (SQLSTATE " + (state == null ? "none" : state) + ").";
    if ("08004".equals(state)
        && e instanceof PSQLException p
        && p.getServerErrorMessage() == null) {
      return new BottledWaterException(
          ErrorCode.AUTHENTICATION,
          "PostgreSQL at "
              + address
              + " and the driver did not agree on a login: most often because a password is asked for"
              + " and none was given.",
          e);
    }
    if (state == null || state.startsWith("08") || state.startsWith("57P")) {
      return new BottledWaterException(
          ErrorCode.POSTGRES_UNREACHABLE,
          "PostgreSQL at "
              + address
              + " cannot be reached or closed the connection, "
              + doing
              + ".",
          e);
    }
    if (isLackOfLocks(e)) {
      return new BottledWaterException(
          ErrorCode.LOCKS_EXHAUSTED, address + " has no room for more locks, " + doing + ".", e);
    }
    return switch (state) {
      case "28000", "28P01", "3D000" ->
          new BottledWaterException(
              ErrorCode.AUTHENTICATION,
              switch (state) {
                case "3D000" -> "The database of " + address + " does not exist.";
                case "28P01" -> "PostgreSQL at " + address + " rejected the password.";
                default -> "PostgreSQL at " + address + " does not let this user in.";
              },
              e);
      case "42501" -> new BottledWaterException(ErrorCode.PRIVILEGE, found, e);
      case "55006" ->
          new BottledWaterException(
              ErrorCode.SLOT_IN_USE, "The replication slot is active for another connection.", e);
      case "53400" ->
          new BottledWaterException(
              ErrorCode.NO_SLOTS_LEFT, "All replication slots of " + address + " are in use.", e);
      case "42704" ->
          new BottledWaterException(
              ErrorCode.PUBLICATION,
              "The slot or a publication does not exist (any more), " + doing + ".",
              "What changed since it was dropped cannot be read: start again under another --slot,"
                  + " with a new snapshot.",
              e);
      case "42P01", "42703", "3F000" ->
          new BottledWaterException(
              ErrorCode.TABLE_CHANGED,
              "A table was dropped or altered meanwhile (SQLSTATE " + state + "), " + doing + ".",
              e);
      case "55000" ->
          // A slot that was invalidated a moment ago, or one of a standby that is not promoted yet:
          // the next session looks at it and says which.
          new BottledWaterException(
              ErrorCode.POSTGRES_UNREACHABLE,
              "PostgreSQL at "
                  + address
                  + " is not in the state for it (SQLSTATE "
                  + state
                  + "), "
                  + doing
                  + ".",
              e);
      case "57014",
          "40P01",
          "25006",
          "25P04",
          "72000",
          "53300",
          "53000",
          "53100",
          "53200",
          "40001",
          "55P03" ->
          new BottledWaterException(
              ErrorCode.POSTGRES_UNREACHABLE,
              "PostgreSQL at "
                  + address
                  + " is short of a resource (SQLSTATE "
                  + state
                  + "), "
                  + doing
                  + ".",
              e);
      default -> new BottledWaterException(ErrorCode.BUG, found, e);
    };
  }

  /**
   * Whether the server has no connection, slot or memory left (SQLSTATE class 53): what is optional
   * can then be left out, or wait.
   */
  public static boolean isShortage(Throwable thrown) {
    String state = firstState(thrown);
    return state != null && state.startsWith("53");
  }

  /**
   * Whether the server's lock table is full: it says so with the SQLSTATE of any lack of memory,
   * and a hint that names the parameter.
   */
  public static boolean isLackOfLocks(SQLException e) {
    ServerErrorMessage message =
        e instanceof PSQLException server ? server.getServerErrorMessage() : null;
    String hint = message == null ? null : message.getHint();
    return hint != null && hint.contains("max_locks_per_transaction");
  }

  /**
   * Whether a type, perhaps inside an array or a row, has no function for its binary form. One by
   * itself is sent as text then, but not one inside another.
   */
  public static boolean isWithoutBinaryForm(Throwable thrown) {
    return "42883".equals(firstState(thrown));
  }

  private static @Nullable String firstState(Throwable thrown) {
    Throwable t = thrown;
    for (int depth = 0; t != null && depth < 10; depth++) {
      if (t instanceof SQLException s && s.getSQLState() != null) {
        return s.getSQLState();
      }
      t = t.getCause();
    }
    return null;
  }
}
