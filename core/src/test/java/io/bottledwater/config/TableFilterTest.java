package io.bottledwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFilterTest {
  @Test
  void exportsWhatIsIncludedAndNotExcluded() throws OptionValueException {
    TableFilter filter =
        new TableFilter(
            TableFilter.parsePatterns("public.*, shop.order?"),
            TableFilter.parsePatterns("public.secret*,*.orderx"));

    assertThat(filter.matches("public", "users")).isTrue();
    assertThat(filter.matches("public", "secrets")).isFalse();
    assertThat(filter.matches("shop", "orders")).isTrue();
    assertThat(filter.matches("shop", "order")).isFalse();
    assertThat(filter.matches("shop", "orderx")).isFalse();
    assertThat(filter.matches("other", "users")).isFalse();
  }

  @Test
  void exportsEverythingWithoutPatterns() {
    assertThat(TableFilter.all().matches("any", "thing")).isTrue();
    assertThat(TableFilter.all().isAll()).isTrue();
  }

  @Test
  void tellsDotsInsideNamesFromTheOneBetween() throws OptionValueException {
    List<TablePattern> first = TableFilter.parsePatterns("a.\"b.c\"");
    List<TablePattern> second = TableFilter.parsePatterns("\"a.b\".c");

    assertThat(first.get(0).matches("a", "b.c")).isTrue();
    assertThat(first.get(0).matches("a.b", "c")).isFalse();
    assertThat(second.get(0).matches("a.b", "c")).isTrue();
    assertThat(second.get(0).matches("a", "b.c")).isFalse();
  }

  @Test
  void takesQuotedNamesLiterally() throws OptionValueException {
    TablePattern pattern = TableFilter.parsePatterns("public.\"a*,\"\"b\"").get(0);

    assertThat(pattern.matches("public", "a*,\"b")).isTrue();
    assertThat(pattern.matches("public", "ax,\"b")).isFalse();
  }

  @Test
  void comparesNamesWithoutFoldingCase() throws OptionValueException {
    assertThat(TableFilter.parsePatterns("public.Users").get(0).matches("public", "users"))
        .isFalse();
  }

  @Test
  void agreesWithRegularExpressions() {
    Random random = new Random(4);
    for (int i = 0; i < 5000; i++) {
      String pattern = random(random, "ab*?");
      String text = random(random, "ab");
      String regex = pattern.replace("?", ".").replace("*", ".*");

      assertThat(new Glob(pattern, false).matches(text))
          .as("%s against %s", pattern, text)
          .isEqualTo(Pattern.matches(regex, text));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "orders; 'orders' names no schema",
        "a.b.c; 'a.b.c' has more than one dot",
        "a.; a name is empty in 'a.'",
        "a.b,; a name is empty in 'a.b,'",
        "a.\"b; a double quote is not closed in 'a.\"b'",
        "a.b\"c\"; a quote stands inside a name in 'a.b\"c\"'"
      })
  void refusesPatternsThatAreNone(String text, String why) {
    OptionValueException refused =
        catchThrowableOfType(OptionValueException.class, () -> TableFilter.parsePatterns(text));

    assertThat(refused.why()).isEqualTo(why);
  }

  private static String random(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
