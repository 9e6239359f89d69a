package io.bottledwater.source.copy;

import io.bottledwater.bytes.BigEndian;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * The messages of a PostgreSQL server (manual, "Message Formats"): a type, a length that counts
 * itself, a body. Bytes of CopyData can be looked at where they lie; all else is for the driver,
 * which reads this stream and never gets more than the rest of one message, so that it holds no
 * CopyData back in a buffer of its own.
 *
 * <p>One thread at a time.
 */
final class MessageInput extends InputStream {
  /** What comes next. */
  enum Next {
    /** A whole message of CopyData, to be looked at. */
    DATA,
    /** Something for the driver. */
    OTHER,
    /** Nothing whole yet. */
    NOTHING,
    /** The server has closed the connection. */
    END
  }

  private static final byte COPY_DATA = 'd';
  private static final int HEADER_BYTES = 5;
  private static final int LENGTH_BYTES = 4;
  private static final int CAPACITY = 64 * 1024;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Of a message without its type; the server cannot put together more than 1 GB. */
  private static final int LONGEST = 1 << 30;

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[CAPACITY];
  private int start;
  private int end;

  // Of the message that the driver is reading, what it has not got yet.
  private long owedBytes;

  // A body too large for the buffer, while it comes.
  private byte[] large = new byte[0];
  private int largeBytes;
  private boolean inLarge;

  private byte[] body = buffer;
  private int bodyOffset;
  private int bodyLength;
  private boolean broken;

  /** Begins between two messages. */
  MessageInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /**
   * Looks for a message of CopyData. The one that was found before is gone.
   *
   * @param waitMillis how long, at most; 0 does not wait, a negative number waits as long as it
   *     takes
   */
  Next next(int waitMillis) throws IOException {
    if (owedBytes > 0) {
      return Next.OTHER;
    }
    if (!inLarge && take()) {
      return Next.DATA;
    }
    // What TLS has not unpacked yet is not counted as available: even not to wait takes a moment.
    long deadlineNanos = System.nanoTime() + Math.max(1, waitMillis) * NANOS_PER_MILLI;
    while (!inLarge) {
      int buffered = end - start;
      if (buffered > 0 && buffer[start] != COPY_DATA) {
        return Next.OTHER;
      }
      if (take()) {
        return Next.DATA;
      }
      if (buffered >= HEADER_BYTES && HEADER_BYTES + bodyLength() > CAPACITY) {
        beginLarge(bodyLength());
        break;
      }
      makeRoom();
      int count = read(buffer, end, CAPACITY - end, waitMillis, deadlineNanos);
      if (count < 0) {
        return buffered == 0 ? Next.END : failed(new EOFException());
      }
      if (count == 0) {
        return Next.NOTHING;
      }
      end += count;
    }
    while (largeBytes < large.length) {
      int count = read(large, largeBytes, large.length - largeBytes, waitMillis, deadlineNanos);
      if (count < 0) {
        return failed(new EOFException());
      }
      if (count == 0) {
        return Next.NOTHING;
      }
      largeBytes += count;
    }
    inLarge = false;
    body = large;
    bodyOffset = 0;
    bodyLength = large.length;
    large = new byte[0];
    return Next.DATA;
  }

  /** Takes the whole message of CopyData that the buffer begins with, if it does. */
  private boolean take() throws IOException {
    int buffered = end - start;
    if (buffered < HEADER_BYTES || buffer[start] != COPY_DATA) {
      return false;
    }
    int length = bodyLength();
    if (buffered - HEADER_BYTES < length) {
      return false;
    }
    body = buffer;
    bodyOffset = start + HEADER_BYTES;
    bodyLength = length;
    start = bodyOffset + length;
    return true;
  }

  /** Where the body of the message that was found lies, until the next is looked for. */
  byte[] body() {
    return body;
  }

  int offset() {
    return bodyOffset;
  }

  int length() {
    return bodyLength;
  }

  /** Whether the array of the body is nobody else's. */
  boolean isDetached() {
    return body != buffer;
  }

  private int bodyLength() throws IOException {
    int length = BigEndian.int32(buffer, start + 1);
    if (length < LENGTH_BYTES || length > LONGEST) {
      failed(new IOException("a message of the server has the length " + length));
    }
    return length - LENGTH_BYTES;
  }

  private void beginLarge(int length) {
    // The one before is not to stay beside it.
    body = buffer;
    large = new byte[length];
    largeBytes = end - start - HEADER_BYTES;
    System.arraycopy(buffer, start + HEADER_BYTES, large, 0, largeBytes);
    start = 0;
    end = 0;
    inLarge = true;
  }

  private void makeRoom() {
    if (start == end) {
      start = 0;
      end = 0;
    } else if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
  }

  /**
   * @return 0 when nothing came in time
   */
  private int read(byte[] to, int offset, int length, int waitMillis, long deadlineNanos)
      throws IOException {
    checkWhole();
    if (waitMillis < 0) {
      return in.read(to, offset, length);
    }
    if (waitMillis == 0 && in.available() == 0 && !isTls()) {
      return 0;
    }
    long leftNanos = deadlineNanos - System.nanoTime();
    if (leftNanos <= 0) {
      return 0;
    }
    int before = socket.getSoTimeout();
    socket.setSoTimeout((int) ((leftNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
    int count;
    try {
      count = in.read(to, offset, length);
    } catch (SocketTimeoutException e) {
      count = 0;
    }
    // Not after any other failure: on a socket that it has closed, this would hide it.
    socket.setSoTimeout(before);
    return count;
  }

  private boolean isTls() {
    return socket instanceof javax.net.ssl.SSLSocket;
  }

  // Whoever goes on reading would take the middle of a message for the beginning of one.
  private Next failed(IOException e) throws IOException {
    broken = true;
    throw e;
  }

  private void checkWhole() throws IOException {
    if (broken) {
      throw new IOException("the messages of the server are not whole");
    }
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    checkWhole();
    if (owedBytes == 0 && !beginMessage()) {
      return -1;
    }
    int wanted = (int) Math.min(length, owedBytes);
    int count;
    if (end > start) {
      count = Math.min(wanted, end - start);
      System.arraycopy(buffer, start, to, offset, count);
      start += count;
    } else {
      count = in.read(to, offset, wanted);
      if (count < 0) {
        return -1;
      }
    }
    owedBytes -= count;
    return count;
  }

  // A message that has been begun here for its length is still the driver's, CopyData or not.
  private boolean beginMessage() throws IOException {
    if (inLarge) {
      throw new IOException("a large message is being read");
    }
    while (end - start < HEADER_BYTES) {
      makeRoom();
      int count = in.read(buffer, end, CAPACITY - end);
      if (count < 0) {
        owedBytes = end - start;
        return owedBytes > 0;
      }
      end += count;
    }
    owedBytes = HEADER_BYTES + (long) bodyLength();
    return true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int available() throws IOException {
    return end > start ? end - start : in.available();
  }
}
