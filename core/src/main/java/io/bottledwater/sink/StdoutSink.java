package io.bottledwater.sink;

import io.bottledwater.bytes.ByteSlice;
import io.bottledwater.record.EncodedRecord;
import io.bottledwater.record.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines: topic, operation, key, value, separated by tabs; a missing key or value
 * is empty. JSON is written as it is, binary formats in hexadecimal. Keeps no state beyond the
 * process.
 */
public final class StdoutSink implements Sink {
  private final OutputStream out;
  private final boolean text;
  private final Map<String, StateEntry> state = new ConcurrentHashMap<>();

  /**
   * @param text whether keys and values are text
   */
  public StdoutSink(OutputStream out, boolean text) {
    this.out = out;
    this.text = text;
  }

  @Override
  public Map<String, StateEntry> recover() {
    return Map.copyOf(state);
  }

  @Override
  public void ensureTopics(Collection<Topic> topics) {}

  @Override
  public SinkWriter streamWriter() {
    return new LineWriter();
  }

  @Override
  public SinkWriter snapshotWriter(int index) {
    return new LineWriter();
  }

  @Override
  public void close() {}

  private final class LineWriter implements SinkWriter {
    @Override
    public void accept(EncodedRecord record) {
      try {
        synchronized (out) {
          out.write(record.topic().name().getBytes(StandardCharsets.UTF_8));
          out.write('\t');
          out.write(record.operation().letter().getBytes(StandardCharsets.UTF_8));
          out.write('\t');
          write(record.key());
          out.write('\t');
          ByteSlice value = record.value();
          write(value == null ? null : value.toByteArray());
          out.write('\n');
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void write(byte @Nullable [] bytes) throws IOException {
      if (bytes == null) {
        return;
      }
      out.write(text ? bytes : HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void commit(List<StateEntry> entries) {
      try {
        synchronized (out) {
          out.flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      entries.forEach(entry -> state.put(entry.key(), entry));
    }

    @Override
    public void close() {}
  }
}
