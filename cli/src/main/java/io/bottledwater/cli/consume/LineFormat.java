package io.bottledwater.cli.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bottledwater.bytes.ByteWriter;
import io.bottledwater.value.JsonString;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What a line shows: {@code [headers SEPARATOR] [key SEPARATOR] value}.
 *
 * @param separator between the parts
 */
public record LineFormat(boolean headers, boolean key, String separator) {
  /** Appends a record's line, its end included. */
  public void print(ByteWriter out, ConsumerRecord<byte[], byte[]> record, DataPrinter printer) {
    byte[] between = separator.getBytes(UTF_8);
    if (headers) {
      printHeaders(out, record.headers(), printer);
      out.writeBytes(between);
    }
    if (key) {
      printer.print(out, record.key());
      out.writeBytes(between);
    }
    printer.print(out, record.value());
    out.writeByte('\n');
  }

  /** An object; a header that stands several times becomes an array. */
  private static void printHeaders(ByteWriter out, Headers headers, DataPrinter printer) {
    Set<String> names = new LinkedHashSet<>();
    headers.forEach(header -> names.add(header.key()));
    out.writeByte('{');
    boolean first = true;
    for (String name : names) {
      if (!first) {
        out.writeByte(',');
      }
      first = false;
      byte[] utf8 = name.getBytes(UTF_8);
      JsonString.write(out, utf8, 0, utf8.length);
      out.writeByte(':');
      printValues(out, headers.headers(name), printer);
    }
    out.writeByte('}');
  }

  private static void printValues(ByteWriter out, Iterable<Header> values, DataPrinter printer) {
    int count = 0;
    for (Header ignored : values) {
      count++;
    }
    if (count > 1) {
      out.writeByte('[');
    }
    boolean first = true;
    for (Header header : values) {
      if (!first) {
        out.writeByte(',');
      }
      first = false;
      printer.printHeader(out, header.value());
    }
    if (count > 1) {
      out.writeByte(']');
    }
  }
}
