package io.bottledwater.encode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** Rows of a query through COPY: a list of fields each, null for SQL's null. */
final class CopyRows {
  private static final int SIGNATURE_LENGTH = 11;

  private CopyRows() {}

  static List<byte[][]> text(Connection connection, String query, int columns)
      throws SQLException, IOException {
    byte[] data = copy(connection, "COPY (" + query + ") TO STDOUT");
    List<byte[][]> rows = new ArrayList<>();
    byte[][] row = new byte[columns][];
    int column = 0;
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    boolean isNull = false;
    for (int i = 0; i < data.length; i++) {
      byte b = data[i];
      if (b == '\t' || b == '\n') {
        row[column++] = isNull ? null : field.toByteArray();
        field.reset();
        isNull = false;
        if (b == '\n') {
          rows.add(row);
          row = new byte[columns][];
          column = 0;
        }
      } else if (b == '\\') {
        byte escaped = data[++i];
        switch (escaped) {
          case 'N' -> isNull = true;
          case 'b' -> field.write('\b');
          case 'f' -> field.write('\f');
          case 'n' -> field.write('\n');
          case 'r' -> field.write('\r');
          case 't' -> field.write('\t');
          case 'v' -> field.write(0x0B);
          default -> field.write(escaped);
        }
      } else {
        field.write(b);
      }
    }
    return rows;
  }

  static List<byte[][]> binary(Connection connection, String query)
      throws SQLException, IOException {
    ByteBuffer data =
        ByteBuffer.wrap(copy(connection, "COPY (" + query + ") TO STDOUT (FORMAT binary)"));
    data.position(SIGNATURE_LENGTH + 4);
    data.position(data.getInt() + data.position());
    List<byte[][]> rows = new ArrayList<>();
    for (int columns = data.getShort(); columns >= 0; columns = data.getShort()) {
      byte[][] row = new byte[columns][];
      for (int i = 0; i < columns; i++) {
        int length = data.getInt();
        if (length >= 0) {
          row[i] = new byte[length];
          data.get(row[i]);
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static byte[] copy(Connection connection, String sql) throws SQLException, IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, data);
    return data.toByteArray();
  }
}
