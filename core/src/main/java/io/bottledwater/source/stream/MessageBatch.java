package io.bottledwater.source.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages of the output plugin in the order of the stream, and how far the server had got when the
 * last of them had been read. Built by the reader, then only read, then released.
 */
public final class MessageBatch {
  // What a message's place here costs beside the payload.
  private static final int OVERHEAD_BYTES = 24;
  private static final int FIRST_CAPACITY = 16;

  private final MessageMemory memory;
  private final List<MessageMemory.Chunk> chunks = new ArrayList<>();
  private boolean startsSession;
  private byte[][] buffers = new byte[FIRST_CAPACITY][];
  private int[] offsets = new int[FIRST_CAPACITY];
  private int[] lengths = new int[FIRST_CAPACITY];
  private long[] lsns = new long[FIRST_CAPACITY];
  private int size;
  private long bytes;
  private long serverPosition;

  MessageBatch(MessageMemory memory) {
    this.memory = memory;
  }

  /** Its first message is the first of a decoding session. */
  void startSession() {
    startsSession = true;
  }

  /**
   * Adds a copy, or a large message as it is.
   *
   * @param detached whether nobody will change the buffer any more
   */
  void add(byte[] buffer, int offset, int length, boolean detached, long lsn) {
    if (size == lengths.length) {
      buffers = Arrays.copyOf(buffers, size * 2);
      offsets = Arrays.copyOf(offsets, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
      lsns = Arrays.copyOf(lsns, size * 2);
    }
    MessageMemory.Chunk chunk = memory.chunkFor(length);
    if (chunk == null) {
      buffers[size] = detached ? buffer : Arrays.copyOfRange(buffer, offset, offset + length);
      offsets[size] = detached ? offset : 0;
    } else {
      if (chunks.isEmpty() || chunks.get(chunks.size() - 1) != chunk) {
        memory.retain(chunk);
        chunks.add(chunk);
      }
      buffers[size] = chunk.bytes();
      offsets[size] = chunk.put(buffer, offset, length);
    }
    lengths[size] = length;
    lsns[size] = lsn;
    size++;
    bytes += length + OVERHEAD_BYTES;
  }

  void serverPosition(long position) {
    serverPosition = position;
  }

  /** Nothing of it is needed any more; it will be filled again. */
  void release() {
    chunks.forEach(memory::release);
    chunks.clear();
    Arrays.fill(buffers, 0, size, null);
    size = 0;
    bytes = 0;
    startsSession = false;
    memory.giveBack(this);
  }

  long bytes() {
    return bytes;
  }

  public int size() {
    return size;
  }

  public byte[] buffer(int index) {
    return buffers[index];
  }

  /** Where in its buffer a message begins. */
  public int offset(int index) {
    return offsets[index];
  }

  public int length(int index) {
    return lengths[index];
  }

  /** Where what a message says stands in the WAL. */
  public long lsn(int index) {
    return lsns[index];
  }

  /** Whether relations are described anew from here on although they may not have changed. */
  public boolean startsSession() {
    return startsSession;
  }

  /** The server has sent everything that commits before this LSN. */
  public long serverPosition() {
    return serverPosition;
  }
}
