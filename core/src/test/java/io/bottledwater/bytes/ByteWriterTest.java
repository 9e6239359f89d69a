package io.bottledwater.bytes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import org.junit.jupiter.api.Test;

class ByteWriterTest {
  private final ByteWriter writer = new ByteWriter(1);

  @Test
  void growsWithWhatIsWritten() {
    writer.writeInt32(0x01020304);
    writer.writeInt32LittleEndian(0x01020304);
    writer.writeInt64LittleEndian(0x0102030405060708L);
    writer.writeByte(0x1FF);
    assertThat(writer.toByteArray())
        .containsExactly(1, 2, 3, 4, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, -1);
  }

  @Test
  void writesDigitsWithPaddingAndPoint() {
    writer.writeDigits(Long.MIN_VALUE);
    writer.writeByte(' ');
    writer.writePadded(7, 3);
    writer.writeByte(' ');
    writer.writeRepeated('x', 3);
    int start = writer.position();
    writer.writeDigits(42);
    writer.insertPoint(start, 4);
    assertThat(new String(writer.toByteArray(), US_ASCII))
        .isEqualTo("-9223372036854775808 007 xxx0.0042");
  }

  @Test
  void forgetsTheLastRowAndTheMemoryOfAHugeOne() {
    writer.writeBytes(new byte[3 << 20]);
    writer.reset();
    assertThat(writer.position()).isZero();
    assertThat(writer.array()).hasSize(1);
  }

  @Test
  void refusesMoreThanAnArrayHolds() {
    writer.writeByte(0);
    assertThatThrownBy(() -> writer.skip(Integer.MAX_VALUE))
        .isInstanceOf(BufferOverflowException.class);
  }

  @Test
  void readsAndWritesHexadecimalWords() {
    byte[] text = new byte[9];
    for (int value : new int[] {0, 1, 0x9ABCDEF0, -1, 0x12345678, 0xF0A09090}) {
      HexWord.write(text, 1, value);
      assertThat(new String(text, 1, 8, US_ASCII)).isEqualTo(String.format("%08x", value));
      assertThat(HexWord.read(text, 1)).isEqualTo(value & 0xFFFF_FFFFL);
      HexWord.writeAroundDash(text, 0, value);
      assertThat(HexWord.readAroundDash(text, 0)).isEqualTo(value & 0xFFFF_FFFFL);
    }
  }

  @Test
  void refusesEveryByteThatIsNoHexadecimalDigit() {
    for (int b = 0; b < 256; b++) {
      boolean digit = "0123456789abcdef".indexOf(b) >= 0;
      for (int at = 0; at < 8; at++) {
        byte[] text = "01abcdef".getBytes(US_ASCII);
        text[at] = (byte) b;
        assertThat(HexWord.read(text, 0) >= 0).as("byte %d at %d", b, at).isEqualTo(digit);
      }
    }
  }
}
