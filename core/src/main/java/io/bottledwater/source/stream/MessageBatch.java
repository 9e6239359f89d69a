package io.bottledwater.source.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages of the output plugin in the order of the stream, and how far the server had got when the
 * last of them had been read. Built by the reader, then only read.
 */
public final class MessageBatch {
  // What an object, its array and the list entry cost beside the payload.
  private static final int OVERHEAD_BYTES = 96;

  private final List<ByteBuffer> messages = new ArrayList<>();
  private long[] lsns = new long[64];
  private long bytes;
  private long serverPosition;

  void add(ByteBuffer message, long lsn) {
    if (messages.size() == lsns.length) {
      lsns = Arrays.copyOf(lsns, lsns.length * 2);
    }
    lsns[messages.size()] = lsn;
    messages.add(message);
    bytes += message.remaining() + OVERHEAD_BYTES;
  }

  void serverPosition(long position) {
    serverPosition = position;
  }

  long bytes() {
    return bytes;
  }

  public int size() {
    return messages.size();
  }

  /** An array-backed buffer around one message. */
  public ByteBuffer message(int index) {
    return messages.get(index);
  }

  /** Where what a message says stands in the WAL. */
  public long lsn(int index) {
    return lsns[index];
  }

  /** The server has sent everything that commits before this LSN. */
  public long serverPosition() {
    return serverPosition;
  }
}
