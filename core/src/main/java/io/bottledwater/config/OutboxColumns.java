package io.bottledwater.config;

import io.bottledwater.error.OneLine;
import java.util.ArrayList;
import java.util.List;

/** Which columns of the outbox make which part of a record; names as PostgreSQL has them. */
public record OutboxColumns(
    String route, String key, String payload, String id, String type, List<String> headers) {
  private static final String ADVICE =
      "Write for instance route=topic,payload=body; the parts are route, key, payload, id, type and"
          + " header.";

  public OutboxColumns {
    headers = List.copyOf(headers);
  }

  static OutboxColumns parse(String text) throws OptionValueException {
    String route = "aggregatetype";
    String key = "aggregateid";
    String payload = "payload";
    String id = "id";
    String type = "type";
    List<String> headers = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      String column = equals < 0 ? "" : item.substring(equals + 1).strip();
      if (column.isEmpty()) {
        throw new OptionValueException(
            OneLine.quote(item) + " is not of the form part=column", ADVICE);
      }
      switch (item.substring(0, equals).strip()) {
        case "route" -> route = column;
        case "key" -> key = column;
        case "payload" -> payload = column;
        case "id" -> id = column;
        case "type" -> type = column;
        case "header" -> headers.add(column);
        default -> throw new OptionValueException(OneLine.quote(item) + " names no part", ADVICE);
      }
    }
    return new OutboxColumns(route, key, payload, id, type, headers);
  }
}
