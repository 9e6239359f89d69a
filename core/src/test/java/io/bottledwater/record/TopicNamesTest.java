package io.bottledwater.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicNamesTest {
  @ParameterizedTest
  @CsvSource({
    "'',public,users,users",
    "'',point-of-sale,transactions,point-of-sale.transactions",
    "bottledwater,point-of-sale,transactions,bottledwater.point-of-sale.transactions",
    "a.b,public,users,a.b.users",
    "'',public,a.b,a_2e_b",
    "'',my.schema,crêpes,my_2e_schema.cr_c3__aa_pes",
    "'',public,top_20_pages,top_20_pages",
    "'',public,.,_2e_",
    "'',public,Mixed Case,Mixed_20_Case",
    "'',Public,users,Public.users",
  })
  void namesTheTopicOfATable(String prefix, String schema, String table, String topic) {
    assertThat(new TopicNames(prefix).topicOf(schema, table)).isEqualTo(topic);
  }

  @ParameterizedTest
  @CsvSource({
    "CLASSIC,'',public,users,users",
    "CLASSIC,p,point-of-sale,2026,p.point_2d_of_2d_sale._32_026",
    "CLASSIC,'',my.schema,crêpes,my_2e_schema.cr_c3__aa_pes",
    "DEBEZIUM,shop,public,users,shop.public.users",
    "DEBEZIUM,'',public,users,public.users",
    "DEBEZIUM,shop,odd-one,we ird.tablé,shop.odd-one.we_ird.tabl_",
  })
  void namesTheTopicAsAnotherPumpDid(
      TopicNaming naming, String prefix, String schema, String table, String topic) {
    assertThat(new TopicNames(prefix, naming).topicOf(schema, table)).isEqualTo(topic);
  }

  @Test
  void givesATableTheSameTopicEachTime() {
    TopicNames names = new TopicNames(null);
    assertThat(names.topicOf("public", "a.b")).isEqualTo(names.topicOf("public", "a.b"));
  }

  @Test
  void refusesASecondTableForATopicAndNamesBoth() {
    TopicNames names = new TopicNames(null);
    names.topicOf("public", "a.b");
    assertThatThrownBy(() -> names.topicOf("public", "a_2e_b"))
        .isInstanceOfSatisfying(
            BottledWaterException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_NAME);
              assertThat(e)
                  .hasMessageContaining("\"public\".\"a_2e_b\"")
                  .hasMessageContaining("\"public\".\"a.b\"");
            });
    assertThat(names.topicOf("public", "a.b")).isEqualTo("a_2e_b");
  }

  @Test
  void refusesNamesThatDifferInDotsAndUnderscoresOnlyAsKafkaDoes() {
    TopicNames names = new TopicNames("p");
    names.topicOf("shop", "orders");
    assertThatThrownBy(() -> names.topicOf("public", "shop_orders"))
        .isInstanceOf(BottledWaterException.class)
        .hasMessageContaining("\"shop\".\"orders\"");
  }

  @Test
  void keepsTheControlTopicForThePump() {
    TopicNames names = new TopicNames("p");
    assertThat(names.controlTopic()).isEqualTo("p.bottledwater.control");
    assertThatThrownBy(() -> names.topicOf("bottledwater", "control"))
        .isInstanceOf(BottledWaterException.class)
        .hasMessageContaining("control topic");
    assertThat(names.topicOf("bottledwater", "ddl")).isEqualTo("p.bottledwater.ddl");
  }

  @Test
  void refusesNamesThatKafkaFindsTooLong() {
    TopicNames names = new TopicNames("p".repeat(200));
    assertThat(names.topicOf("public", "t".repeat(48))).hasSize(249);
    assertThatThrownBy(() -> names.topicOf("public", "t".repeat(49)))
        .isInstanceOf(BottledWaterException.class)
        .hasMessageContaining("t".repeat(49))
        .hasMessageContaining("249");
  }

  @Test
  void refusesAPrefixThatKafkaDoesNotAllow() {
    assertThatThrownBy(() -> new TopicNames("a b")).isInstanceOf(BottledWaterException.class);
  }
}
