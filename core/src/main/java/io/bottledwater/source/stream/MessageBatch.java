package io.bottledwater.source.stream;

import java.util.Arrays;

/**
 * Messages of the output plugin in the order of the stream, and how far the server had got when the
 * last of them had been read. Built by the reader, then only read.
 */
public final class MessageBatch {
  // What an array and its place here cost beside the payload.
  private static final int OVERHEAD_BYTES = 40;

  private final boolean startsSession;
  private byte[][] buffers;
  private int[] offsets;
  private int[] lengths;
  private long[] lsns;
  private int size;
  private long bytes;
  private long serverPosition;

  /**
   * @param startsSession whether its first message is the first of a decoding session, in which the
   *     server describes every relation anew
   * @param expected how many messages there will probably be
   */
  MessageBatch(boolean startsSession, int expected) {
    this.startsSession = startsSession;
    int capacity = Math.max(1, expected);
    this.buffers = new byte[capacity][];
    this.offsets = new int[capacity];
    this.lengths = new int[capacity];
    this.lsns = new long[capacity];
  }

  void add(byte[] buffer, int offset, int length, long lsn) {
    if (size == buffers.length) {
      buffers = Arrays.copyOf(buffers, size * 2);
      offsets = Arrays.copyOf(offsets, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
      lsns = Arrays.copyOf(lsns, size * 2);
    }
    buffers[size] = buffer;
    offsets[size] = offset;
    lengths[size] = length;
    lsns[size] = lsn;
    size++;
    bytes += length + OVERHEAD_BYTES;
  }

  void serverPosition(long position) {
    serverPosition = position;
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
