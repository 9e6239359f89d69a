package io.bottledwater.source.plugin.pgoutput;

import io.bottledwater.bytes.ByteReader;
import io.bottledwater.change.Tuple;
import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks into messages of the stream out of turn, for those who have to know what happens to a row
 * before or after the change at hand. Layouts: {@link PgoutputDecoder}. One thread only.
 */
public final class RowScanner {
  private final ByteReader in = new ByteReader();
  private final Tuple oldTuple = new Tuple();
  private final Tuple newTuple = new Tuple();
  private boolean hasOld;
  private boolean hasNew;

  /** The message's type: its first byte. */
  public static byte type(ByteBuffer message) {
    return message.get(message.position());
  }

  /** Commit LSN that a Begin announces. */
  public long beginCommitLsn(ByteBuffer begin) {
    open(begin);
    return in.readInt64();
  }

  /** Transaction id of a Begin, unsigned 32 bits. */
  public long beginXid(ByteBuffer begin) {
    open(begin);
    in.skip(16);
    return in.readInt32() & 0xFFFFFFFFL;
  }

  /**
   * OID of the relation that a Relation, Insert, Update or Delete is about; 0 for other messages.
   */
  public long relationOid(ByteBuffer message) {
    return switch (type(message)) {
      case 'R', 'I', 'U', 'D' -> {
        open(message);
        yield in.readInt32() & 0xFFFFFFFFL;
      }
      default -> 0;
    };
  }

  /** Names of the columns that a Relation message describes. */
  public List<String> columns(ByteBuffer relation) {
    try {
      open(relation);
      in.skip(4);
      in.readCString();
      in.readCString();
      in.readByte();
      int count = in.readUnsignedInt16();
      List<String> columns = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        in.readByte();
        columns.add(in.readCString());
        in.skip(8);
      }
      return columns;
    } catch (ByteReader.UnderflowException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads an Insert, Update or Delete.
   *
   * @param columns how many columns the relation has
   * @return false when its tuples have another number of columns
   */
  public boolean read(ByteBuffer change, int columns) {
    try {
      open(change);
      in.skip(4);
      hasOld = false;
      hasNew = false;
      while (in.remaining() > 0) {
        byte part = in.readByte();
        boolean isNew = part == 'N';
        if (!readTuple(isNew ? newTuple : oldTuple, columns)) {
          return false;
        }
        hasNew |= isNew;
        hasOld |= !isNew;
      }
      return true;
    } catch (ByteReader.UnderflowException e) {
      throw malformed(e);
    }
  }

  /** Whether the message that was read has an old tuple: the old key at least. */
  public boolean hasOld() {
    return hasOld;
  }

  public boolean hasNew() {
    return hasNew;
  }

  /** Lies in the message's buffer. */
  public Tuple oldTuple() {
    return oldTuple;
  }

  /** Lies in the message's buffer. */
  public Tuple newTuple() {
    return newTuple;
  }

  private boolean readTuple(Tuple tuple, int columns) {
    int count = in.readUnsignedInt16();
    if (count != columns) {
      return false;
    }
    tuple.begin(in.buffer(), count);
    for (int i = 0; i < count; i++) {
      byte kind = in.readByte();
      if (kind == 'u') {
        tuple.setUnchanged(i);
      } else if (kind != 'n') {
        int length = in.readInt32();
        tuple.set(i, kind == 'b' ? Tuple.BINARY : Tuple.TEXT, in.skip(length), length);
      }
    }
    return true;
  }

  private void open(ByteBuffer message) {
    in.wrap(
        message.array(), message.arrayOffset() + message.position() + 1, message.remaining() - 1);
  }

  private static BottledWaterException malformed(ByteReader.UnderflowException e) {
    return new BottledWaterException(
        ErrorCode.WIRE, "pgoutput: a message that was read ahead ends early.", e);
  }
}
