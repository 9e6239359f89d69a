package io.bottledwater.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PgSnapshotTest {
  @Test
  void seesWhatHadEndedAndNothingElse() {
    PgSnapshot snapshot = PgSnapshot.parse("100:110:103,107");

    assertThat(snapshot.sees(99)).isTrue();
    assertThat(snapshot.sees(102)).isTrue();
    assertThat(snapshot.sees(103)).isFalse();
    assertThat(snapshot.sees(107)).isFalse();
    assertThat(snapshot.sees(109)).isTrue();
    assertThat(snapshot.sees(110)).isFalse();
  }

  @Test
  void takesAnIdForTheNearestOneWhenIdsHaveGoneRound() {
    long epoch = 1L << 32;
    PgSnapshot snapshot = PgSnapshot.parse((epoch + 5) + ":" + (epoch + 10) + ":");

    assertThat(snapshot.isWrapped()).isTrue();
    assertThat(snapshot.sees(4)).isTrue();
    assertThat(snapshot.sees(0xFFFFFFF0L)).isTrue();
    assertThat(snapshot.sees(11)).isFalse();
  }

  @Test
  void takesASnapshotWhoseUpperEndLiesBelowItsLowerOne() {
    PgSnapshot snapshot = PgSnapshot.parse("34527:34525:34524");

    assertThat(snapshot).hasToString("34527:34527:");
    assertThat(snapshot.sees(34526)).isTrue();
    assertThat(snapshot.sees(34527)).isFalse();
  }

  @Test
  void takesInSubtransactionsThatWereRunning() {
    PgSnapshot all = PgSnapshot.parse("100:110:103").withSubtransactions("107,105,103", 1000, 10);

    assertThat(all).hasToString("100:110:103,105,107");
    assertThat(PgSnapshot.parse("100:100:").withSubtransactions("", 1000, 10))
        .hasToString("100:100:");
  }

  @Test
  void doesNotTrustALookAfterATransactionEnded() {
    assertThat(PgSnapshot.parse("100:110:103,106").withSubtransactions("107,103", 1000, 10))
        .isNull();
  }

  @Test
  void doesNotTrustALookThatLeftOutOldIds() {
    assertThat(PgSnapshot.parse("100:1101:100").withSubtransactions("100", 1000, 10)).isNull();
  }

  @Test
  void coversWhatSeesNoMore() {
    PgSnapshot slots = PgSnapshot.parse("100:110:103");

    assertThat(PgSnapshot.parse("103:120:103,115").covers(slots)).isTrue();
    assertThat(PgSnapshot.parse("103:110:103").covers(slots)).isTrue();
    assertThat(PgSnapshot.parse("103:108:103").covers(slots)).isFalse();
    assertThat(PgSnapshot.parse("105:120:105").covers(slots)).isFalse();
    assertThat(PgSnapshot.parse("103:103:").covers(PgSnapshot.parse("103:104:103"))).isTrue();
  }

  @Test
  void refusesOtherText() {
    assertThatThrownBy(() -> PgSnapshot.parse("1:2")).isInstanceOf(IllegalArgumentException.class);
  }
}
