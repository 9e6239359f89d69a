package io.bottledwater.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {
  @Test
  void escapesLineBreaksAndTerminalControl() {
    assertThat(OneLine.escape("a\nb\r\u001b[31mred\tx\u0000"))
        .isEqualTo("a\\nb\\r\\u001b[31mred\\tx\\u0000");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7f, 0x85, 0x9b, 0x200f, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff})
  void escapesWhatBreaksOrReordersLinesBeyondAscii(int character) {
    assertThat(OneLine.escape("a" + (char) character))
        .isEqualTo("a" + String.format("\\u%04x", character));
  }

  @Test
  void leavesPrintableTextOfEveryScriptAlone() {
    assertThat(OneLine.escape("crêpes 表 🥞 'x'")).isEqualTo("crêpes 表 🥞 'x'");
  }

  @Test
  void cutsLongValuesWhenQuoting() {
    assertThat(OneLine.quote("x".repeat(1000))).hasSize(85).endsWith("...'");
  }
}
