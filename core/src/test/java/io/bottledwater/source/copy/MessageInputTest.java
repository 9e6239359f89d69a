package io.bottledwater.source.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What no real server would send, and what it sends in unlucky pieces. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageInputTest {
  private Socket server;
  private Socket client;
  private MessageInput input;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client = new Socket(listener.getInetAddress(), listener.getLocalPort());
      server = listener.accept();
    }
    input = new MessageInput(client);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    client.close();
  }

  @Test
  void aLengthThatCannotBeBreaksTheConnectionForGood() throws IOException {
    send(ByteBuffer.allocate(5).put((byte) 'd').putInt(3));

    assertThatThrownBy(() -> input.next(-1)).hasMessageContaining("length 3");
    assertThatThrownBy(() -> input.next(-1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> input.read(new byte[10], 0, 10)).isInstanceOf(IOException.class);
  }

  @Test
  void aLengthThatNoServerReachesIsRefusedBeforeItTakesMemory() throws IOException {
    send(ByteBuffer.allocate(5).put((byte) 'd').putInt(Integer.MAX_VALUE));

    assertThatThrownBy(() -> input.next(-1)).hasMessageContaining("length 2147483647");
  }

  @Test
  void anEndWithinAMessageIsAFailureAndOneBetweenTwoIsNot() throws IOException {
    send(message('d', 10));
    send(ByteBuffer.allocate(7).put((byte) 'd').putInt(100));
    server.shutdownOutput();

    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.DATA);
    assertThatThrownBy(() -> input.next(-1)).isInstanceOf(EOFException.class);

    close();
    connect();
    send(message('d', 10));
    server.shutdownOutput();
    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.DATA);
    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.END);
    assertThat(input.read(new byte[10], 0, 10)).isEqualTo(-1);
  }

  @Test
  void anEndWithinALargeMessageIsAFailure() throws IOException {
    send(ByteBuffer.allocate(7).put((byte) 'd').putInt(1_000_000));
    server.shutdownOutput();

    assertThatThrownBy(() -> input.next(-1)).isInstanceOf(EOFException.class);
  }

  @Test
  void aMessageMayComeByteByByteAndBeLookedForMeanwhile() throws IOException {
    for (int length : new int[] {0, 1, 9}) {
      byte[] bytes = message('d', length).array();
      for (int i = 0; i < bytes.length; i++) {
        assertThat(input.next(1)).isEqualTo(MessageInput.Next.NOTHING);
        server.getOutputStream().write(bytes, i, 1);
      }
      assertThat(input.next(-1)).isEqualTo(MessageInput.Next.DATA);
      assertThat(input.length()).isEqualTo(length);
    }
  }

  @Test
  void aLargeMessageMayComeInPiecesAndBeLookedForMeanwhile() throws IOException {
    byte[] bytes = message('d', 200_000).array();
    for (int i = 0; i < bytes.length; i += 50_000) {
      assertThat(input.next(1)).isEqualTo(MessageInput.Next.NOTHING);
      server.getOutputStream().write(bytes, i, Math.min(50_000, bytes.length - i));
    }
    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.DATA);
    assertThat(input.length()).isEqualTo(200_000);
    assertThat(input.isDetached()).isTrue();
    assertThat(input.body()[input.offset() + 199_999]).isEqualTo((byte) 199_999);
  }

  @Test
  void theDriverGetsItsMessageAndNothingOfWhatFollows() throws IOException {
    send(message('Z', 3));
    send(message('d', 2));
    byte[] taken = new byte[100];

    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.OTHER);
    assertThat(input.read(taken, 0, 6)).isEqualTo(6);
    // The rest of it is still the driver's.
    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.OTHER);
    assertThat(input.read(taken, 6, 94)).isEqualTo(2);
    assertThat(taken).startsWith('Z', 0, 0, 0, 7, 0, 1, 2);
    assertThat(input.next(-1)).isEqualTo(MessageInput.Next.DATA);
    assertThat(input.length()).isEqualTo(2);
  }

  @Test
  void theDriversTimeoutLosesNothing() throws IOException {
    byte[] taken = new byte[100];
    server.getOutputStream().write('N');
    client.setSoTimeout(1);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> input.read(taken, 0, 100))
          .isInstanceOf(SocketTimeoutException.class);
    }
    client.setSoTimeout(0);
    server.getOutputStream().write(new byte[] {0, 0, 0, 5, 42});

    int count = input.read(taken, 0, 100);
    while (count < 6) {
      count += input.read(taken, count, 100 - count);
    }
    assertThat(taken).startsWith('N', 0, 0, 0, 5, 42);
  }

  private static ByteBuffer message(char type, int length) {
    ByteBuffer message = ByteBuffer.allocate(5 + length);
    message.put((byte) type).putInt(4 + length);
    for (int i = 0; i < length; i++) {
      message.put((byte) i);
    }
    return message;
  }

  private void send(ByteBuffer message) throws IOException {
    server.getOutputStream().write(message.array());
  }
}
